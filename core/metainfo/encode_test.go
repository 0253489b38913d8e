package metainfo_test

import (
	"strings"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/metainfo"
)

// draft is a valid torrent of two files, with a change.
func draft(change func(d *metainfo.Draft)) *metainfo.Draft {
	d := &metainfo.Draft{
		Name: "dir", PieceLength: 16384, Hashes: []byte(hashes(2)),
		Files: []metainfo.DraftFile{{Path: []string{"a"}, Length: 20000}, {Path: []string{"sub", "b"}, Length: 1}},
	}
	change(d)
	return d
}

func TestEncodeWritesCanonicalForm(t *testing.T) {
	for _, c := range []struct {
		name string
		d    *metainfo.Draft
		want string
	}{
		{
			"one file, nothing else",
			&metainfo.Draft{Name: "f", PieceLength: 16384, Hashes: []byte(hashes(1)), Files: []metainfo.DraftFile{{Length: 5}}},
			"d4:infod6:lengthi5e4:name1:f12:piece lengthi16384e6:pieces20:" + hashes(1) + "ee",
		},
		{
			"everything",
			draft(func(d *metainfo.Draft) {
				d.Announce = [][]string{{"http://a/", "http://b/"}, {"udp://c:1"}}
				d.Comment, d.CreatedBy, d.CreationDate, d.Private = "words", "me", 7, true
				d.Files = append(d.Files, metainfo.DraftFile{Length: 3, Pad: true})
				d.Files[0].Executable = true
			}),
			"d8:announce9:http://a/13:announce-listll9:http://a/9:http://b/el9:udp://c:1ee7:comment5:words10:created by2:me13:creation datei7e" +
				"4:infod5:filesld4:attr1:x6:lengthi20000e4:pathl1:aeed6:lengthi1e4:pathl3:sub1:beed4:attr1:p6:lengthi3e4:pathl4:.pad1:3eee" +
				"4:name3:dir12:piece lengthi16384e6:pieces40:" + hashes(2) + "7:privatei1eee",
		},
		{
			"one tracker",
			draft(func(d *metainfo.Draft) { d.Announce = [][]string{{}, {"http://a/"}} }),
			"d8:announce9:http://a/4:infod5:filesld6:lengthi20000e4:pathl1:aeed6:lengthi1e4:pathl3:sub1:beee" +
				"4:name3:dir12:piece lengthi16384e6:pieces40:" + hashes(2) + "ee",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := metainfo.Encode(c.d)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.want {
				t.Errorf("wrote\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestEncodeRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(d *metainfo.Draft)
		field  string
		fault  metainfo.Fault
	}{
		{"no files", func(d *metainfo.Draft) { d.Files = nil }, "info.files", metainfo.Empty},
		{"no name", func(d *metainfo.Draft) { d.Name = "" }, "info.name", metainfo.Empty},
		{"name leads out", func(d *metainfo.Draft) { d.Name = ".." }, "info.name", metainfo.LeadsOut},
		{"name would change", func(d *metainfo.Draft) { d.Name = "what?" }, "info.name", metainfo.NotPortable},
		{"path would change", func(d *metainfo.Draft) { d.Files[1].Path[1] = "a:b" }, "info.files[1].path", metainfo.NotPortable},
		{"path would be padding", func(d *metainfo.Draft) { d.Files[0].Path[0] = "_____padding_file_0" }, "info.files[0].path", metainfo.NotPortable},
		{"no path among others", func(d *metainfo.Draft) { d.Files[1].Path = nil }, "info.files[1].path", metainfo.Empty},
		{"conflict", func(d *metainfo.Draft) { d.Files[1].Path = []string{"A"} }, "info.files[1].path", metainfo.Conflict},
		{"negative", func(d *metainfo.Draft) { d.Files[1].Length = -1 }, "info.files[1].length", metainfo.OutOfRange},
		{"no bytes", func(d *metainfo.Draft) { d.Files = d.Files[1:]; d.Files[0].Length = 0 }, "info", metainfo.Empty},
		{"piece length", func(d *metainfo.Draft) { d.PieceLength = 0 }, "info.piece length", metainfo.OutOfRange},
		{"hashes", func(d *metainfo.Draft) { d.Hashes = d.Hashes[20:] }, "info.pieces", metainfo.PieceHashes},
		{"tracker", func(d *metainfo.Draft) { d.Announce = [][]string{{"http://a/", "tracker"}} }, "announce", metainfo.NotAddress},
		{"long tracker", func(d *metainfo.Draft) { d.Announce = [][]string{{"http://" + strings.Repeat("a", 2048)}} }, "announce", metainfo.NotAddress},
		{"trackers", func(d *metainfo.Draft) { d.Announce = [][]string{strings.Fields(strings.Repeat("http://a/ ", 501))} }, "announce", metainfo.TooMany},
		{"too large", func(d *metainfo.Draft) { d.Comment = strings.Repeat("x", metainfo.MaxSize) }, "", metainfo.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := metainfo.Encode(draft(c.change))
			if data != nil {
				t.Errorf("wrote %.100q", data)
			}
			wantFault(t, err, c.field, c.fault)
		})
	}
}

func TestDefaultPieceLength(t *testing.T) {
	for _, c := range []struct {
		total int64
		want  uint32
	}{
		{0, 16 << 10},
		{1, 16 << 10},
		{2000 * 16 << 10, 16 << 10},
		{2001 * 16 << 10, 32 << 10},
		{700 << 20, 512 << 10},
		{1 << 30, 1 << 20},
		{4 << 30, 4 << 20},
		{1 << 35, 16 << 20},
		{1 << 44, 16 << 20},
		{1<<45 - 1, 16 << 20},
		{1 << 45, 32 << 20},
		{metainfo.MaxTotal - 1, 512 << 20},
	} {
		if got := metainfo.DefaultPieceLength(c.total); got != c.want {
			t.Errorf("%d bytes get pieces of %d, want %d", c.total, got, c.want)
		}
	}
	for total := int64(1); total < metainfo.MaxTotal; total = total*3 + 1 {
		length := metainfo.DefaultPieceLength(total)
		pieces := (total + int64(length) - 1) / int64(length)
		between := 1000 <= pieces && pieces <= 2001
		if length&(length-1) != 0 || !between && length > 16<<10 && length < 16<<20 || pieces > bt.MaxPieces {
			t.Errorf("%d bytes get %d pieces of %d", total, pieces, length)
		}
	}
}
