package sim_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// The measure of libtorrent's own simulation: of twenty interested peers that ask for nothing, with one slot, each is unchoked for a
// twentieth of half an hour, to within 1.5 s. [CHK-6]
func TestTheOptimisticSlotIsFair(t *testing.T) {
	const peers, whole, slack = 20, 30 * time.Minute, 1500 * time.Millisecond
	w := sim.NewWorld(sim.Options{Seed: 1})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: bt.BlockSize, Total: 4 * bt.BlockSize})
	cfg := bt.DefaultConfig()
	cfg.UploadSlots = 1
	node := w.AddNode(sim.NodeSpec{Name: "A", Config: cfg})
	node.Join(torrent, func(uint32) bool { return true })
	var raws []*sim.Raw
	for i := range peers {
		r := w.AddRaw(fmt.Sprintf("X%d", i), netip.AddrPort{})
		r.Connect(node)
		w.Settle()
		hello := wire.AppendHandshake(nil, wire.NewHandshake(torrent.InfoHash, r.ID))
		r.Write(wire.AppendInterested(wire.AppendHaveNone(hello)))
		raws = append(raws, r)
	}
	for w.Now() < bt.Instant(whole) {
		w.RunTo(w.Now().Add(time.Minute))
		for _, r := range raws {
			r.Write(wire.AppendKeepAlive(nil))
		}
	}
	if err := w.Fault(); err != nil {
		t.Fatal(err)
	}
	served, since := map[string]time.Duration{}, map[string]bt.Instant{}
	for _, e := range w.Journal() {
		switch {
		case e.Who != "A":
		case e.Text == "unchoke":
			since[e.To] = e.At
		case e.Text == "choke":
			served[e.To] += e.At.Sub(since[e.To])
			delete(since, e.To)
		}
	}
	for name, at := range since {
		served[name] += w.Now().Sub(at)
	}
	for _, r := range raws {
		if off := served[r.Name()] - whole/peers; off < -slack || off > slack {
			t.Errorf("%s was unchoked for %v of %v", r.Name(), served[r.Name()], whole)
		}
	}
}
