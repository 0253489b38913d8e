package trace_test

import (
	"io"
	"net/netip"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/trace"
)

// BenchmarkHandle tells a session of a piece that a peer has, again and again: a core as it is, one that could be recorded, and one that is.
func BenchmarkHandle(b *testing.B) {
	cfg := bt.DefaultConfig()
	b.Run("core", func(b *testing.B) { repeat(b, core.New(cfg, nil)) })
	b.Run("off", func(b *testing.B) {
		s := trace.NewSession(core.New(cfg, nil))
		repeat(b, &s)
	})
	b.Run("on", func(b *testing.B) {
		s := trace.NewWriter(io.Discard, "test").Session("a", netip.AddrPort{}, cfg, 0, core.New(cfg, nil))
		repeat(b, &s)
	})
}

// caller is a session, recorded or not.
type caller interface {
	Handle(bt.Instant, bt.Event)
	Poll(*bt.Effect) bool
}

func repeat(b *testing.B, s caller) {
	id, now := 1|bt.Accepted, bt.Instant(0)
	var e bt.Effect
	tell := func(ev bt.Event) {
		s.Handle(now, ev)
		for s.Poll(&e) {
		}
	}
	tell(bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{Geometry: bt.Geometry{PieceLength: 1 << 20, Total: 1 << 30}}})
	tell(bt.Event{Kind: bt.Accept, Conn: id, Addr: netip.MustParseAddrPort("10.0.0.1:6881")})
	tell(bt.Event{Kind: bt.Received, Conn: id, Data: wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{}, bt.PeerID{1}))})
	says := []byte{0, 0, 0, 5, byte(wire.Have), 0, 0, 0, 1}
	b.ReportAllocs()
	for b.Loop() {
		now++
		tell(bt.Event{Kind: bt.Received, Conn: id, Data: says})
	}
}
