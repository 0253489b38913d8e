package core

import (
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// rig is a session with one torrent and one peer that is a seed and has unchoked us; the blocks it is asked for are
// answered in order.
type rig struct {
	s      *Session
	now    bt.Instant
	conn   bt.ConnID
	room   [4 << 10]byte
	bytes  []byte // a message for the session
	stores []bt.Token
	asked  []bt.Block
	next   int // of asked
	need   bt.Effect
	verify []uint32
	done   bool

	greeted bool
	msg     wire.Message
}

func newRig(tb testing.TB, g bt.Geometry) *rig {
	cfg := bt.DefaultConfig()
	cfg.PeerID[0] = 1
	r := &rig{s: New(cfg, nil)}
	hash := bt.InfoHash{2}
	r.handle(bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{InfoHash: hash, Geometry: g}})
	r.handle(bt.Event{Kind: bt.AddPeer, Torrent: 1, Addr: netip.MustParseAddrPort("10.0.0.1:6881")})
	if r.conn == 0 {
		tb.Fatal("no dial")
	}
	r.handle(bt.Event{Kind: bt.Dialled, Conn: r.conn})
	hello := wire.AppendHandshake(nil, wire.NewHandshake(hash, bt.PeerID{9}))
	hello = wire.AppendExtended(hello, 0, []byte("d4:reqqi2000ee"))
	r.receive(wire.AppendUnchoke(wire.AppendHaveAll(hello)))
	return r
}

func (r *rig) handle(ev bt.Event) {
	r.s.Handle(r.now, ev)
	var e bt.Effect
	for r.s.Poll(&e) {
		switch e.Kind {
		case bt.Dial:
			r.conn = e.Conn
		case bt.Need:
			r.need = e
		case bt.Store:
			r.stores = append(r.stores, e.Token)
		case bt.Verify:
			r.verify = append(r.verify, e.Piece)
		case bt.Completed:
			r.done = true
		}
	}
}

func (r *rig) receive(b []byte) { r.handle(bt.Event{Kind: bt.Received, Conn: r.conn, Data: b}) }

// transmit takes the requests that the session makes.
func (r *rig) transmit() {
	for {
		t := r.s.Transmit(r.now, r.conn, r.room[:])
		b := r.room[:t.N]
		if !r.greeted && t.N > 0 {
			r.greeted = true
			b = b[wire.HandshakeLen:]
		}
		for len(b) > 0 {
			n, _, _ := wire.Decode(b, &wire.Rules{Fast: true}, &r.msg)
			if r.msg.ID == wire.Request {
				r.asked = append(r.asked, r.msg.Block)
			}
			b = b[n:]
		}
		if t.Last {
			return
		}
	}
}

// block answers the oldest request, to the last word of the disk. It is false when there is none.
func (r *rig) block() bool {
	if r.next == len(r.asked) {
		r.asked, r.next = r.asked[:0], 0
		if r.transmit(); len(r.asked) == 0 {
			return false
		}
	}
	b := r.asked[r.next]
	r.next++
	r.now += bt.Instant(50 * time.Microsecond)
	r.bytes = wire.AppendPieceHeader(r.bytes[:0], b)
	r.receive(r.bytes)
	r.handle(bt.Event{Kind: bt.PayloadRead, Conn: r.conn, N: int(b.Length)})
	for _, tok := range r.stores {
		r.handle(bt.Event{Kind: bt.Stored, Token: tok})
	}
	r.stores = r.stores[:0]
	for _, piece := range r.verify {
		r.handle(bt.Event{Kind: bt.Verified, Torrent: 1, Piece: piece, Good: true})
	}
	r.verify = r.verify[:0]
	return true
}

// BenchmarkBlock is the core's whole work for one block: the header decoded, the payload accounted for, the
// store and its answer, the next block chosen and requested; and its share of a piece verified.
func BenchmarkBlock(b *testing.B) {
	g := bt.Geometry{PieceLength: 1 << 20, Total: 1 << 40}
	r := newRig(b, g)
	b.ReportAllocs()
	for b.Loop() {
		if !r.block() {
			r = newRig(b, g)
		}
	}
}

// BenchmarkBlockAmongMany is the same in a session whose places are all taken, by peers that say nothing.
func BenchmarkBlockAmongMany(b *testing.B) {
	g := bt.Geometry{PieceLength: 1 << 20, Total: 1 << 40}
	r := newCrowdedRig(b, g)
	b.ReportAllocs()
	for b.Loop() {
		if !r.block() {
			r = newCrowdedRig(b, g)
		}
	}
}

func newCrowdedRig(tb testing.TB, g bt.Geometry) *rig {
	r := newRig(tb, g)
	for i := range 199 {
		id := bt.Accepted + bt.ConnID(i)
		at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 1, byte(i), 1}), 50000)
		r.handle(bt.Event{Kind: bt.Accept, Conn: id, Addr: at})
		hello := wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{2}, bt.PeerID{10, byte(i)}))
		r.handle(bt.Event{Kind: bt.Received, Conn: id, Data: wire.AppendHaveNone(hello)})
		for !r.s.Transmit(r.now, id, r.room[:]).Last {
		}
		var e bt.Effect
		for r.s.Poll(&e) {
		}
	}
	return r
}
