package check_test

import (
	"errors"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
	"peerwire/sim/check"
)

// What a peer has said and its core has not taken in is found: made up here, as no core forgets it.
func TestHeard(t *testing.T) {
	for _, test := range []struct {
		want check.Checker
		lie  []byte
	}{
		{"", nil},
		{check.Availability, wire.AppendHaveNone(nil)},
		{check.Answers, wire.AppendRequest(nil, bt.Block{Piece: 15, Length: bt.BlockSize})},
	} {
		var torrent *sim.Torrent
		rules := check.Rules{Conns: 1, Slots: 8}
		w := sim.NewWorld(sim.Options{Seed: 1, Swift: true, Watch: func(n *sim.Node) sim.Watcher { return check.Watch(n, torrent, rules) }})
		torrent = w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 80 * bt.BlockSize})
		a, b := w.AddNode(sim.NodeSpec{Name: "A", Config: bt.DefaultConfig()}), w.AddNode(sim.NodeSpec{Name: "B", Config: bt.DefaultConfig()})
		for i, n := range []*sim.Node{a, b} { // each has some pieces, and none that the other has
			n.Join(torrent, func(piece uint32) bool { return int(piece)%2 == i && piece < 10 })
		}
		a.Learn(torrent, b.Addr(), bt.Tracker)
		w.RunTo(bt.Instant(30 * time.Second))
		_, peers := a.Peers()
		if len(peers) != 1 {
			t.Fatalf("%d connections", len(peers))
		}
		if test.lie != nil {
			conn := peers[0].Conn
			a.Watcher().Told(&bt.Event{Kind: bt.Received, Conn: conn, Data: test.lie})
			a.Watcher().Did(&bt.Effect{Kind: bt.Need, Conn: conn, N: len(test.lie)})
		}
		w.RunTo(bt.Instant(3 * time.Minute)) // keep-alives are written
		var c check.Round
		var f *check.Failure
		err := c.Node(w.Now(), a, torrent, rules)
		if errors.As(err, &f); (err == nil) != (test.want == "") || err != nil && f.Checker != test.want {
			t.Errorf("want %q, have %v", test.want, err)
		}
		if err := w.Fault(); err != nil {
			t.Error(err)
		}
	}
}
