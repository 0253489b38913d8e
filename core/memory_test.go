package core

import (
	"net/netip"
	"runtime"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/core/wire"
)

// The limits of what things take in the core, in bytes.
const (
	idleConn    = 540      // an idle connection, besides its bitset and what is remembered of the peer when it has gone
	perRequest  = 16       // each request queued or outstanding, beyond that
	idleSession = 13 << 10 // a session with one torrent and no connection
)

const crowdPieces = 64

// TestMemory holds what a session, an idle connection and an active one take to their limits.
func TestMemory(t *testing.T) {
	const conns = 2000
	known := measure(conns, func() any { return acquainted(conns) })
	session := measure(100, func() any { return sessions(100) })
	var s *Session
	each := measure(conns, func() any { s = crowd(conns); return s }) - session/conns - known - bitsetSize(s)
	t.Logf("an idle session %d bytes, an idle connection %d besides its bitset and the %d that are remembered of its peer", session, each, known)
	if session > idleSession || each > idleConn {
		t.Errorf("the limits are %d and %d", idleSession, idleConn)
	}
	testRequests(t, s, each)
}

// testRequests holds connections with many requests in both directions to the limit.
func testRequests(t *testing.T, s *Session, idle int64) {
	requests := 0
	more := measure(1, func() any {
		s.torrents[0].Peers(func(p *peerfsm.Peer) {
			for i := range 300 {
				p.Ask(bt.Block{Piece: uint32(i / 64), Begin: uint32(i%64) * bt.BlockSize, Length: bt.BlockSize})
			}
			requests += p.Outstanding()
		})
		return s
	})
	n := int64(s.torrents[0].Len())
	t.Logf("%d requests a connection take %d bytes more", int64(requests)/n, more/n)
	if most := idleConn + perRequest*int64(requests)/n; idle+more/n > most {
		t.Errorf("a connection with %d requests takes %d bytes, the limit is %d", int64(requests)/n, idle+more/n, most)
	}
}

// measure is by how much the heap grows for what make makes, divided by n.
func measure(n int64, make func() any) int64 {
	before := heap()
	made := make()
	grown := heap() - before
	runtime.KeepAlive(made)
	return grown / n
}

// heap is the live heap, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// acquainted is a book that remembers n peers.
func acquainted(n int) *dial.Book {
	b := dial.NewBook(nil)
	for i := range n {
		b.Listens(b.Arrived(crowdAddr(i).Addr()), 6881, bt.TCP)
	}
	return b
}

func sessions(n int) (all []*Session) {
	for range n {
		all = append(all, crowd(0))
	}
	return all
}

// crowd is a session that n peers have connected to.
func crowd(n int) *Session {
	cfg := bt.DefaultConfig()
	cfg.MaxConns = n + 100
	cfg.PeerID[0] = 1
	s := New(cfg, nil)
	g := bt.Geometry{PieceLength: 1 << 20, Total: crowdPieces << 20}
	drain(s, bt.Event{Kind: bt.AddTorrent, Torrent: 1, Spec: &bt.TorrentSpec{InfoHash: bt.InfoHash{2}, Geometry: g}})
	for i := range n {
		join(s, i)
	}
	return s
}

func crowdAddr(i int) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 6881)
}

// drain handles an event and forgets its effects.
func drain(s *Session, ev bt.Event) {
	s.Handle(0, ev)
	for e := (bt.Effect{}); s.Poll(&e); {
	}
}

// join connects peer i of a crowd, which has one piece, introduces itself, and says nothing more.
func join(s *Session, i int) {
	id := bt.Accepted | bt.ConnID(i+1)
	drain(s, bt.Event{Kind: bt.Accept, Conn: id, Addr: crowdAddr(i)})
	hello := wire.AppendHandshake(nil, wire.NewHandshake(bt.InfoHash{2}, bt.PeerID{9, byte(i >> 8), byte(i)}))
	hello = wire.AppendExtended(hello, 0, []byte("d1:md11:upload_onlyi3ee1:pi6881e4:reqqi500e1:v18:libtorrent/2.0.9.0e"))
	drain(s, bt.Event{Kind: bt.Received, Conn: id, Data: wire.AppendHave(wire.AppendHaveNone(hello), 0)})
	var room [4 << 10]byte
	for !s.Transmit(0, id, room[:]).Last {
		for e := (bt.Effect{}); s.Poll(&e); {
		}
	}
}

// bitsetSize is what one connection's bitset takes.
func bitsetSize(s *Session) (n int64) {
	const header = 32
	s.torrents[0].Peers(func(p *peerfsm.Peer) { n = int64(len(p.Pieces().Words())*8 + header) })
	return n
}
