package sim

import (
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// A torrent counts the connections of each of the four kinds that its node ever had. One whose handshake was never done is none.
func TestKinds(t *testing.T) {
	w := NewWorld(Options{Seed: 1})
	torrent := w.AddTorrent("T", bt.Geometry{PieceLength: bt.BlockSize, Total: bt.BlockSize})
	nobody := func(uint32) bool { return false }
	node := func(name string, may bt.Transports) *Node {
		cfg := bt.DefaultConfig()
		cfg.Transports = may
		n := w.AddNode(NodeSpec{Name: name, Config: cfg})
		n.Join(torrent, nobody)
		return n
	}
	a, b, c := node("A", bt.TCPAndUTP), node("B", bt.OnlyTCP), node("C", bt.OnlyUTP)
	more, d, e := node("M", bt.OnlyTCP), node("D", bt.OnlyTCP), node("E", bt.OnlyTCP)
	silent := w.AddRaw("X", netip.AddrPort{})
	for _, from := range []*Node{b, more, c} {
		from.Learn(torrent, a.Addr(), bt.Tracker)
	}
	w.Deafen(e, bt.UTP, true)
	for _, to := range []Host{d, e, silent} {
		a.Learn(torrent, to.Addr(), bt.Tracker)
	}
	w.RunTo(bt.Instant(30 * time.Second))
	want := bt.Kinds{bt.TCP: {bt.Incoming: 2, bt.Outgoing: 1}, bt.UTP: {bt.Incoming: 1, bt.Outgoing: 1}}
	if ts, _ := a.Torrent(torrent.ID); ts.Totals.Opened != want {
		t.Errorf("opened %v, want %v", ts.Totals.Opened, want)
	}
	b.Quit(torrent)
	w.Settle()
	if ts, _ := a.Torrent(torrent.ID); ts.Totals.Opened != want || ts.Connected != 4 {
		t.Errorf("one has left: opened %v, %d are connected", ts.Totals.Opened, ts.Connected)
	}
}
