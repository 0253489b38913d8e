package metainfo_test

import (
	"crypto/sha1"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"peerwire/core/bt"
	"peerwire/core/metainfo"
)

func TestSingleFile(t *testing.T) {
	info := encoded(single(dict{"private": 1, "attr": "x"}))
	got := parse(t, []byte("d8:announce10:udp://t:8013:creation datei1700000000e4:info"+string(info)+"e"))
	if got.InfoHash != sha1.Sum(info) || string(got.InfoBytes) != string(info) {
		t.Errorf("hash %v of %q", got.InfoHash, got.InfoBytes)
	}
	in := got.Info
	if in.Name != "file.bin" || in.Geometry != (bt.Geometry{PieceLength: 16384, Total: 40000}) || !in.Private || in.Hybrid {
		t.Errorf("info %+v", in)
	}
	if want := []metainfo.File{{Path: []string{"file.bin"}, Length: 40000, Executable: true}}; !cmp.Equal(in.Files, want) {
		t.Error(cmp.Diff(want, in.Files))
	}
	if in.NumPieces() != 3 || in.PieceSize(2) != 40000-2*16384 {
		t.Errorf("%d pieces, the last of %d bytes", in.NumPieces(), in.PieceSize(2))
	}
	if hash := in.PieceHash(2); string(hash[:]) != strings.Repeat("C", 20) {
		t.Errorf("the last hash is %q", hash)
	}
	if got.CreationDate != 1_700_000_000 || !cmp.Equal(got.Announce, [][]string{{"udp://t:80"}}) {
		t.Errorf("date %d, trackers %v", got.CreationDate, got.Announce)
	}
}

func TestFilesInOrder(t *testing.T) {
	got := parse(t, torrent(multi(
		file(10, "a"),
		file(0, "empty"),
		file(20, "sub", "b"),
		changed(file(5, ".pad", "5"), dict{"attr": "p"}),
		changed(file(7, ".pad", "5"), dict{"attr": "p"}), // padding may share a name
		file(6, "_____padding_file_0_if you see this file, please update to BitComet 0.85 or above____"),
		changed(file(1, "sub", "run"), dict{"attr": "hx"}),
		dict{"path": list{"link"}, "attr": "l", "symlink path": list{"..", "..", "etc", "passwd"}},
		changed(file(9, "a"), dict{"attr": "l"}), // nothing is created, so nothing conflicts; nor are there bytes
		dict{"attr": "p", "length": int64(3)},    // padding needs no path
		file(0, "sub", "last"),
	)))
	want := []metainfo.File{
		{Path: []string{"dir", "a"}, Length: 10},
		{Path: []string{"dir", "empty"}, Offset: 10},
		{Path: []string{"dir", "sub", "b"}, Length: 20, Offset: 10},
		{Length: 5, Offset: 30, Pad: true},
		{Length: 7, Offset: 35, Pad: true},
		{Length: 6, Offset: 42, Pad: true},
		{Path: []string{"dir", "sub", "run"}, Length: 1, Offset: 48, Executable: true},
		{Path: []string{"dir", "link"}, Offset: 49, Symlink: true},
		{Path: []string{"dir", "a"}, Offset: 49, Symlink: true},
		{Length: 3, Offset: 49, Pad: true},
		{Path: []string{"dir", "sub", "last"}, Offset: 52},
	}
	if diff := cmp.Diff(want, got.Info.Files); diff != "" {
		t.Error(diff)
	}
	if got.Info.Total != 52 {
		t.Errorf("total %d", got.Info.Total)
	}
	for _, f := range got.Info.Files {
		if f.Stored() == (f.Pad || f.Symlink) {
			t.Errorf("%v stored: %v", f.Path, f.Stored())
		}
	}
}

// A hybrid torrent, as BEP 52 makes it: both halves describe the same files, and padding aligns the second file.
func TestHybrid(t *testing.T) {
	info := multi(file(20000, "a.bin"), changed(file(12768, ".pad", "12768"), dict{"attr": "p"}), file(3, "b.bin"))
	info["meta version"] = 2
	info["file tree"] = dict{
		"a.bin": dict{"": dict{"length": 20000, "pieces root": strings.Repeat("r", 32)}},
		"b.bin": dict{"": dict{"length": 3, "pieces root": strings.Repeat("s", 32)}},
	}
	got := parse(t, encoded(dict{"info": info, "piece layers": dict{strings.Repeat("r", 32): strings.Repeat("h", 64)}}))
	if in := got.Info; !in.Hybrid || in.NumPieces() != 3 || in.Total != 32771 || len(in.Files) != 3 || !in.Files[1].Pad {
		t.Errorf("hybrid read as %+v", in)
	}
	if got.InfoHash != sha1.Sum(encoded(info)) {
		t.Error("the hash is not that of the version 1 half")
	}
}

