package metainfo_test

import (
	"slices"
	"strings"
	"testing"

	"peerwire/core/bencode"
	"peerwire/core/metainfo"
)

const huge = int64(1<<63 - 1)

// longList is a list of files that all have the given entry.
func longList(n int, entry string) string {
	return "d4:infod5:filesl" + strings.Repeat(entry, n) + "e4:name1:n12:piece length" + "i16384e6:pieces20:" + hashes(1) + "ee"
}

// faulty lists damaged and hostile torrents with the field and the fault for which they are refused.
var faulty = []struct {
	name  string
	data  []byte
	field string
	fault metainfo.Fault
}{
	// Not a torrent file at all.
	{"no bytes", nil, "", metainfo.NotBencode},
	{"HTML", []byte("<!DOCTYPE html>"), "", metainfo.NotBencode},
	{"cut off", torrent(single(nil))[:100], "", metainfo.NotBencode},
	{"escape codes", []byte("\x1b[2J\x1b]0;title\a"), "", metainfo.NotBencode},
	{"10 MB of lists", []byte(strings.Repeat("l", 10_000_000)), "", metainfo.NotBencode},
	{"10 MB of dictionaries", []byte(strings.Repeat("d1:a", 2_500_000)), "", metainfo.NotBencode},
	{"a string longer than all", []byte("d4:info100000000:x"), "", metainfo.NotBencode},
	{"3 million tokens", []byte("d1:xl" + strings.Repeat("0:", 3_000_000) + "ee"), "", metainfo.NotBencode},
	{"-2^63-1", []byte("d4:infod6:lengthi-9223372036854775809eee"), "", metainfo.NotBencode},
	{"too large", make([]byte, metainfo.MaxSize+1), "", metainfo.TooLarge},
	{"a list", []byte("le"), "", metainfo.WrongType},
	{"a string", []byte("4:info"), "", metainfo.WrongType},
	{"something behind", append(torrent(single(nil)), "\n<!-- -->"...), "", metainfo.Trailing},
	{"two torrents", append(torrent(single(nil)), torrent(single(nil))...), "", metainfo.Trailing},
	{"two infos", []byte("d4:infode4:infodee"), "", metainfo.DuplicateKey},
	{"two names", []byte("d4:infod4:name1:a4:name1:bee"), "", metainfo.DuplicateKey},
	{"two names, apart", []byte("d4:infod4:name1:a1:x1:y4:name1:bee"), "", metainfo.DuplicateKey},

	// Info.
	{"no info", encoded(dict{"announce": "http://t/"}), "info", metainfo.Missing},
	{"info is a list", encoded(dict{"info": list{}}), "info", metainfo.WrongType},
	{"info is empty", torrent(dict{}), "info.piece length", metainfo.Missing},

	// Piece length (A9).
	{"piece length: missing", torrent(single(dict{"piece length": nil})), "info.piece length", metainfo.Missing},
	{"piece length: text", torrent(single(dict{"piece length": "16384"})), "info.piece length", metainfo.WrongType},
	{"piece length: zero", torrent(single(dict{"piece length": 0})), "info.piece length", metainfo.OutOfRange},
	{"piece length: negative", torrent(single(dict{"piece length": -16384})), "info.piece length", metainfo.OutOfRange},
	{"piece length: beyond the limit", torrent(single(dict{"piece length": 1<<29 + 1})), "info.piece length", metainfo.OutOfRange},
	{"piece length: 2^32+16K", torrent(single(dict{"piece length": int64(1<<32 + 16384)})), "info.piece length", metainfo.OutOfRange},
	{"piece length: -2^63", torrent(single(dict{"piece length": int64(-1 << 63)})), "info.piece length", metainfo.OutOfRange},
	{"piece length: 2^63-1", torrent(single(dict{"piece length": huge})), "info.piece length", metainfo.OutOfRange},

	// Piece hashes (A10).
	{"pieces: missing", torrent(single(dict{"pieces": nil})), "info.pieces", metainfo.Missing},
	{"pieces: a number", torrent(single(dict{"pieces": 60})), "info.pieces", metainfo.WrongType},
	{"pieces: a list", torrent(single(dict{"pieces": list{}})), "info.pieces", metainfo.WrongType},
	{"pieces: empty", torrent(single(dict{"pieces": ""})), "info.pieces", metainfo.PieceHashes},
	{"pieces: a byte short", torrent(single(dict{"pieces": hashes(3)[1:]})), "info.pieces", metainfo.PieceHashes},
	{"pieces: a byte long", torrent(single(dict{"pieces": hashes(3) + "x"})), "info.pieces", metainfo.PieceHashes},
	{"pieces: one short", torrent(single(dict{"pieces": hashes(2)})), "info.pieces", metainfo.PieceHashes},
	{"pieces: one long", torrent(single(dict{"pieces": hashes(4)})), "info.pieces", metainfo.PieceHashes},
	{"pieces: 2^21+1", torrent(single(dict{"piece length": 1, "length": 1<<21 + 1})), "info.pieces", metainfo.TooMany},
	{"pieces: 2^50", torrent(single(dict{"piece length": 1, "length": int64(1 << 50)})), "info.pieces", metainfo.TooMany},

	// Lengths (A8).
	{"length: missing", torrent(single(dict{"length": nil})), "info.length", metainfo.Missing},
	{"length: text", torrent(single(dict{"length": "40000"})), "info.length", metainfo.WrongType},
	{"length: negative", torrent(single(dict{"length": -1})), "info.length", metainfo.OutOfRange},
	{"length: -2^63", torrent(single(dict{"length": int64(-1 << 63)})), "info.length", metainfo.OutOfRange},
	{"length: 2^63-1", torrent(single(dict{"length": huge})), "info.length", metainfo.OutOfRange},
	{"length: zero", torrent(single(dict{"length": 0, "pieces": ""})), "info", metainfo.Empty},
	{"length and files", torrent(single(dict{"files": list{}})), "info", metainfo.BothForms},
	{"files: a dictionary", torrent(single(dict{"length": nil, "files": dict{}})), "info.files", metainfo.WrongType},
	{"files: none", torrent(multi()), "info.files", metainfo.Empty},
	{"files: no bytes at all", torrent(multi(file(0, "a"), file(0, "b"))), "info", metainfo.Empty},
	{"file: a string", torrent(multi(file(1, "a"), "b")), "info.files[1]", metainfo.WrongType},
	{"file: no length", torrent(multi(file(1, "a"), dict{"path": list{"b"}})), "info.files[1].length", metainfo.Missing},
	{"file: length is text", torrent(multi(changed(file(1, "a"), dict{"length": "1"}))), "info.files[0].length", metainfo.WrongType},
	{"file: negative", torrent(multi(file(5, "a"), file(-1, "b"))), "info.files[1].length", metainfo.OutOfRange},
	{"file: 2^63-1 twice", torrent(lengths(huge, huge)), "info.files[0].length", metainfo.OutOfRange},
	{"file: the sum wraps", torrent(lengths(5, huge-2)), "info.files[1].length", metainfo.OutOfRange},
	{"file: the sum is beyond the limit", torrent(lengths(1<<50, 1)), "info.files[1].length", metainfo.OutOfRange},
	{"file: padding beyond the limit", []byte(longList(1, "d4:attr1:p6:lengthi9223372036854775807ee")), "info.files[0].length", metainfo.OutOfRange},

	// Names and paths (A1, A2, A6, A7); hostile has all names.
	{"name: missing", torrent(single(dict{"name": nil})), "info.name", metainfo.Missing},
	{"name: a number", torrent(single(dict{"name": 1})), "info.name", metainfo.WrongType},
	{"name: empty", torrent(single(dict{"name": ""})), "info.name", metainfo.Empty},
	{"name: out", torrent(single(dict{"name": "../x"})), "info.name", metainfo.LeadsOut},
	{"name: out, in UTF-8 only", torrent(single(dict{"name.utf-8": ".."})), "info.name", metainfo.LeadsOut},
	{"name: out, of a folder", torrent(changed(multi(file(1, "a")), dict{"name": ".."})), "info.name", metainfo.LeadsOut},
	{"name: escape codes", torrent(single(dict{"name": "..\n/../\x1b[2J"})), "info.name", metainfo.LeadsOut},
	{"name: 5,000 bytes", torrent(single(dict{"name": strings.Repeat("x", 5000)})), "info.name", metainfo.TooLong},
	{"path: missing", torrent(multi(dict{"length": 1})), "info.files[0].path", metainfo.Missing},
	{"path: a string", torrent(multi(dict{"length": 1, "path": "a/b"})), "info.files[0].path", metainfo.WrongType},
	{"path: of numbers", torrent(multi(dict{"length": 1, "path": list{1}})), "info.files[0].path", metainfo.WrongType},
	{"path: empty", torrent(multi(file(1))), "info.files[0].path", metainfo.Empty},
	{"path: empty part", torrent(multi(file(1, "a", "", "b"))), "info.files[0].path", metainfo.Empty},
	{"path: out", torrent(multi(file(1, "..", "x"))), "info.files[0].path", metainfo.LeadsOut},
	{"path: out, at the end", torrent(multi(file(1, "a"), file(1, "b", ".."))), "info.files[1].path", metainfo.LeadsOut},
	{"path: out, in UTF-8 only", torrent(multi(changed(file(1, "a"), dict{"path.utf-8": list{".."}}))), "info.files[0].path", metainfo.LeadsOut},
	{"path: 100 folders", torrent(multi(file(1, folders(99, "d")...))), "info.files[0].path", metainfo.TooLong},
	{"path: 5,000 bytes", torrent(multi(file(1, folders(25, strings.Repeat("d", 200))...))), "info.files[0].path", metainfo.TooLong},
	{"path: nothing but a link", torrent(multi(changed(file(1, "a"), dict{"attr": "l"}))), "info", metainfo.Empty},
	{"path: of a link, out", torrent(multi(changed(file(1, ".."), dict{"attr": "l"}))), "info.files[0].path", metainfo.LeadsOut},
	{"path: twice", torrent(multi(file(1, "a"), file(1, "b"), file(1, "a"))), "info.files[2].path", metainfo.Conflict},

	// Numbers of files (A12).
	{"250,001 empty files", []byte(longList(250_001, "d6:lengthi0e4:pathl1:aee")), "info.files", metainfo.TooMany},
	{"a million strings for files", []byte(longList(1_000_000, "0:")), "info.files", metainfo.TooMany},
	{"a name 250,000 times", []byte(longList(250_000, "d6:lengthi0e4:pathl1:aee")), "info.files[1].path", metainfo.Conflict},

	// Version 2 (BEP 52).
	{"version 2 only", encoded(dict{"info": v2(), "piece layers": dict{}}), "info", metainfo.V2Only},
	{"version 2 only, by its tree", torrent(changed(v2(), dict{"meta version": nil})), "info", metainfo.V2Only},
	{"version 3", torrent(changed(v2(), dict{"meta version": 3})), "info", metainfo.V2Only},
}

