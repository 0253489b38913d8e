package metainfo_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"peerwire/core/metainfo"
)

// anchor is a torrent as mktorrent 1.1 wrote it, of the files a.txt ("hello"), empty, and sub/b.txt ("world wide").
const anchor = "d8:announce31:http://tracker.example/announce13:announce-listll31:http://tracker.example/announcee" +
	"l24:udp://tracker.example:80ee7:comment9:two words10:created by13:mktorrent 1.14:infod5:filesl" +
	"d6:lengthi5e4:pathl5:a.txteed6:lengthi0e4:pathl5:emptyeed6:lengthi10e4:pathl3:sub5:b.txteee" +
	"4:name3:set12:piece lengthi32768e6:pieces20:\x60\xf0\xa2\x12\x6f\x69\x88\xe1\x4c\xa7\x7e\xfb\xa7\x88\x01\x0b\x29\xaa\x1e\x99" +
	"7:privatei1eee"

// anchorHash is its info-hash as Transmission 3.00 shows it.
const anchorHash = "89766de640ba5ff528ffce7044add409c62585a3"

// What another program wrote is read as a third one reads it, and written back byte for byte.
func TestAgreesWithOtherPrograms(t *testing.T) {
	got := parse(t, []byte(anchor))
	if got.InfoHash.String() != anchorHash {
		t.Errorf("the hash is %v", got.InfoHash)
	}
	want := &metainfo.Draft{
		Name: "set", PieceLength: 32768, Private: true,
		Hashes: []byte("\x60\xf0\xa2\x12\x6f\x69\x88\xe1\x4c\xa7\x7e\xfb\xa7\x88\x01\x0b\x29\xaa\x1e\x99"),
		Files: []metainfo.DraftFile{
			{Path: []string{"a.txt"}, Length: 5}, {Path: []string{"empty"}}, {Path: []string{"sub", "b.txt"}, Length: 10},
		},
		Announce: [][]string{{"http://tracker.example/announce"}, {"udp://tracker.example:80"}},
		Comment:  "two words", CreatedBy: "mktorrent 1.1",
	}
	if diff := cmp.Diff(want, draftOf(got)); diff != "" {
		t.Error(diff)
	}
	if data, err := metainfo.Encode(want); err != nil || string(data) != anchor {
		t.Errorf("written back as %q, %v", data, err)
	}
}
