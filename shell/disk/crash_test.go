package disk

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// run is one run of a client, from its start to its end or its death.
type run struct {
	t       *testing.T
	dr      *driver
	tor     *Torrent
	layout  *Layout
	content []byte
	r       *rand.Rand

	report  Report
	passed  *bitset.BitSet // verified in this run, or found
	durable *bitset.BitSet // those of which a Sync or Close told

	prepareFailed bool
}

// startRun opens and resumes the torrent on a disk. It gives nil when the disk did not let it.
func startRun(t *testing.T, d *memDisk, l *Layout, content []byte, r *rand.Rand) *run {
	x := &run{t: t, layout: l, content: content, r: r, durable: bitset.New(uint(l.Geometry.NumPieces()))}
	x.dr = drive(t, Options{OpenFolder: d.opener, Writers: 1, Readers: 1})
	tor, err := x.dr.d.Open(1, "dir", *l)
	if err != nil {
		x.dr.close()
		return nil
	}
	x.tor = tor
	if x.report, err = tor.Resume(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	x.passed = x.report.Have.Clone()
	return x
}

// download stores and verifies what is missing, as long as the disk takes it, with a Sync now and then.
func (x *run) download() {
	if x.tor.Prepare() != nil {
		return
	}
	pieces := allPieces(x.layout)
	x.r.Shuffle(len(pieces), func(i, k int) { pieces[i], pieces[k] = pieces[k], pieces[i] })
	for _, p := range pieces {
		if x.report.Have.Test(uint(p)) {
			continue
		}
		blocks := blocksOf(x.layout, p)
		x.r.Shuffle(len(blocks), func(i, k int) { blocks[i], blocks[k] = blocks[k], blocks[i] })
		for _, res := range x.dr.store(x.layout, x.content, blocks) {
			if res.Op == Store && res.Fault != bt.OK {
				return
			}
		}
		if !x.dr.verify(p).Good {
			return
		}
		x.dr.pass(p)
		x.passed.Set(uint(p))
		if x.r.IntN(2) == 0 && x.tor.Sync() == nil {
			x.durable.InPlaceUnion(x.passed)
		}
	}
}

// end closes the torrent, and tells whether all of it is there.
func (x *run) end() bool {
	defer x.dr.close()
	if x.tor.Close(context.Background()) != nil {
		return false
	}
	x.durable.InPlaceUnion(x.passed)
	return x.durable.All()
}

// hasPiece tells whether a piece's bytes are on the disk.
func (d *memDisk) hasPiece(l *Layout, content []byte, piece uint32) bool {
	start := int64(piece) * int64(l.Geometry.PieceLength)
	end := start + int64(l.Geometry.PieceSize(piece))
	for i := range l.Files {
		f := &l.Files[i]
		lo, hi := max(start, f.Offset), min(end, f.Offset+f.Length)
		if f.Pad || lo >= hi {
			continue
		}
		data := d.content(f.name())
		if int64(len(data)) < hi-f.Offset || !bytes.Equal(data[lo-f.Offset:hi-f.Offset], content[lo:hi]) {
			return false
		}
	}
	return true
}

// expectTruth wants the record on a disk to claim only what is there.
func expectTruth(t *testing.T, what string, d *memDisk, l *Layout, content []byte) {
	t.Helper()
	g, err := openLedger(l, d, "dir")
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	rec := g.newest
	if rec == nil {
		return
	}
	for i, ok := rec.claims.NextSet(0); ok; i, ok = rec.claims.NextSet(i + 1) {
		if !d.hasPiece(l, content, uint32(i)) {
			t.Fatalf("%s: the record claims piece %d, which is not there", what, i)
		}
	}
}

// expectRecovery starts again on what is left, wants all that was durable to be found and nothing
// found that is not there, and finishes.
func expectRecovery(t *testing.T, what string, d *memDisk, l *Layout, content []byte, durable *bitset.BitSet, r *rand.Rand) *run {
	t.Helper()
	expectTruth(t, what, d, l, content)
	x := startRun(t, d, l, content, r)
	if x == nil {
		t.Fatalf("%s: cannot be opened again", what)
	}
	if !x.report.Have.IsSuperSet(durable) {
		t.Fatalf("%s: %v was durable, %v is found", what, durable, x.report.Have)
	}
	if durable.Any() && x.report.Record != nil {
		t.Fatalf("%s: the record is lost: %v", what, x.report.Record)
	}
	for i, ok := x.report.Have.NextSet(0); ok; i, ok = x.report.Have.NextSet(i + 1) {
		if !d.hasPiece(l, content, uint32(i)) {
			t.Fatalf("%s: piece %d is found, but not there", what, i)
		}
	}
	x.download()
	if !x.end() {
		t.Fatalf("%s: does not complete", what)
	}
	for _, p := range allPieces(l) {
		if !d.hasPiece(l, content, p) {
			t.Fatalf("%s: piece %d is wrong in the end", what, p)
		}
	}
	return x
}

// powerAt makes everything fail from operation k on.
func (d *memDisk) powerAt(k int) {
	d.ops = 0
	d.fault = func(_, _ string, n int) error {
		if n >= k {
			return errDead
		}
		return nil
	}
}

// crashTorrent is small, and its pieces straddle files.
func crashTorrent() (Layout, []byte) {
	return torrentOf(11, 20_000, 30_000, 500, -1_500, 0, 45_000, 7_000)
}

// TestCrashEverywhere lets the power fail, and the process die, before every single operation.
func TestCrashEverywhere(t *testing.T) {
	l, content := crashTorrent()
	for k := 1; ; k++ {
		r := rand.New(rand.NewPCG(uint64(k), 2))
		d := newMemDisk()
		d.powerAt(k)
		durable, done := bitset.New(uint(l.Geometry.NumPieces())), false
		var verified *bitset.BitSet
		if x := startRun(t, d, &l, content, r); x != nil {
			x.download()
			done = x.end()
			durable, verified = x.durable, x.passed
		}
		if done {
			t.Logf("%d operations", k)
			if k < 50 {
				t.Fatalf("only %d operations: too few to mean anything", k)
			}
			break
		}
		for i := range 8 {
			what := fmt.Sprintf("power failed before operation %d, outcome %d", k, i)
			expectRecovery(t, what, d.crashed(r), &l, content, durable, r)
		}
		what := fmt.Sprintf("killed before operation %d", k)
		x := expectRecovery(t, what, d.killed(), &l, content, durable, r)
		if verified != nil && !x.report.Have.IsSuperSet(verified) {
			t.Fatalf("%s: %v was verified, %v is found", what, verified, x.report.Have)
		}
	}
}

// TestCrashAgainAndAgain lets the power fail at random moments, in the recovery too.
func TestCrashAgainAndAgain(t *testing.T) {
	l, content := crashTorrent()
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 3))
		d := newMemDisk()
		durable := bitset.New(uint(l.Geometry.NumPieces()))
		for i := range 8 {
			d.powerAt(1 + r.IntN(80))
			if x := startRun(t, d, &l, content, r); x != nil {
				x.download()
				x.end()
				durable.InPlaceUnion(x.durable)
			}
			if r.IntN(3) == 0 {
				d = d.killed() // and what it did not sync may be lost with the next crash
			} else {
				d = d.crashed(r)
			}
			if r.IntN(3) == 0 {
				expectTruth(t, fmt.Sprintf("seed %d, crash %d", seed, i), d, &l, content)
			}
		}
		expectRecovery(t, fmt.Sprintf("seed %d", seed), d, &l, content, durable, r)
	}
}