// lengths is the info dictionary of two files of those lengths, with one hash for all their pieces.
func lengths(a, b int64) dict {
	return dict{"name": "dir", "piece length": 16384, "pieces": hashes(1), "files": list{file(a, "a"), file(b, "b")}}
}

// folders is a path of n folders of that name, and a file.
func folders(n int, name string) []string { return append(slices.Repeat([]string{name}, n), "f") }

// v2 is the info dictionary of a torrent of version 2.
func v2() dict {
	return dict{
		"file tree":    dict{"a.bin": dict{"": dict{"length": 20000, "pieces root": strings.Repeat("r", 32)}}},
		"meta version": 2, "name": "dir", "piece length": 16384,
	}
}

func TestFaults(t *testing.T) {
	for _, c := range faulty {
		t.Run(c.name, func(t *testing.T) {
			got, err := metainfo.Parse(c.data)
			if got != nil {
				t.Errorf("a refused torrent is %v", got.InfoHash)
			}
			wantFault(t, err, c.field, c.fault)
		})
	}
}

func TestEveryFaultHasAText(t *testing.T) {
	for fault := metainfo.TooLarge; fault <= metainfo.V2Only; fault++ {
		if text := fault.String(); text == "" || strings.HasPrefix(text, "fault ") {
			t.Errorf("fault %d has the text %q", fault, text)
		}
	}
}

