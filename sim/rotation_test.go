package sim

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// Of two optimistic slots for three peers neither stays with one of them: who keeps its slot when they go round counts as given it anew. [CHK-6]
func TestOptimisticSlotsGoRound(t *testing.T) {
	w := NewWorld(Options{Seed: 1})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: bt.BlockSize, Total: 2 * bt.BlockSize})
	cfg := bt.DefaultConfig()
	cfg.UploadSlots = 10
	n := w.AddNode(NodeSpec{Name: "A", Config: cfg})
	n.Join(torrent, func(piece uint32) bool { return piece == 0 })
	for i := range 11 {
		r := w.AddRaw(fmt.Sprintf("R%d", i), netip.AddrPort{})
		b := wire.AppendHandshake(nil, wire.NewHandshake(torrent.InfoHash, r.ID))
		r.Begin(wire.AppendInterested(wire.AppendHaveNone(b)))
		r.Connect(n)
	}
	const rounds = 24
	turns := map[bt.ConnID]int{}
	for range rounds {
		w.RunTo(w.Now().Add(30 * time.Second))
		for _, s := range n.sockets {
			s.end.far.sink.(*Raw).Write(wire.AppendKeepAlive(nil)) // nobody is silent
		}
		_, peers := n.Peers()
		for _, p := range peers {
			if p.State.OptimisticUnchoke() {
				turns[p.Conn]++
			}
		}
	}
	if len(turns) != 3 {
		t.Errorf("%d peers had an optimistic slot, and 3 wait for one: %v", len(turns), turns)
	}
	for id, n := range turns {
		if n < rounds*2/3-2 || n > rounds*2/3+2 {
			t.Errorf("%v had %d turns of %d", id, n, 2*rounds)
		}
	}
}
