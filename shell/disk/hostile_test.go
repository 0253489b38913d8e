//go:build linux || darwin

package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"peerwire/core/bt"
)

// TestStrangeTargets: what is in the way of a file (F8) makes a clear error that names it, at once; nothing is
// written elsewhere, and another torrent of the same Disk goes on.
func TestStrangeTargets(t *testing.T) {
	outside := t.TempDir()
	secret := filepath.Join(outside, "secret")
	if err := os.WriteFile(secret, []byte("untouched"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		make func(name string) error
	}{
		{"folder", func(name string) error { return os.Mkdir(name, 0o755) }},
		{"fifo", func(name string) error { return syscall.Mkfifo(name, 0o644) }},
		{"link outside", func(name string) error { return os.Symlink(secret, name) }},
		{"relative link outside", func(name string) error {
			rel, err := filepath.Rel(filepath.Dir(name), secret)
			return errors.Join(err, os.Symlink(rel, name))
		}},
		{"link to itself", func(name string) error { return os.Symlink(filepath.Base(name), name) }},
		{"link in the folder's place", func(name string) error {
			return errors.Join(os.Remove(filepath.Dir(name)), os.Symlink(outside, filepath.Dir(name)))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, content := torrentOf(51, bt.BlockSize, 2*bt.BlockSize)
			dir := t.TempDir()
			name := filepath.Join(dir, l.Files[0].name())
			if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), c.make(name)); err != nil {
				t.Fatal(err)
			}
			dr := drive(t, Options{})
			tor := dr.open(dir, l)
			if r, err := tor.Resume(context.Background(), nil); err != nil || r.Have.Any() {
				t.Errorf("%+v, %v", r, err)
			} else if r.Err == nil && c.name != "link in the folder's place" {
				t.Error("Resume finds nothing strange")
			}
			for _, r := range dr.store(&l, content, blocksOf(&l, 0)) {
				if r.Op == Store && (r.Fault == bt.OK || r.Err == nil || !strings.Contains(r.Err.Error(), name)) {
					t.Errorf("stored: %v %v", r.Fault, r.Err)
				}
			}
			if _, r := dr.fetch(l.Geometry.BlockAt(1, 0)); r.Fault == bt.OK {
				t.Error("fetched")
			}
			dr.expectOther(t)
			dr.shut(tor)
			if b, err := os.ReadFile(secret); err != nil || string(b) != "untouched" {
				t.Errorf("outside: %q, %v", b, err)
			}
			if entries, err := os.ReadDir(outside); err != nil || len(entries) != 1 {
				t.Errorf("outside: %v, %v", entries, err)
			}
		})
	}
}

// expectOther downloads torrent 2 on the same Disk.
func (dr *driver) expectOther(t *testing.T) {
	t.Helper()
	l, content := torrentOf(52, bt.BlockSize, 3*bt.BlockSize)
	tor, err := dr.d.Open(2, t.TempDir(), l)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range allPieces(&l) {
		job := dr.storeJob(&l, content, l.Geometry.BlockAt(p, 0))
		job.Torrent = 2
		dr.submit(job, Job{Op: Verify, Torrent: 2, Block: bt.Block{Piece: p}})
		for _, r := range dr.await() {
			if r.Err != nil || r.Op == Verify && !r.Good {
				t.Errorf("another torrent: %+v", r)
			}
			if r.Buf != nil {
				r.Buf.Free()
			}
		}
	}
	dr.shut(tor)
}

// TestStrangeRecord: a record that is no file is not followed and not waited for.
func TestStrangeRecord(t *testing.T) {
	l, content := torrentOf(53, bt.BlockSize, 2*bt.BlockSize)
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, "."+l.InfoHash.String()+recordSuffix), 0o644); err != nil {
		t.Fatal(err)
	}
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	if r, err := tor.Resume(context.Background(), nil); err != nil || !errors.Is(r.Record, errNotRegular) {
		t.Errorf("%+v, %v", r, err)
	}
	dr.download(&l, content, 0, 1)
	if err := tor.Close(context.Background()); !errors.Is(err, errNotRegular) {
		t.Error(err)
	}
	expectFiles(t, dir, &l, content)
}