// TestFalseClaim: a piece that the record claims, and that is found damaged, is not written before the
// record has stopped to claim it; nor is one that is stored again though it is there.
func TestFalseClaim(t *testing.T) {
	l, content := crashTorrent()
	r := rand.New(rand.NewPCG(1, 5))
	d := newMemDisk()
	x := startRun(t, d, &l, content, r)
	x.download()
	x.end()

	d.names[l.Files[4].name()].put(22_000, []byte("damage"))
	d.names[l.Files[4].name()].changed++
	x = startRun(t, d, &l, content, r)
	if n := x.report.Have.Count(); n != 4 {
		t.Fatalf("%d pieces are found", n)
	}
	d.fault = func(op, name string, _ int) error {
		if op == "write" && name[0] == '.' {
			return syscall.ENOSPC
		}
		return nil
	}
	for _, p := range []uint32{2, 3} { // damaged; and claimed rightly, but stored again
		for _, res := range x.dr.store(&l, content, blocksOf(&l, p)) {
			if res.Op == Store && res.Fault != bt.NoSpace {
				t.Errorf("piece %d: written while the record claims it: %+v", p, res)
			}
		}
	}
	d.fault = nil
	for _, p := range []uint32{2, 3} {
		for _, res := range x.dr.store(&l, content, blocksOf(&l, p)[:1]) {
			if res.Fault != bt.OK {
				t.Errorf("%+v", res)
			}
		}
	}
	after := d.killed()
	if after.locked = map[string]bool{}; x.end() {
		t.Error("two pieces are incomplete, and all is there")
	}
	g, err := openLedger(&l, after, "dir")
	if err != nil {
		t.Fatal(err)
	}
	rec, err := g.newest, g.newestErr
	if err != nil || rec.claims.Test(2) || rec.claims.Test(3) {
		t.Errorf("%v, %v", err, rec)
	}
}

// TestKilledIsNoRecheck: after a kill, what the record claims is believed, but for a few samples.
func TestKilledIsNoRecheck(t *testing.T) {
	l, content := torrentOf(12, bt.BlockSize, 100*bt.BlockSize)
	r := rand.New(rand.NewPCG(1, 4))
	d := newMemDisk()
	x := startRun(t, d, &l, content, r)
	x.dr.download(&l, content, allPieces(&l)[:60]...)
	if err := x.tor.Sync(); err != nil {
		t.Fatal(err)
	}
	x.dr.download(&l, content, allPieces(&l)[60:70]...)
	x.dr.store(&l, content, blocksOf(&l, 80))
	again := startRun(t, d.killed(), &l, content, r)
	got := again.report
	if got.Have.Count() != 71 || got.Hashed != maxSamples+11 || got.Record != nil {
		t.Errorf("%d pieces found, %d hashed: %v", got.Have.Count(), got.Hashed, got.Record)
	}
	again.end()
	x.end()
}

// TestWithoutResume: who stores without asking what is there leaves no false claim; the next run hashes.
func TestWithoutResume(t *testing.T) {
	l, content := crashTorrent()
	r := rand.New(rand.NewPCG(1, 16))
	d := newMemDisk()
	x := startRun(t, d, &l, content, r)
	x.download()
	x.end()
	dr := drive(t, Options{OpenFolder: d.opener})
	tor := dr.open("dir", l)
	dr.store(&l, make([]byte, len(content)), blocksOf(&l, 2)[:1])
	expectTruth(t, "killed without Resume", d.killed(), &l, content)
	dr.shut(tor)
	if got := resumeOn(t, d, l); got.Have.String() != "{0,1,3,4}" {
		t.Errorf("%+v", got)
	}
}

// resumeOn resumes on a disk in memory.
func resumeOn(t *testing.T, d *memDisk, l Layout) Report {
	t.Helper()
	dr := drive(t, Options{OpenFolder: d.opener})
	defer dr.close()
	r, err := dr.open("dir", l).Resume(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
