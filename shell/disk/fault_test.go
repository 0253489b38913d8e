package disk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// persist downloads as a loop would that meets faults: what fails is tried again after a probe.
func (x *run) persist() bool {
	if x.tor.Prepare() != nil {
		x.prepareFailed = true
		return false
	}
	for range 20 {
		missing := x.passed.Complement()
		if missing.None() {
			return true
		}
		for p, ok := missing.NextSet(0); ok; p, ok = missing.NextSet(p + 1) {
			x.dr.store(x.layout, x.content, blocksOf(x.layout, uint32(p)))
			if r := x.dr.verify(uint32(p)); r.Good {
				x.dr.pass(uint32(p))
				x.passed.Set(p)
			}
			if x.r.IntN(3) == 0 {
				x.tor.Sync() // its error is the fault
			}
			x.probe()
		}
	}
	return false
}

// probe asks whether writing works again.
func (x *run) probe() bt.Fault {
	x.dr.submit(Job{Op: Probe, Torrent: 1})
	for _, r := range x.dr.await() {
		if r.Op == Probe {
			return r.Fault
		}
	}
	x.t.Fatal("no answer to Probe")
	return bt.OK
}

// TestFaultEverywhere lets three operations in a row fail, each way and beginning with every single one:
// nothing wrong is ever claimed or found, and the download completes by itself.
func TestFaultEverywhere(t *testing.T) {
	l, content := torrentOf(31, 20_000, 30_000, -1_500, 0, 45_000)
	for _, fault := range []error{syscall.ENOSPC, syscall.EIO, syscall.EACCES, syscall.EMFILE, errShort} {
		t.Run(fault.Error(), func(t *testing.T) {
			for k := 1; ; k++ {
				d, struck, passed := newMemDisk(), false, false
				d.fault = func(op, _ string, n int) error {
					struck, passed = struck || n >= k, passed || n > k+2
					if n < k || n > k+2 || fault == errShort && op != "write" {
						return nil
					}
					return fault
				}
				r := rand.New(rand.NewPCG(uint64(k), 7))
				what := fmt.Sprintf("from operation %d", k)
				if x := startRun(t, d, &l, content, r); x != nil {
					for i, ok := x.report.Have.NextSet(0); ok; i, ok = x.report.Have.NextSet(i + 1) {
						t.Fatalf("%s: piece %d is found in nothing", what, i)
					}
					if !x.persist() && passed && !x.prepareFailed {
						t.Fatalf("%s: does not complete", what)
					}
					x.end()
				}
				d.fault = nil
				expectRecovery(t, what, d.killed(), &l, content, bitset.New(0), r)
				if !struck {
					if t.Logf("%d operations", k); k < 50 {
						t.Error("too few to mean anything")
					}
					break
				}
			}
		})
	}
}

// fullFrom makes every write of more than there is room for fail, from write k on, until it is told otherwise.
func fullFrom(d *memDisk, k int) (free func()) {
	writes, full := 0, true
	d.fault = func(op, name string, _ int) error {
		if op != "write" || name[0] == '.' {
			return nil
		}
		if writes++; full && writes >= k {
			return syscall.ENOSPC
		}
		return nil
	}
	return func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		full = false
	}
}

// TestDiskFull fills the disk before every single write (F4): the block's answer says so and names the file, probes say
// so until there is room, and then it all goes on.
func TestDiskFull(t *testing.T) {
	l, content := torrentOf(32, 40_000, 30_000, 0, 90_000)
	for k := 1; k < 7; k++ {
		d := newMemDisk()
		free := fullFrom(d, k)
		r := rand.New(rand.NewPCG(uint64(k), 8))
		x := startRun(t, d, &l, content, r)
		var failed []Result
		for _, p := range allPieces(&l) {
			for _, res := range x.dr.store(&l, content, blocksOf(&l, p)) {
				if res.Fault != bt.OK {
					failed = append(failed, res)
				}
			}
		}
		if len(failed) == 0 && k <= 4 {
			t.Fatalf("from write %d: nothing failed", k)
		}
		for _, res := range failed {
			if res.Fault != bt.NoSpace || !errors.Is(res.Err, syscall.ENOSPC) || !strings.Contains(res.Err.Error(), "/f") {
				t.Errorf("from write %d: %+v", k, res)
			}
		}
		if got := x.probe(); len(failed) > 0 && got != bt.NoSpace {
			t.Errorf("from write %d: a probe of the full disk: %v", k, got)
		}
		free()
		if got := x.probe(); got != bt.OK {
			t.Errorf("from write %d: a probe when there is room: %v", k, got)
		}
		for _, res := range failed {
			x.dr.store(&l, content, []bt.Block{res.Block})
		}
		for _, p := range allPieces(&l) {
			if res := x.dr.verify(p); !res.Good {
				t.Errorf("from write %d: piece %d: %v", k, p, res.Err)
			}
			x.dr.pass(p)
			x.passed.Set(uint(p))
		}
		if !x.end() {
			t.Errorf("from write %d: incomplete", k)
		}
		expectTruth(t, "in the end", d, &l, content)
	}
}