// TestShortened: a file that another program cuts meanwhile (F9) gives errors, no signal, and is not claimed.
func TestShortened(t *testing.T) {
	l, content := torrentOf(54, bt.BlockSize, 4*bt.BlockSize)
	dir := t.TempDir()
	name := filepath.Join(dir, l.Files[0].name())
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	dr.download(&l, content, 0, 1, 2, 3)
	if err := tor.Sync(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, bt.BlockSize+10); err != nil {
		t.Fatal(err)
	}
	if _, r := dr.fetch(l.Geometry.BlockAt(3, 0)); r.Fault != bt.Lost || !strings.Contains(r.Err.Error(), name) {
		t.Errorf("fetched: %+v", r)
	}
	if _, r := dr.fetch(l.Geometry.BlockAt(0, 0)); r.Fault != bt.OK {
		t.Errorf("fetched: %+v", r)
	}
	if r := dr.verify(1); r.Good || r.Fault != bt.Lost {
		t.Errorf("verified: %+v", r)
	}
	dr.shut(tor)
	if r := resume(t, dir, l); r.Have.String() != "{0}" {
		t.Errorf("%+v", r)
	}
}

// TestVanished: a file that another program removes or replaces meanwhile is noticed when it is opened again and when it is
// synced; it is not made anew, and not claimed.
func TestVanished(t *testing.T) {
	for _, replace := range []bool{false, true} {
		l, content := torrentOf(55, bt.BlockSize, 2*bt.BlockSize, 2*bt.BlockSize)
		dir := t.TempDir()
		name := filepath.Join(dir, l.Files[0].name())
		dr := drive(t, Options{OpenFiles: 1})
		tor := dr.open(dir, l)
		dr.download(&l, content, 0, 2)
		err := os.WriteFile(name+".new", make([]byte, 2*bt.BlockSize), 0o644)
		if replace {
			err = errors.Join(err, os.Rename(name+".new", name))
		} else {
			err = errors.Join(err, os.Remove(name))
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := tor.Sync(); readFault(err) != bt.Lost || !strings.Contains(err.Error(), name) {
			t.Errorf("synced: %v", err)
		}
		if tor.claims.String() != "{2}" {
			t.Errorf("claimed: %v", tor.claims)
		}
		dr.fetch(l.Geometry.BlockAt(2, 0)) // closes the first file
		for _, r := range dr.store(&l, content, blocksOf(&l, 1)) {
			if r.Op == Store && (r.Fault != bt.IOError || !strings.Contains(r.Err.Error(), name)) {
				t.Errorf("stored: %+v", r)
			}
		}
		if _, r := dr.fetch(l.Geometry.BlockAt(0, 0)); r.Fault != bt.Lost {
			t.Errorf("fetched: %+v", r)
		}
		dr.shut(tor)
		if r := resume(t, dir, l); r.Have.String() != "{2}" {
			t.Errorf("%+v", r)
		}
	}
}

// TestFolderVanishes: with the whole folder gone, errors say so, and another torrent goes on.
func TestFolderVanishes(t *testing.T) {
	l, content := torrentOf(56, bt.BlockSize, 2*bt.BlockSize, 2*bt.BlockSize)
	dir := t.TempDir()
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	dr.download(&l, content, 0)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for _, r := range dr.store(&l, content, blocksOf(&l, 3)) {
		if r.Op == Store && (r.Fault == bt.OK || !strings.Contains(r.Err.Error(), dir)) {
			t.Errorf("stored: %+v", r)
		}
	}
	dr.expectOther(t)
	if err := tor.Close(context.Background()); err == nil || tor.claims.Any() {
		t.Errorf("%v, claimed %v", err, tor.claims)
	}
}

// TestReadOnlyFolder: one can seed, by the record, from where nothing can be written; storing says why it
// cannot. The disk in memory plays it, for to some users nothing is forbidden.
func TestReadOnlyFolder(t *testing.T) {
	l, content := torrentOf(57, bt.BlockSize, 4*bt.BlockSize)
	d := newMemDisk()
	dr := drive(t, Options{OpenFolder: d.opener})
	tor := dr.open("dir", l)
	dr.download(&l, content, 0, 1)
	dr.shut(tor)
	d.readOnly = true
	tor = dr.open("dir", l)
	r, err := tor.Resume(context.Background(), nil)
	if err != nil || r.Have.String() != "{0,1}" || r.Hashed != 0 || r.Record != nil {
		t.Errorf("%+v, %v", r, err)
	}
	if _, r := dr.fetch(l.Geometry.BlockAt(1, 0)); r.Fault != bt.OK {
		t.Errorf("fetched: %+v", r)
	}
	for _, r := range dr.store(&l, content, blocksOf(&l, 2)) {
		if r.Op == Store && r.Fault != bt.ReadOnly {
			t.Errorf("stored: %+v", r)
		}
	}
	if err := tor.Close(context.Background()); writeFault(err) != bt.ReadOnly {
		t.Error(err)
	}
}
