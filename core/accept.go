package core

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/swarm"
)

// MaxHandshakes is how many incoming connections may be in handshake together. [LIM-8]
const MaxHandshakes = 50

// Handshakes is how many incoming connections are in handshake.
func (s *Session) Handshakes() int { return s.shaking.all }

// shaking counts the incoming connections that are in handshake.
type shaking struct {
	all int
	of  map[bt.TorrentID]int // of those that have named their torrent
}

func (h *shaking) begin() { h.all++ }

func (h *shaking) bound(t *swarm.Torrent) { h.of[t.Local().Torrent]++ }

// end counts one out, of a torrent or of none yet.
func (h *shaking) end(t *swarm.Torrent) {
	h.all--
	if t == nil {
		return
	}
	id := t.Local().Torrent
	if h.of[id]--; h.of[id] == 0 {
		delete(h.of, id)
	}
}

// accept takes a connection that a peer opened, or closes it before a byte is written. One more than may be in handshake ends another.
// [LIM-8] [TRU-7]
func (s *Session) accept(now bt.Instant, ev *bt.Event) {
	if ev.Conn&bt.Accepted == 0 || s.conn(ev.Conn) != nil {
		panic("BUG: the id of an accepted connection is new, and has its bit set")
	}
	if s.bans.Banned(now, ev.Addr.Addr()) {
		s.hit(clause.TRU7)
		s.out.Emit(bt.Effect{Kind: bt.Close, Conn: ev.Conn, Reason: bt.Reason{Cause: bt.BannedPeer}})
		return
	}
	if s.shaking.all >= MaxHandshakes {
		s.thinOut(now, ev.Addr.Addr())
	}
	s.shaking.begin()
	c := &conn{shaking: true}
	c.peer.Arrive(now, ev.Conn, ev.Addr, ev.Transport, &s.self)
	s.admit(c)
}

// admit counts a new connection in.
func (s *Session) admit(c *conn) {
	c.aside = &nothingAside
	s.seatings++
	s.conns.Set(c.peer.ID(), c)
	s.schedule.add(c)
}

// thinOut closes one of the incoming connections that are in handshake, so that another can come from an address: one of the address
// that has most of them; of these one that has said nothing, and then the oldest. [LIM-8]
func (s *Session) thinOut(now bt.Instant, from netip.Addr) {
	s.hit(clause.LIM8)
	count := make(map[netip.Addr]int)
	count[bt.Site(from)]++
	for _, e := range s.schedule.heap {
		c := e.conn
		if c.shaking {
			count[bt.Site(c.peer.Addr().Addr())]++
		}
	}
	var victim *conn
	for _, e := range s.schedule.heap {
		c := e.conn
		if c.shaking && (victim == nil || sooner(c, victim, count)) {
			victim = c
		}
	}
	s.close(now, victim, bt.Reason{Cause: bt.Crowded})
}

// sooner tells whether c is to go sooner than d, which is in handshake too.
func sooner(c, d *conn, count map[netip.Addr]int) bool {
	if a, b := count[bt.Site(c.peer.Addr().Addr())], count[bt.Site(d.peer.Addr().Addr())]; a != b {
		return a > b
	}
	if c.heard != d.heard {
		return d.heard
	}
	return c.peer.ID() < d.peer.ID()
}
