package disk

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"peerwire/core/bt"
)

// recordSaved makes a disk tell of every sync of a record.
func recordSaved(d *memDisk) chan struct{} {
	saved := make(chan struct{}, 100)
	d.fault = func(op, name string, _ int) error {
		if op == "fsync" && name[0] == '.' {
			saved <- struct{}{}
		}
		return nil
	}
	return saved
}

// TestSyncsByItself: what passed is synced some time after, or at once when it is much.
func TestSyncsByItself(t *testing.T) {
	for name, opt := range map[string]Options{
		"time":   {SyncEvery: time.Millisecond, SyncBytes: 1 << 40},
		"volume": {SyncEvery: time.Hour, SyncBytes: 2 * bt.BlockSize},
	} {
		t.Run(name, func(t *testing.T) {
			l, content := torrentOf(61, bt.BlockSize, 4*bt.BlockSize)
			d := newMemDisk()
			saved := recordSaved(d)
			opt.OpenFolder = d.opener
			dr := drive(t, opt)
			tor := dr.open("dir", l)
			dr.download(&l, content, 0, 1)
			for range 2 { // that something is written, and that it is there
				<-saved
			}
			expectTruth(t, "synced", d.killed(), &l, content)
			dr.shut(tor)
			if got := tor.claims.String(); got != "{0,1}" {
				t.Error(got)
			}
		})
	}
}

// TestOneWarning: what keeps pieces from being durable is told once, tried again, and told again when it came back.
func TestOneWarning(t *testing.T) {
	l, content := torrentOf(62, bt.BlockSize, 4*bt.BlockSize)
	d := newMemDisk()
	tries, full := make(chan struct{}, 1000), true
	d.fault = func(op, name string, _ int) error {
		if op != "write" || name[0] != '.' {
			return nil
		}
		tries <- struct{}{}
		if full {
			return syscall.ENOSPC
		}
		return nil
	}
	dr := drive(t, Options{OpenFolder: d.opener, SyncEvery: time.Millisecond})
	tor := dr.open("dir", l)
	if _, err := tor.Resume(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	dr.download(&l, content, 0)
	for range 5 {
		<-tries
	}
	d.mu.Lock()
	full = false
	d.mu.Unlock()
	dr.shut(tor)
	warnings := dr.d.Drain(dr.warnings)
	if len(warnings) != 1 || warnings[0].Fault != bt.NoSpace || !strings.Contains(warnings[0].Err.Error(), recordSuffix) {
		t.Errorf("%+v", warnings)
	}
	expectTruth(t, "in the end", d.killed(), &l, content)
	if got := tor.claims.String(); got != "{0}" {
		t.Error(got)
	}
}

// TestCloseIsBounded: a disk that hangs does not hold Close longer than its context says; what hangs ends when the disk does.
func TestCloseIsBounded(t *testing.T) {
	l, content := torrentOf(63, bt.BlockSize, 4*bt.BlockSize)
	d := newMemDisk()
	hang := make(chan struct{})
	d.hang = func(op, name string) {
		if op == "fsync" && name[0] != '.' {
			<-hang
		}
	}
	dr := drive(t, Options{OpenFolder: d.opener})
	tor := dr.open("dir", l)
	dr.download(&l, content, 0)
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := tor.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := dr.close(); err != nil {
		t.Error(err)
	}
	close(hang) // goleak sees to the rest
}

// TestDiskCloseIsBounded is the same for the whole Disk, while a worker hangs too.
func TestDiskCloseIsBounded(t *testing.T) {
	l, content := torrentOf(64, bt.BlockSize, 4*bt.BlockSize)
	d := newMemDisk()
	hang := make(chan struct{})
	d.hang = func(op, name string) {
		if op == "write" && name[0] != '.' {
			<-hang
		}
	}
	dr := drive(t, Options{OpenFolder: d.opener})
	dr.open("dir", l)
	dr.submit(dr.storeJob(&l, content, l.Geometry.BlockAt(0, 0)))
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if err := dr.d.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	close(hang)
	for _, r := range dr.await() {
		if r.Fault != bt.OK {
			t.Errorf("%+v", r)
		}
	}
}

// TestCloseLosesNothing: all that was submitted before Close is done, and what passed is in the record.
func TestCloseLosesNothing(t *testing.T) {
	l, content := torrentOf(65, 4*bt.BlockSize, 64*bt.BlockSize)
	dir := t.TempDir()
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	last := l.Geometry.NumPieces() - 1
	dr.download(&l, content, allPieces(&l)[:last]...)
	for _, b := range blocksOf(&l, last) {
		dr.submit(dr.storeJob(&l, content, b))
	}
	dr.submit(Job{Op: Verify, Torrent: 1, Block: bt.Block{Piece: last}})
	dr.shut(tor)
	for _, r := range dr.await() {
		if r.Fault != bt.OK || r.Op == Verify && !r.Good {
			t.Errorf("%+v", r)
		}
		if r.Buf != nil {
			r.Buf.Free()
		}
	}
	expectFiles(t, dir, &l, content)
	if r := resume(t, dir, l); r.Have.Count() != uint(last) || r.Have.Test(uint(last)) || r.Hashed != 0 {
		t.Errorf("%+v", r)
	}
	if dr.pool.Out() != 0 {
		t.Errorf("%d bytes of buffers are missing", dr.pool.Out())
	}
}

// TestErrorsNameTheFile by its whole path, whoever gives them.
func TestErrorsNameTheFile(t *testing.T) {
	dir := t.TempDir()
	folder, err := OpenFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer folder.Close()
	name := filepath.Join("a", "b")
	_, openErr := folder.OpenFile(name, 0)
	_, statErr := folder.Stat(name)
	_, lockErr := folder.Lock(name)
	_, rootErr := OpenFolder(filepath.Join(dir, name))
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	mkdirErr := folder.MkdirAll(filepath.Join("file", name))
	for _, err := range []error{openErr, statErr, lockErr, rootErr, mkdirErr} {
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), dir) {
			t.Error(err)
		}
	}
}