// The texts are for people: some of them, whole.
func TestErrorTexts(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "not a torrent file (bencode: the data ends too early (at byte 0))"},
		{torrent(single(dict{"piece length": nil})), "info.piece length: missing"},
		{torrent(single(dict{"piece length": 0})), "info.piece length: out of range (0, allowed are 1 to 536870912)"},
		{torrent(single(dict{"pieces": hashes(2)})), "info.pieces: wrong number of piece hashes (found 2, due 3)"},
		{torrent(multi(file(1, "..", "\x1b[2Jx"))), `info.files[0].path: the path leads out of the folder ("..")`},
		{torrent(multi(file(1, "a", "\x1b[2J"), file(1, "a", "\x1b[2J"))), `info.files[1].path: the path conflicts with another file ("dir/a/_[2J")`},
		{torrent(single(dict{"name": "a/../\x1b[2J\u202eb"})), `info.name: the path leads out of the folder ("a/../ [2Jb")`},
		{torrent(v2()), "info: the torrent is of version 2 only; version 1 and hybrid torrents are supported"},
	} {
		if _, err := metainfo.Parse(c.data); err == nil || err.Error() != c.want {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
}

func TestSyntaxErrorsUnwrap(t *testing.T) {
	_, err := metainfo.Parse([]byte("d4:infoi01ee"))
	e, ok := err.(*metainfo.Error)
	if !ok {
		t.Fatal(err)
	}
	if inner, ok := e.Unwrap().(*bencode.Error); !ok || inner.Fault != bencode.BadInteger || inner.Offset != 7 {
		t.Errorf("behind %v is %v", err, e.Unwrap())
	}
}