// TestProbeHurtsNothing: a probe of a place that was written since leaves what is there.
func TestProbeHurtsNothing(t *testing.T) {
	l, content := torrentOf(33, 40_000, 90_000)
	d := newMemDisk()
	free := fullFrom(d, 1)
	x := startRun(t, d, &l, content, rand.New(rand.NewPCG(1, 9)))
	x.dr.store(&l, content, blocksOf(&l, 1)[1:2])
	free()
	x.dr.download(&l, content, 1)
	if got := x.probe(); got != bt.OK {
		t.Error(got)
	}
	if !d.hasPiece(&l, content, 1) {
		t.Error("the probe has damaged a piece")
	}
	x.end()
}

// TestRecordFull: when only the record cannot be saved (F5), the download goes on with one warning, and the record before
// is intact.
func TestRecordFull(t *testing.T) {
	l, content := torrentOf(34, 40_000, 30_000, 0, 120_000)
	d := newMemDisk()
	r := rand.New(rand.NewPCG(1, 10))
	x := startRun(t, d, &l, content, r)
	x.dr.download(&l, content, 0)
	if err := x.tor.Sync(); err != nil {
		t.Fatal(err)
	}
	d.fault = func(op, name string, _ int) error {
		if op == "write" && name[0] == '.' {
			return syscall.EDQUOT
		}
		return nil
	}
	x.dr.download(&l, content, 1, 2)
	for range 3 {
		if err := x.tor.Sync(); !errors.Is(err, syscall.EDQUOT) {
			t.Error(err)
		}
	}
	after := d.killed()
	expectTruth(t, "with an old record", after, &l, content)
	if y := startRun(t, after, &l, content, r); y.report.Have.String() != "{0,1,2}" || y.report.Record != nil {
		t.Errorf("%+v", y.report)
	} else {
		y.end()
	}
	d.fault = nil
	x.dr.download(&l, content, 3)
	if x.passed.Set(0).Set(1).Set(2).Set(3); !x.end() {
		t.Error("incomplete")
	}
}

// TestReadError: a file that cannot be read any more (F6) fails only its own fetches, and its pieces
// are not claimed any more.
func TestReadError(t *testing.T) {
	l, content := torrentOf(35, bt.BlockSize, 3*bt.BlockSize, 3*bt.BlockSize)
	d := newMemDisk()
	r := rand.New(rand.NewPCG(1, 11))
	x := startRun(t, d, &l, content, r)
	x.download()
	x.end()
	x = startRun(t, d, &l, content, r)
	d.fault = func(op, name string, _ int) error {
		if op == "read" && name == l.Files[1].name() {
			return syscall.EIO
		}
		return nil
	}
	if _, res := x.dr.fetch(l.Geometry.BlockAt(4, 0)); res.Fault != bt.IOError || !strings.Contains(res.Err.Error(), "f1") {
		t.Errorf("%+v", res)
	}
	if got, res := x.dr.fetch(l.Geometry.BlockAt(1, 0)); res.Fault != bt.OK || !slices.Equal(got, content[bt.BlockSize:2*bt.BlockSize]) {
		t.Errorf("%+v", res)
	}
	if res := x.dr.verify(5); res.Fault != bt.IOError || res.Good {
		t.Errorf("%+v", res)
	}
	rep, err := x.tor.Check(context.Background(), nil)
	if err != nil || !errors.Is(rep.Err, syscall.EIO) || rep.Have.String() != "{0,1,2}" {
		t.Errorf("%+v, %v", rep, err)
	}
	x.end()
	d.fault = nil
	y := startRun(t, d, &l, content, r)
	if got := y.tor.claims.String(); got != "{0,1,2}" {
		t.Errorf("claimed after the errors: %s", got)
	}
	y.end()
}