func TestUTF8FormIsPreferred(t *testing.T) {
	for _, c := range []struct {
		name    string
		changes dict
		want    string
	}{
		{"both", dict{"name": "caf\xe9", "name.utf-8": "café"}, "café"},
		{"old form only", dict{"name": "caf\xe9"}, "caf%E9"},
		{"new form only", dict{"name": nil, "name.utf-8": "café"}, "café"},
		{"new form is not UTF-8", dict{"name": "cafe", "name.utf-8": "caf\xe9"}, "cafe"},
		{"new form is empty", dict{"name": "cafe", "name.utf-8": ""}, "cafe"},
		{"new form is no string", dict{"name": "cafe", "name.utf-8": 5}, "cafe"},
		{"new form is a list", dict{"name": "cafe", "name.utf-8": list{"x"}}, "cafe"},
	} {
		if got := parse(t, torrent(single(c.changes))).Info.Name; got != c.want {
			t.Errorf("%s: %q", c.name, got)
		}
	}
	got := parse(t, torrent(multi(
		changed(file(1, "\xe9", "a"), dict{"path.utf-8": list{"é", "a"}}),
		changed(file(1, "\xe9", "b"), dict{"path.utf-8": list{"é", "\xe9"}}),
		changed(file(1, "\xe9", "c"), dict{"path.utf-8": list{}}),
	))).Info.Files
	for i, want := range []string{"dir/é/a", "dir/%E9/b", "dir/%E9/c"} {
		if path := strings.Join(got[i].Path, "/"); path != want {
			t.Errorf("file %d is %s", i, path)
		}
	}
}

