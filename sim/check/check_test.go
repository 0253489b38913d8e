package check_test

import (
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/check"
)

// Each checker finds what it is there for, and nothing where nothing is.
func TestNode(t *testing.T) {
	w := sim.NewWorld(sim.Options{Seed: 1, Swift: true})
	w.SetLine(sim.Line{Latency: 10 * time.Millisecond})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 80 * bt.BlockSize})
	node := func(name string, all bool) *sim.Node {
		n := w.AddNode(sim.NodeSpec{Name: name, Config: bt.DefaultConfig(), Uplink: 128 << 10})
		n.Join(torrent, func(uint32) bool { return all })
		return n
	}
	s, a := node("S", true), node("A", false)
	a.Learn(torrent, s.Addr(), bt.Tracker)
	w.RunTo(bt.Instant(3 * time.Second))
	var c check.Round
	if err := c.Node(w.Now(), s, torrent, check.Rules{Conns: 1, Slots: 1}); err != nil {
		t.Error(err)
	}
	for _, test := range []struct {
		rules check.Rules
		now   bt.Instant
		spoil bool
		want  string
	}{
		{check.Rules{Conns: 0, Slots: 1}, w.Now(), false, "S: checker connections: 1 connections, 0 at most"},
		{check.Rules{Conns: 1, Slots: 0}, w.Now(), false, "S: checker slots: 1 peers are unchoked, 0 at most"},
		{check.Rules{Conns: 1, Slots: 1}, w.Now().Add(time.Hour), false, "was due at"},
		{check.Rules{Conns: 1, Slots: 1}, w.Now(), true, "S: checker pieces: its core has 20 pieces, its disk 0 that are whole and right"},
		{check.Rules{Conns: 1, Slots: -1, Lies: true}, w.Now(), true, ""},
	} {
		if test.spoil {
			s.Disk.Spoil()
		}
		err := c.Node(test.now, s, torrent, test.rules)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.rules, err, test.want)
		}
	}
}

func TestFlow(t *testing.T) {
	for _, test := range []struct {
		bytes int64
		ok    bool
	}{{100 << 10, true}, {132 << 10, true}, {134 << 10, false}} {
		f := check.Flow{Name: "A", Bytes: test.bytes, Rate: 100 << 10, Present: time.Second}
		if err := f.Check(0); (err == nil) != test.ok {
			t.Errorf("%d bytes: %v", test.bytes, err)
		}
	}
}

func TestConserved(t *testing.T) {
	if check.Conserved(0, 10, 10) != nil || check.Conserved(0, 10, 9) != nil || check.Conserved(0, 10, 11) == nil {
		t.Error("bytes are conserved when no more are received than sent")
	}
}