// TestSyncError: what could not be synced is never claimed in that run, not even when a later sync succeeds, and the
// other file's pieces are.
func TestSyncError(t *testing.T) {
	l, content := torrentOf(36, bt.BlockSize, 3*bt.BlockSize, 3*bt.BlockSize)
	d := newMemDisk()
	r := rand.New(rand.NewPCG(1, 12))
	x := startRun(t, d, &l, content, r)
	failing := true
	d.fault = func(op, name string, _ int) error {
		if failing && op == "fsync" && name == l.Files[1].name() {
			return syscall.EIO
		}
		return nil
	}
	x.dr.download(&l, content, 0, 1, 3, 4)
	if err := x.tor.Sync(); !errors.Is(err, syscall.EIO) {
		t.Error(err)
	}
	failing = false
	x.dr.download(&l, content, 2, 5)
	if err := x.tor.Sync(); !errors.Is(err, syscall.EIO) {
		t.Errorf("the file that could not be synced is trusted again: %v", err)
	}
	if got := x.tor.claims.String(); got != "{0,1,2}" {
		t.Errorf("claimed: %s", got)
	}
	x.tor.Close(context.Background())
	x.dr.close()
	y := startRun(t, d, &l, content, r) // hashes and syncs what is there anew
	if !y.report.Have.All() || !y.end() {
		t.Errorf("%+v", y.report)
	}
}

// TestFolderSyncError: while a file's folder cannot be synced its pieces are not claimed; after, they are.
func TestFolderSyncError(t *testing.T) {
	l, content := torrentOf(37, bt.BlockSize, 3*bt.BlockSize)
	d := newMemDisk()
	x := startRun(t, d, &l, content, rand.New(rand.NewPCG(1, 13)))
	failing := true
	d.fault = func(op, name string, _ int) error {
		if failing && op == "syncdir" && name != "." {
			return syscall.EIO
		}
		return nil
	}
	x.dr.download(&l, content, 0, 1)
	for range 2 {
		if err := x.tor.Sync(); !errors.Is(err, syscall.EIO) || x.tor.claims.Any() {
			t.Errorf("%v, claimed: %v", err, x.tor.claims)
		}
	}
	failing = false
	if err := x.tor.Sync(); err != nil || x.tor.claims.String() != "{0,1}" {
		t.Errorf("%v, claimed: %v", err, x.tor.claims)
	}
	x.end()
}

// TestShortWrites: writes that end early are gone on with (F7).
func TestShortWrites(t *testing.T) {
	l, content := crashTorrent()
	d := newMemDisk()
	d.fault = func(op, _ string, n int) error {
		if op == "write" && n%3 != 0 {
			return errShort
		}
		return nil
	}
	x := startRun(t, d, &l, content, rand.New(rand.NewPCG(1, 14)))
	if x.download(); !x.end() {
		t.Fatal("incomplete")
	}
	expectTruth(t, "in the end", d, &l, content)
}

// TestLyingWrites: a disk that tells of success and writes nothing is found out when pieces are read back (F7).
func TestLyingWrites(t *testing.T) {
	l, content := torrentOf(38, 4*bt.BlockSize, 8*bt.BlockSize)
	d := newMemDisk()
	lies := 1
	d.fault = func(op, name string, _ int) error {
		if op == "write" && name[0] != '.' && lies > 0 {
			lies--
			return errLie
		}
		return nil
	}
	dr := drive(t, Options{OpenFolder: d.opener, ReadBack: true})
	tor := dr.open("dir", l)
	dr.store(&l, content, blocksOf(&l, 0))
	if r := dr.verify(0); r.Good {
		t.Error("a piece that was not written is good")
	}
	dr.download(&l, content, 0, 1)
	dr.shut(tor)
	if !d.hasPiece(&l, content, 0) {
		t.Error("a piece is wrong")
	}
}

// TestDescriptorsRunOut: when the system lets only few files be open, idle ones are closed to open others.
func TestDescriptorsRunOut(t *testing.T) {
	lengths := make([]int64, 30)
	for i := range lengths {
		lengths[i] = 3000
	}
	l, content := torrentOf(39, bt.BlockSize, lengths...)
	d := newMemDisk()
	d.limit = 3
	x := startRun(t, d, &l, content, rand.New(rand.NewPCG(1, 15)))
	x.dr.download(&l, content, allPieces(&l)...)
	if x.passed.FlipRange(0, x.passed.Len()); !x.end() || d.open != 0 {
		t.Errorf("incomplete, or %d files are left open", d.open)
	}
}
