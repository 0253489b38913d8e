package core

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// What a session of a mob has: so many connections, in a torrent of so many pieces.
const (
	mobConns  = 50
	mobPieces = 400
)

// mob is sessions in the midst of a swarm, that take turns: with one of them all stands in the caches, with a thousand nothing does, and that
// is what counts in the simulator. The first connection of each is with a seed that has unchoked us; the others are with peers that have nothing
// yet, take blocks, and choke us.
type mob struct {
	blocks  uint32 // of a piece
	members []*mobber
	now     bt.Instant
	room    [4 << 10]byte
	bytes   []byte
	msg     wire.Message
}

// mobber is one of them.
type mobber struct {
	s       *Session
	asked   []bt.Block // of the seed, and not answered
	writers []bt.ConnID
	fetched []bt.Token
	stored  bt.Token
	verify  bool
}

func newMob(b *testing.B, sessions int, blocks uint32) *mob {
	b.Helper()
	m := &mob{blocks: blocks}
	scratch := new(Scratch)
	g := bt.Geometry{PieceLength: blocks * bt.BlockSize, Total: mobPieces * int64(blocks) * bt.BlockSize}
	for range sessions {
		cfg := bt.DefaultConfig()
		cfg.PeerID[0] = 1
		p := &mobber{s: NewWith(scratch, cfg, nil)}
		m.members = append(m.members, p)
		m.handle(p, bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{InfoHash: bt.InfoHash{2}, Geometry: g}})
		for i := range mobConns {
			at := netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, 0, byte(i), 1}), 50000)
			m.handle(p, bt.Event{Kind: bt.Accept, Conn: mobConn(i), Addr: at})
			hello := wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{2}, bt.PeerID{9, byte(i)}))
			hello = wire.AppendExtended(hello, 0, []byte("d4:reqqi500ee"))
			if i > 0 {
				hello = wire.AppendInterested(wire.AppendHaveNone(hello))
			} else {
				hello = wire.AppendUnchoke(wire.AppendHaveAll(hello))
			}
			m.hear(p, i, hello)
			m.flush(p)
		}
	}
	return m
}

func mobConn(i int) bt.ConnID { return bt.Accepted | bt.ConnID(i+1) }

func (m *mob) handle(p *mobber, ev bt.Event) {
	p.s.Handle(m.now, ev)
	m.drain(p)
}

func (m *mob) drain(p *mobber) {
	for e := (bt.Effect{}); p.s.Poll(&e); {
		switch e.Kind {
		case bt.WantWrite:
			p.writers = append(p.writers, e.Conn)
		case bt.Fetch:
			p.fetched = append(p.fetched, e.Token)
		case bt.Store:
			p.stored = e.Token
		case bt.Verify:
			p.verify = true
		}
	}
}

func (m *mob) hear(p *mobber, conn int, b []byte) {
	m.handle(p, bt.Event{Kind: bt.Received, Conn: mobConn(conn), Data: b})
}

// flush takes all that a session has to say, and gives it the blocks that it wants to read.
func (m *mob) flush(p *mobber) {
	for _, tok := range p.fetched {
		m.handle(p, bt.Event{Kind: bt.Fetched, Token: tok})
	}
	p.fetched = p.fetched[:0]
	for k := 0; k < len(p.writers); k++ {
		for {
			t := p.s.Transmit(m.now, p.writers[k], m.room[:])
			if p.writers[k] == mobConn(0) {
				m.read(p, m.room[:t.N])
			}
			m.drain(p)
			if t.Last {
				break
			}
		}
	}
	p.writers = p.writers[:0]
}

// read notes which blocks the seed is asked for.
func (m *mob) read(p *mobber, b []byte) {
	for len(b) > 0 {
		if b[0] != 0 {
			b = b[wire.HandshakeLen:]
			continue
		}
		n, _, _ := wire.Decode(b, &wire.Rules{Fast: true}, &m.msg)
		if m.msg.ID == wire.Request {
			p.asked = append(p.asked, m.msg.Block)
		}
		b = b[n:]
	}
}

// download lets the seed answer a request, to the last word of the disk; all are told of the piece.
func (m *mob) download(p *mobber) {
	b := p.asked[0]
	p.asked = p.asked[:copy(p.asked, p.asked[1:])]
	m.bytes = wire.AppendPieceHeader(m.bytes[:0], b)
	m.hear(p, 0, m.bytes)
	m.handle(p, bt.Event{Kind: bt.PayloadRead, Conn: mobConn(0), N: int(b.Length)})
	m.handle(p, bt.Event{Kind: bt.Stored, Token: p.stored})
	if p.verify {
		p.verify = false
		m.handle(p, bt.Event{Kind: bt.Verified, Torrent: 1, Piece: b.Piece, Good: true})
	}
}

// each measures what f does to one session after the other, as often as it is good for, before all begins anew.
func (m *mob) each(b *testing.B, times int, f func(p *mobber, time int)) {
	b.ReportAllocs()
	for i, k := 0, 0; b.Loop(); k++ {
		if k == len(m.members) {
			i, k = i+1, 0
			m.now += bt.Instant(len(m.members)) * bt.Instant(20*time.Microsecond)
		}
		if i == times {
			b.StopTimer()
			*m, i = *newMob(b, len(m.members), m.blocks), 0
			b.StartTimer()
		}
		f(m.members[k], i)
	}
}

func inMobs(b *testing.B, blocks uint32, f func(b *testing.B, m *mob)) {
	for _, sessions := range []int{1, 1000} {
		b.Run(fmt.Sprint(sessions), func(b *testing.B) { f(b, newMob(b, sessions, blocks)) })
	}
}

// BenchmarkHaveIn is a have from a peer that chokes us.
func BenchmarkHaveIn(b *testing.B) {
	inMobs(b, 1, func(b *testing.B, m *mob) {
		m.each(b, (mobConns-1)*mobPieces, func(p *mobber, i int) {
			m.bytes = wire.AppendHave(m.bytes[:0], uint32(i/(mobConns-1)))
			m.hear(p, 1+i%(mobConns-1), m.bytes)
			m.flush(p)
		})
	})
}

// BenchmarkHaveOut is a block that comes, whose piece all others are told of: what it takes for each of them, with the block's share.
func BenchmarkHaveOut(b *testing.B) {
	inMobs(b, 1, func(b *testing.B, m *mob) {
		m.each(b, mobPieces, func(p *mobber, _ int) {
			m.download(p)
			m.flush(p)
		})
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/mobConns, "ns/have")
	})
}

// BenchmarkTake is a block that comes, of pieces of many.
func BenchmarkTake(b *testing.B) {
	inMobs(b, 64, func(b *testing.B, m *mob) {
		m.each(b, 64*mobPieces, func(p *mobber, _ int) {
			m.download(p)
			m.flush(p)
		})
	})
}

// BenchmarkServe is a block that a peer asks for and is sent.
func BenchmarkServe(b *testing.B) {
	inMobs(b, 1, func(b *testing.B, m *mob) {
		b.StopTimer()
		for _, p := range m.members {
			m.download(p)
			m.flush(p)
		}
		b.StartTimer()
		m.each(b, 1<<30, func(p *mobber, i int) {
			have := p.s.torrents[0].Local().Have
			piece, _ := have.NextSet(0)
			m.bytes = wire.AppendRequest(m.bytes[:0], bt.Block{Piece: uint32(piece), Length: bt.BlockSize})
			m.hear(p, 1+i%4, m.bytes) // as many have a slot
			m.flush(p)
		})
	})
}
