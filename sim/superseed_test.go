package sim_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim"
)

// premiere is the first seed of a torrent, on a slow line, and leechers that have nothing.
type premiere struct {
	super    bool
	seed     uint64
	leechers int
	line     int64 // of each leecher, KiB a second
}

// The seed's line, and the torrent: 128 s go by before one copy of it is out.
const (
	seedLine    = 64 << 10 // bytes a second
	debutPieces = 128
	debutPiece  = 64 << 10 // bytes
)

// run plays a premiere until everybody has everything. It tells how many copies of the torrent the seed has sent by then, in
// thousandths, and when that was.
func (p premiere) run(t *testing.T) (copies int64, took time.Duration) {
	t.Helper()
	w := sim.NewWorld(sim.Options{Seed: p.seed})
	w.SetLine(sim.Line{Latency: 20 * time.Millisecond, Window: 32 << 10})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: debutPiece, Total: debutPieces * debutPiece})
	nodes := []*sim.Node{w.AddNode(sim.NodeSpec{Name: "Seed", Config: bt.DefaultConfig(), SuperSeed: p.super, Uplink: seedLine})}
	for i := range p.leechers {
		nodes = append(nodes, w.AddNode(sim.NodeSpec{Name: fmt.Sprintf("L%d", i+1), Config: bt.DefaultConfig(), Uplink: p.line << 10}))
	}
	for i, n := range nodes {
		n.Join(torrent, func(uint32) bool { return i == 0 })
	}
	p.meet(w, torrent, nodes)
	done := w.RunUntil(bt.Instant(time.Hour), func() bool {
		for _, n := range nodes {
			if !n.Complete(torrent) {
				return false
			}
		}
		return true
	})
	if err := w.Fault(); err != nil || !done {
		t.Fatalf("not complete by %v: %v\n%s", w.Now(), err, tail(sim.Format(w.Journal())))
	}
	for _, v := range w.Violations() {
		if v != clause.RequestWhileChoked { // a choke waits in the seed's slow line for longer than its grace
			t.Fatalf("%v among ourselves", v)
		}
	}
	ts, _ := nodes[0].Torrent(torrent.ID)
	return 1000 * ts.Totals.Uploaded / torrent.Geometry.Total, w.Now().Sub(0)
}

// meet lets everybody hear of everybody else, one after the other, in an order of chance.
func (p premiere) meet(w *sim.World, torrent *sim.Torrent, nodes []*sim.Node) {
	type pair struct{ a, b *sim.Node }
	var pairs []pair
	for _, a := range nodes {
		for _, b := range nodes {
			if a != b {
				pairs = append(pairs, pair{a, b})
			}
		}
	}
	lots := rand.New(rand.NewPCG(p.seed, 0))
	lots.Shuffle(len(pairs), func(i, k int) { pairs[i], pairs[k] = pairs[k], pairs[i] })
	for _, m := range pairs {
		w.RunTo(w.Now().Add(time.Duration(lots.IntN(50)) * time.Millisecond))
		m.a.Learn(torrent, m.b.Addr(), bt.Tracker)
	}
}

// A super-seed sends little more than one copy of its torrent until everybody has it; the same seed sends notably more when it does not
// hide what it has, and everybody waits longer. docs/super-seeding.md holds these numbers. [SUP-2] [SUP-3] [SUP-4] [SUP-5]
func TestSuperSeedingSparesTheLine(t *testing.T) {
	all := []premiere{
		{seed: 1, leechers: 6, line: 64}, {seed: 2, leechers: 6, line: 256},
		{seed: 3, leechers: 10, line: 64}, {seed: 4, leechers: 10, line: 256},
	}
	if testing.Short() {
		all = all[:1] // no more than one goroutine works at any of them
	}
	for _, p := range all {
		t.Run(fmt.Sprintf("%d leechers, %d KiB a second", p.leechers, p.line), func(t *testing.T) {
			t.Parallel()
			open, waited := p.run(t)
			p.super = true
			hidden, took := p.run(t)
			t.Logf("%d.%03d copies in %v, super-seeding %d.%03d in %v", open/1000, open%1000, waited.Round(time.Second),
				hidden/1000, hidden%1000, took.Round(time.Second))
			if hidden > 1100 {
				t.Errorf("super-seeding took %d thousandths of the torrent", hidden)
			}
			if hidden+100 > open || took > waited {
				t.Error("it took as much without")
			}
		})
	}
}
