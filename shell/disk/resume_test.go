package disk

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// finished is a folder with a torrent of three files of four pieces each, complete and closed.
func finished(t *testing.T) (string, Layout, []byte) {
	t.Helper()
	l, content := torrentOf(41, bt.BlockSize, 4*bt.BlockSize, 4*bt.BlockSize, 4*bt.BlockSize)
	dir := t.TempDir()
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	dr.download(&l, content, allPieces(&l)...)
	dr.shut(tor)
	dr.close()
	return dir, l, content
}

// resume opens and resumes, and closes again.
func resume(t *testing.T, dir string, l Layout) Report {
	t.Helper()
	dr := drive(t, Options{})
	defer dr.close()
	tor := dr.open(dir, l)
	r, err := tor.Resume(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	dr.shut(tor)
	return r
}

// TestResume: what was left as it was is believed; what was touched since is hashed, file by file.
func TestResume(t *testing.T) {
	touch := func(name string) error { return os.Chtimes(name, time.Time{}, time.Unix(1_600_000_000, 5)) }
	truncate := func(size int64) func(string) error {
		return func(name string) error { return os.Truncate(name, size) }
	}
	for _, c := range []struct {
		name   string
		change func(name string) error // done to the second file
		have   string
		hashed uint
	}{
		{"nothing", func(string) error { return nil }, "{0,1,2,3,4,5,6,7,8,9,10,11}", 0},
		{"removed", os.Remove, "{0,1,2,3,8,9,10,11}", 0},
		{"other time", touch, "{0,1,2,3,4,5,6,7,8,9,10,11}", 4},
		{"cut", truncate(2*bt.BlockSize + 5), "{0,1,2,3,4,5,8,9,10,11}", 4},
		{"longer", truncate(5 * bt.BlockSize), "{0,1,2,3,4,5,6,7,8,9,10,11}", 4},
		{"emptied", truncate(0), "{0,1,2,3,8,9,10,11}", 4},
		{"damaged", func(name string) error {
			return os.WriteFile(name, make([]byte, 4*bt.BlockSize), 0o644)
		}, "{0,1,2,3,8,9,10,11}", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, l, _ := finished(t)
			if err := c.change(filepath.Join(dir, l.Files[1].name())); err != nil {
				t.Fatal(err)
			}
			r := resume(t, dir, l)
			if r.Have.String() != c.have || r.Hashed != c.hashed || r.Record != nil || r.Err != nil {
				t.Errorf("%+v", r)
			}
			again := resume(t, dir, l)
			if !again.Have.Equal(r.Have) || again.Hashed > 0 && c.name != "cut" && c.name != "longer" && c.name != "emptied" {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

// TestResumeWithoutRecord: files without a record, or with one that is damaged or of another torrent, are hashed and
// not written over.
func TestResumeWithoutRecord(t *testing.T) {
	record := func(dir string, l *Layout) string { return filepath.Join(dir, "."+l.InfoHash.String()+recordSuffix) }
	for _, c := range []struct {
		name   string
		change func(name string) error
		want   error
	}{
		{"none", os.Remove, ErrNoRecord},
		{"damaged", func(name string) error {
			b, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			for i := page; i < len(b); i += 100 {
				b[i] ^= 0x10
			}
			return os.WriteFile(name, b, 0o644)
		}, errRecordSum},
		{"emptied", func(name string) error { return os.Truncate(name, 0) }, ErrNoRecord},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, l, content := finished(t)
			if err := c.change(record(dir, &l)); err != nil {
				t.Fatal(err)
			}
			r := resume(t, dir, l)
			if !r.Have.All() || r.Hashed != 12 || !errors.Is(r.Record, c.want) {
				t.Errorf("%+v", r)
			}
			expectFiles(t, dir, &l, content)
			if r := resume(t, dir, l); !r.Have.All() || r.Hashed != 0 || r.Record != nil {
				t.Errorf("again: %+v", r)
			}
		})
	}
}

// TestSamplesFindDamage: after a kill, a record is not believed when one of the samples is wrong.
func TestSamplesFindDamage(t *testing.T) {
	l, content := torrentOf(42, bt.BlockSize, 100*bt.BlockSize)
	d := newMemDisk()
	dr := drive(t, Options{OpenFolder: d.opener, Writers: 1})
	tor := dr.open("dir", l)
	dr.download(&l, content, allPieces(&l)[:60]...)
	if err := tor.Sync(); err != nil {
		t.Fatal(err)
	}
	dr.download(&l, content, 60)
	after := d.killed()
	after.names[l.Files[0].name()].put(0, make([]byte, 40*bt.BlockSize))
	dr2 := drive(t, Options{OpenFolder: after.opener})
	tor2 := dr2.open("dir", l)
	r, err := tor2.Resume(context.Background(), nil)
	want := bitset.New(100).FlipRange(40, 61)
	if err != nil || !r.Have.Equal(want) || r.Hashed != 61 {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestCheckDoubtsAll hashes everything though the record is good; and the files without any record or lock.
func TestCheckDoubtsAll(t *testing.T) {
	dir, l, content := finished(t)
	name := filepath.Join(dir, l.Files[2].name())
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(content[8*bt.BlockSize:])
	data[3*bt.BlockSize] ^= 0x80
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Time{}, info.ModTime()); err != nil { // hide it
		t.Fatal(err)
	}
	if r := resume(t, dir, l); !r.Have.All() || r.Hashed != 0 {
		t.Errorf("resumed: %+v", r)
	}
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	r, err := tor.Check(context.Background(), nil)
	if err != nil || r.Have.Count() != 11 || r.Have.Test(11) || r.Hashed != 12 {
		t.Errorf("checked: %+v, %v", r, err)
	}
	if r, err := Check(context.Background(), dir, l, nil); err != nil || r.Have.Count() != 11 {
		t.Errorf("checked from outside: %+v, %v", r, err)
	}
	dr.shut(tor)
	if r := resume(t, dir, l); r.Have.Count() != 11 {
		t.Errorf("resumed after the check: %+v", r)
	}
}

// TestCheckStops when it is told to.
func TestCheckStops(t *testing.T) {
	dir, l, _ := finished(t)
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Check(ctx, dir, l, func(int64, int64) { cancel() })
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestSecondClient is refused while the first has the torrent (F18), and only for that torrent.
func TestSecondClient(t *testing.T) {
	dir, l, _ := finished(t)
	first, second := drive(t, Options{}), drive(t, Options{})
	tor := first.open(dir, l)
	if _, err := second.d.Open(1, dir, l); !errors.Is(err, ErrLocked) {
		t.Errorf("the second: %v", err)
	}
	other, _ := torrentOf(43, bt.BlockSize, 100)
	second.shut(second.open(dir, other))
	first.shut(tor)
	second.shut(second.open(dir, l))
}

// TestNothingIsWrittenBeforeWriting: opening, resuming and closing an absent torrent leaves only the lock.
func TestNothingIsWrittenBeforeWriting(t *testing.T) {
	l, _ := torrentOf(44, bt.BlockSize, 100, 0, 200)
	dir := t.TempDir()
	if r := resume(t, dir, l); r.Have.Any() || r.Hashed != 0 || !errors.Is(r.Record, ErrNoRecord) {
		t.Errorf("%+v", r)
	}
	var names []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	})
	if err != nil || len(names) != 2 || names[1] != "."+l.InfoHash.String()+recordSuffix {
		t.Errorf("%v, %v", names, err)
	}
	if _, err := drive(t, Options{}).d.Open(1, filepath.Join(dir, "absent"), l); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}

// TestBadLayouts are refused before anything is touched.
func TestBadLayouts(t *testing.T) {
	good := func() Layout {
		l, _ := torrentOf(45, bt.BlockSize, 100, 200)
		return l
	}
	dr := drive(t, Options{})
	dir := t.TempDir()
	for name, spoil := range map[string]func(l *Layout){
		"parent":         func(l *Layout) { l.Files[0].Path = []string{"a", "..", "b"} },
		"absolute":       func(l *Layout) { l.Files[0].Path = []string{"/etc", "b"} },
		"separator":      func(l *Layout) { l.Files[0].Path = []string{"a" + string(filepath.Separator) + "b"} },
		"no name":        func(l *Layout) { l.Files[0].Path = nil },
		"empty element":  func(l *Layout) { l.Files[0].Path = []string{"a", ""} },
		"zero byte":      func(l *Layout) { l.Files[0].Path = []string{"a\x00b"} },
		"a record":       func(l *Layout) { l.Files[0].Path = []string{".0123.PeerWire"} },
		"twice":          func(l *Layout) { l.Files[0].Path = l.Files[1].Path },
		"gap":            func(l *Layout) { l.Files[1].Offset++ },
		"negative":       func(l *Layout) { l.Files[0].Length = -1 },
		"too long":       func(l *Layout) { l.Files[1].Length++ },
		"overflow":       func(l *Layout) { l.Files[1].Length = 1<<63 - 1 },
		"too short":      func(l *Layout) { l.Files = l.Files[:1] },
		"hash missing":   func(l *Layout) { l.Hashes = nil },
		"no geometry":    func(l *Layout) { l.Geometry = bt.Geometry{} },
		"too many parts": func(l *Layout) { l.Geometry = bt.Geometry{PieceLength: 1, Total: 1 << 40} },
	} {
		l := good()
		spoil(&l)
		if _, err := dr.d.Open(1, dir, l); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
}
