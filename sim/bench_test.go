package sim_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
)

// flash is a swarm that comes all at once: one seed, and peers who each know some of the others.
func flash(peers, pieces, blocks, conns int) (*sim.World, []*sim.Node) {
	w := sim.NewWorld(sim.Options{Seed: 1, Swift: true})
	w.SetLine(sim.Line{Latency: 25 * time.Millisecond, Start: 14480})
	g := bt.Geometry{PieceLength: uint32(blocks) * bt.BlockSize, Total: int64(pieces) * int64(blocks) * bt.BlockSize}
	torrent := w.AddTorrent("T", g)
	var nodes []*sim.Node
	for i := range peers {
		cfg := bt.DefaultConfig()
		cfg.MaxConns = conns
		n := w.AddNode(sim.NodeSpec{Name: fmt.Sprintf("n%d", i), Config: cfg, Uplink: 1 << 20, Downlink: 4 << 20})
		n.Join(torrent, func(uint32) bool { return i == 0 })
		nodes = append(nodes, n)
	}
	lots := sim.NewLots(1, 0, sim.Purposes)
	for i, n := range nodes {
		for range conns / 2 {
			if k := int(lots.Below(uint64(peers))); k != i {
				n.Learn(torrent, nodes[k].Addr(), bt.Tracker)
			}
		}
	}
	return w, nodes
}

// BenchmarkWorld is a message delivered, from the core that says it to the core that hears it, in the midst of a download of 400 pieces.
// It stops before anybody is done.
func BenchmarkWorld(b *testing.B) {
	for _, peers := range []int{100, 1000} {
		w, _ := flash(peers, 400, 16, 50)
		w.RunTo(bt.Instant(30 * time.Second))
		b.Run(fmt.Sprint(peers), func(b *testing.B) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b.ResetTimer()
			from := w.Messages()
			w.RunUntil(bt.Never, func() bool { return w.Messages()-from >= uint64(b.N) })
			b.StopTimer()
			runtime.ReadMemStats(&after)
			n := float64(w.Messages() - from)
			b.ReportMetric(n/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(after.Mallocs-before.Mallocs)/n, "allocs/event")
			b.ReportMetric(0, "ns/op")
			if testing.Verbose() {
				b.Logf("at %v", w.Now())
			}
		})
	}
}