func TestTrackers(t *testing.T) {
	for _, c := range []struct {
		name           string
		announce, list any
		want           [][]string
	}{
		{"none", nil, nil, nil},
		{"one", "http://a/", nil, [][]string{{"http://a/"}}},
		{"the list counts", "http://a/", list{list{"http://b/"}, list{"udp://c:1", "http://d/"}}, [][]string{{"http://b/"}, {"udp://c:1", "http://d/"}}},
		{"an empty list does not", "http://a/", list{}, [][]string{{"http://a/"}}},
		{"nor one of empty tiers", "http://a/", list{list{}, list{""}}, [][]string{{"http://a/"}}},
		{"a list that is flat", "http://a/", list{"http://b/"}, [][]string{{"http://a/"}}},
		{"a list that is none", "http://a/", 5, [][]string{{"http://a/"}}},
		{"a number", 5, nil, nil},
		{"twice", nil, list{list{"http://a/", "http://a/"}, list{"http://a/"}, list{"http://b/"}}, [][]string{{"http://a/"}, {"http://b/"}}},
		{"spaces around", " http://a/\n", nil, [][]string{{"http://a/"}}},
		{"unfit", nil, list{list{"http://a/\x1b[2J", "http://a b/", "http://\xff/", "a.example:80", "://x", "http://", "http://\u202e/"}}, nil},
		{"too long", "http://" + strings.Repeat("a", metainfo.MaxURL), nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := changed(dict{"info": single(nil)}, dict{"announce": c.announce, "announce-list": c.list})
			if diff := cmp.Diff(c.want, parse(t, encoded(root)).Announce); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTrackersAreLimited(t *testing.T) {
	tier := list{}
	for i := range 1000 {
		tier = append(tier, "http://"+strings.Repeat("a", i+1))
	}
	got := parse(t, encoded(dict{"info": single(nil), "announce-list": list{tier}})).Announce
	if len(got) != 1 || len(got[0]) != metainfo.MaxTrackers {
		t.Errorf("%d tiers", len(got))
	}
}

func TestTextsAreMadePrintable(t *testing.T) {
	got := parse(t, encoded(dict{
		"info": single(nil), "creation date": int64(1 << 60),
		"comment":    " two\nlines\t\x1b]0;x\a \u202etxt \xff" + strings.Repeat("é", 10_000),
		"created by": list{"x"},
	}))
	if want := "two lines  ]0;x  txt \ufffd"; !strings.HasPrefix(got.Comment, want) || len([]rune(got.Comment)) > metainfo.MaxText+1 {
		t.Errorf("comment %.60q…", got.Comment)
	}
	if got.CreatedBy != "" || got.CreationDate != 0 {
		t.Errorf("created by %q at %d", got.CreatedBy, got.CreationDate)
	}
}

// Keys out of order are no fault, in the info dictionary neither: it is hashed as it stands.
func TestUnsortedIsAccepted(t *testing.T) {
	info := "d12:piece lengthi16384e6:pieces20:" + hashes(1) + "6:lengthi5e4:name1:ae"
	got := parse(t, []byte("d4:info"+info+"8:announce9:http://a/e"))
	if got.InfoHash != sha1.Sum([]byte(info)) || len(got.Announce) != 1 || got.Info.Total != 5 {
		t.Errorf("read %+v", got)
	}
}

func TestLineEndBehindIsAccepted(t *testing.T) {
	data := torrent(single(nil))
	if parse(t, append(data, "\r\n"...)).InfoHash != parse(t, data).InfoHash {
		t.Error("the end of a line changes the hash")
	}
}

func TestLimitsAreReached(t *testing.T) {
	for name, info := range map[string]dict{
		"piece length": single(dict{"piece length": 1 << 29, "pieces": hashes(1)}),
		"tiny pieces":  single(dict{"piece length": 1, "pieces": hashes(7), "length": 7}),
		"odd pieces":   single(dict{"piece length": 9999, "pieces": hashes(5)}),
		"path depth":   multi(file(1, slices.Repeat([]string{"d"}, 99)...)),
		"private: 2":   single(dict{"private": 2}),
		"total":        single(dict{"piece length": 1 << 29, "length": int64(1 << 40), "pieces": hashes(1 << 11)}),
	} {
		t.Run(name, func(t *testing.T) {
			if in := parse(t, torrent(info)).Info; in.Private || !in.Valid() {
				t.Errorf("private %v", in.Private)
			}
		})
	}
}

func TestConflicts(t *testing.T) {
	for _, c := range []struct {
		name     string
		paths    []string // split at slashes
		conflict int      // index of the file that is refused, -1 for none
	}{
		{"different", []string{"a", "b", "a.b", "ab", "c/a", "c/b"}, -1},
		{"same", []string{"x", "a/b", "a/b"}, 2},
		{"case", []string{"README", "readme"}, 1},
		{"case of a folder", []string{"A/x", "a/y"}, -1},
		{"case of a folder, same file", []string{"A/x", "a/x"}, 1},
		{"case, other writing", []string{"ПРИВЕТ", "привет"}, 1},
		{"case, Kelvin", []string{"k", "\u212a"}, 1},
		{"case, long s", []string{"\u017f", "S"}, 1},
		{"file is a folder", []string{"a", "a/b"}, 1},
		{"folder is a file", []string{"a/b", "a"}, 1},
		{"folder is a file, with others between", []string{"a/b/c", "a!", "a.b", "a/c", "a"}, 4},
		{"file is a folder, in other case", []string{"A", "a/b/c"}, 1},
		{"composed", []string{"caf\u00e9", "cafe\u0301"}, 1},
		{"composed, in other case", []string{"CAF\u00c9", "cafe\u0301"}, 1},
		{"composed twice", []string{"\u1ec7", "e\u0323\u0302", "o"}, 1},
		{"marks in other order", []string{"e\u0302\u0323", "e\u0323\u0302"}, 1},
		{"Hangul", []string{"\ud55c", "\u1112\u1161\u11ab"}, 1},
		{"Hangul without a last consonant", []string{"\ud558", "\u1112\u1161"}, 1},
		{"ideograph for compatibility", []string{"\uf900", "\u8c48"}, 1},
		{"Angstrom", []string{"\u212b", "\u00e5"}, 1},
		{"a letter without its mark", []string{"\u00e9", "e"}, -1},
		{"cleaned alike", []string{"a?", "a*"}, 1},
		{"cleaned to another", []string{"a_", "a:"}, 1},
		{"invisibly different", []string{"a\u200bb", "ab"}, 1},
		{"dot at the end", []string{"a", "a."}, 1},
		{"device", []string{"con", "_con"}, 1},
		{"the first of several", []string{"z", "b", "a", "b", "a"}, 3},
		{"bytes in an old encoding", []string{"\xe9", "\xe8"}, -1},
		{"long, alike in front", []string{strings.Repeat("x", 300) + "1", strings.Repeat("x", 300) + "2"}, -1},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := []any{}
			for _, path := range c.paths {
				files = append(files, file(1, strings.Split(path, "/")...))
			}
			_, err := metainfo.Parse(torrent(multi(files...)))
			if c.conflict < 0 {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantFault(t, err, "info.files["+string(rune('0'+c.conflict))+"].path", metainfo.Conflict)
		})
	}
}

func TestSpans(t *testing.T) {
	in := parse(t, torrent(multi(
		file(0, "z"), file(10, "a"), file(0, "e"), file(0, "f"), file(20, "b"), changed(file(2, "p"), dict{"attr": "p"}), file(0, "last"),
	))).Info
	for _, c := range []struct {
		offset, length int64
		want           []metainfo.Span
	}{
		{0, 0, nil},
		{0, 1, []metainfo.Span{{1, 0, 1}}},
		{9, 1, []metainfo.Span{{1, 9, 1}}},
		{9, 2, []metainfo.Span{{1, 9, 1}, {4, 0, 1}}},
		{10, 5, []metainfo.Span{{4, 0, 5}}},
		{0, 32, []metainfo.Span{{1, 0, 10}, {4, 0, 20}, {5, 0, 2}}},
		{31, 1, []metainfo.Span{{5, 1, 1}}},
		{32, 0, nil},
	} {
		if got := in.Spans(nil, c.offset, c.length); !cmp.Equal(got, c.want) {
			t.Errorf("%d bytes at %d are %v", c.length, c.offset, got)
		}
	}
	for _, c := range [][2]int64{{-1, 1}, {0, -1}, {0, 33}, {33, 0}, {1, huge}} {
		if !panics(func() { in.Spans(nil, c[0], c[1]) }) {
			t.Errorf("%d bytes at %d have spans", c[1], c[0])
		}
	}
}

// panics tells whether f stops at a bug.
func panics(f func()) (caught bool) {
	defer func() {
		text, ok := recover().(string)
		caught = ok && strings.HasPrefix(text, "BUG: ")
	}()
	f()
	return false
}
