package check_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
	"peerwire/sim/check"
)

// What a peer has said and its core has not taken in is found, what it has not been told, and what nobody gives it: made up here, as no core
// forgets it.
func TestHeard(t *testing.T) {
	says := func(b []byte) func(w sim.Watcher, conn bt.ConnID) {
		return func(w sim.Watcher, conn bt.ConnID) {
			w.Told(&bt.Event{Kind: bt.Received, Conn: conn, Data: b})
			w.Did(&bt.Effect{Kind: bt.Need, Conn: conn, N: len(b)})
		}
	}
	for _, test := range []struct {
		want  check.Checker
		slots int // that the node has; it should have 8
		lie   func(w sim.Watcher, conn bt.ConnID)
	}{
		{"", 8, func(sim.Watcher, bt.ConnID) {}},
		{check.Availability, 8, says(wire.AppendHaveNone(nil))},
		{check.Answers, 8, says(wire.AppendRequest(nil, bt.Block{Piece: 15, Length: bt.BlockSize}))},
		{check.Losses, 8, func(w sim.Watcher, conn bt.ConnID) {
			w.Did(&bt.Effect{Kind: bt.Fetch, Conn: conn, Token: 1 << 20, Block: bt.Block{Piece: 0, Length: bt.BlockSize}})
			w.Told(&bt.Event{Kind: bt.Fetched, Token: 1 << 20, Fault: bt.IOError})
		}},
		{check.Pauses, 8, func(w sim.Watcher, _ bt.ConnID) {
			w.Did(&bt.Effect{Kind: bt.Store, Token: 1 << 20, Block: bt.Block{Piece: 0, Length: bt.BlockSize}})
		}},
		{check.Dials, 8, func(w sim.Watcher, _ bt.ConnID) { w.Did(&bt.Effect{Kind: bt.Dial, Conn: 1 << 20}) }},
		{check.Turns, 0, func(sim.Watcher, bt.ConnID) {}},
	} {
		var torrent *sim.Torrent
		rules := check.Rules{Conns: 3, Dials: 1, Slots: 8}
		w := sim.NewWorld(sim.Options{Seed: 1, Swift: true, Watch: func(n *sim.Node) sim.Watcher { return check.Watch(n, torrent, rules) }})
		torrent = w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 80 * bt.BlockSize})
		cfg := bt.DefaultConfig()
		cfg.UploadSlots, cfg.MaxHalfOpen = test.slots, 1
		a, b := w.AddNode(sim.NodeSpec{Name: "A", Config: cfg}), w.AddNode(sim.NodeSpec{Name: "B", Config: bt.DefaultConfig()})
		for i, n := range []*sim.Node{a, b} { // each has some pieces, and none that the other has
			n.Join(torrent, func(piece uint32) bool { return int(piece)%2 == i && piece < 10 })
		}
		a.Learn(torrent, b.Addr(), bt.Tracker)
		w.RunTo(bt.Instant(30 * time.Second))
		_, peers := a.Peers()
		if len(peers) != 1 {
			t.Fatalf("%d connections", len(peers))
		}
		test.lie(a.Watcher(), peers[0].Conn)
		w.RunTo(bt.Instant(3 * time.Minute)) // keep-alives are written
		for i := range byte(2) {             // nobody answers there: the one is dialled, and the other waits
			a.Learn(torrent, netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, 1 + i}), 6881), bt.Tracker)
		}
		var c check.Round
		var f *check.Failure
		err := c.Node(w.Now(), a, torrent, rules)
		for range 2 { // who waits is seen to, the second time
			w.RunTo(w.Now().Add(2 * time.Minute))
			if err == nil && test.want == check.Turns {
				err = c.Node(w.Now(), a, torrent, rules)
			}
		}
		if errors.As(err, &f); (err == nil) != (test.want == "") || err != nil && f.Checker != test.want {
			t.Errorf("want %q, have %v", test.want, err)
		}
		if err := w.Fault(); err != nil {
			t.Error(err)
		}
	}
}
