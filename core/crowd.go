package core

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
)

// When fewer places for connections than spareConns are free, those that nobody has been interested in for
// noInterestTime make room.
const (
	spareConns     = 5                 // [TMR-12]
	noInterestTime = 600 * time.Second // [TMR-12]
)

// halfOpenShare is the part of the places that dials keep when all are taken, percent.
const halfOpenShare = 10 // [LIM-10]

// seated is how many connections hold a place: all but the incoming ones that are in handshake. [LIM-1]
func (s *Session) seated() int { return s.conns.Len() - s.shaking.all }

// seatedOf is the same for one torrent.
func (s *Session) seatedOf(t *swarm.Torrent) int { return t.Len() - s.shaking.of[t.Local().Torrent] }

// roomFor tells whether a torrent may have one more connection. [LIM-13]
func (s *Session) roomFor(t *swarm.Torrent) bool {
	return t.MaxConns() <= 0 || s.seatedOf(t) < t.MaxConns()
}

// seat finds a place for an incoming connection whose handshake is done; when there is none, it or another ends. False when it is the
// one. [LIM-10] [LIM-13]
func (s *Session) seat(now bt.Instant, c *conn) bool {
	if c.peer.LocalConnection() {
		return true // it has had its place since it was queued
	}
	if t := c.torrent; t.MaxConns() > 0 && s.seatedOf(t) > t.MaxConns() {
		s.hit(clause.LIM13)
		if !s.makeWay(now, c, t) {
			return false
		}
	}
	if s.seated() <= s.cfg.MaxConns {
		return true
	}
	s.hit(clause.LIM1)
	return s.makeWay(now, c, nil)
}

// makeWay closes one connection, of a torrent or of any when it is nil, so that c can stay; or c. It tells whether c stays.
func (s *Session) makeWay(now bt.Instant, c *conn, within *swarm.Torrent) bool {
	s.hit(clause.LIM10)
	victim, why := s.victim(c, within)
	s.close(now, victim, why)
	return victim != c
}

// victim chooses who makes room for c: who waits to be dialled, then who is being dialled, if that is many, then who has the lowest
// canonical priority. [LIM-10]
func (s *Session) victim(c *conn, within *swarm.Torrent) (*conn, bt.Reason) {
	places, of := s.cfg.MaxConns, bt.TorrentID(0)
	if within != nil {
		places, of = within.MaxConns(), within.Local().Torrent
	}
	if id, ok := s.dialling.queue.Newest(of); ok {
		return s.conn(id), bt.Reason{Cause: bt.Evicted}
	}
	if s.dialling.queue.HalfOpen(of)*100 > places*halfOpenShare {
		if id, ok := s.dialling.queue.Longest(of); ok {
			return s.conn(id), bt.Reason{Cause: bt.Evicted}
		}
	}
	if within == nil {
		within = s.largest(c)
	}
	lowest, rank := s.lowest(c, within)
	own, ranked := s.rank(c)
	switch {
	case lowest == nil || !ranked:
		return c, bt.Reason{Cause: bt.TooMany}
	case within == c.torrent && rank >= own:
		return c, bt.Reason{Cause: bt.TooMany, Rank: own, Above: rank}
	}
	return lowest, bt.Reason{Cause: bt.Evicted, Rank: rank, Above: own}
}

// largest is the torrent with most connections, c not counted; of equals that of c itself, or the first. [LIM-10]
func (s *Session) largest(c *conn) *swarm.Torrent {
	best, most := c.torrent, s.seatedOf(c.torrent)-1
	for _, t := range s.torrents {
		if n := s.seatedOf(t); t != c.torrent && n > most {
			best, most = t, n
		}
	}
	return best
}

// lowest is the connection of a torrent with the lowest canonical priority, and that, of those that may be closed to make room for c;
// nil when there is none. [LIM-11]
func (s *Session) lowest(c *conn, t *swarm.Torrent) (lowest *conn, rank uint32) {
	t.Peers(func(p *peerfsm.Peer) {
		other := s.conn(p.ID())
		if other == c || other.shaking || !p.Open() {
			return
		}
		r, ok := s.rank(other)
		switch {
		case !ok || s.needed(other):
			s.hit(clause.LIM11)
		case lowest == nil || r < rank:
			lowest, rank = other, r
		}
	})
	return lowest, rank
}

// needed tells whether a connection is worth more than any stranger: we download from it now, it holds an upload slot, or the user
// named its peer. [LIM-11]
func (s *Session) needed(c *conn) bool {
	p := &c.peer
	return p.Outstanding() > 0 && !p.Snubbed() || !p.Choked() || c.torrent.Known().ByHand(p.Known())
}

// rank is the canonical priority of a connection, by where the peer listens as far as we know; false when we do not know our own
// address. [DIA-14]
func (s *Session) rank(c *conn) (uint32, bool) {
	at := c.peer.Known()
	if at.Port() == 0 {
		at = netip.AddrPortFrom(at.Addr(), c.peer.Addr().Port())
	}
	rank, ok := s.external.Rank(at)
	if ok {
		s.hit(clause.DIA14)
	}
	return rank, ok
}

// makeRoom closes, while the connections of the session or of a torrent are nearly all used up, the one that has been of no interest
// to either side for longest, if that is long enough; or sets the time when it will have been. [TMR-12]
func (s *Session) makeRoom(now bt.Instant) {
	s.schedule.own[bt.TimerNoInterest] = 0
	for s.seated() > s.cfg.MaxConns-spareConns && s.closeBored(now, s.torrents) {
	}
	for i, t := range s.torrents {
		for t.MaxConns() > 0 && s.seatedOf(t) > t.MaxConns()-spareConns && s.closeBored(now, s.torrents[i:i+1]) {
		}
	}
}

// closeBored closes the longest bored connection of some torrents; false when it is not time yet, or there is none.
func (s *Session) closeBored(now bt.Instant, of []*swarm.Torrent) bool {
	p, since := longestBored(of)
	if p == nil {
		return false
	}
	if at := since.Add(noInterestTime); at > now {
		if own := &s.schedule.own[bt.TimerNoInterest]; *own == 0 || at < *own {
			*own = at
		}
		return false
	}
	s.hit(clause.TMR12)
	s.close(now, s.conn(p.ID()), bt.Reason{Cause: bt.Uninteresting})
	return true
}

// longestBored finds the open connection that neither side has been interested in for longest, and since when; nil when
// there is none.
func longestBored(of []*swarm.Torrent) (longest *peerfsm.Peer, since bt.Instant) {
	for _, t := range of {
		t.Peers(func(p *peerfsm.Peer) {
			if at, ok := p.Bored(); ok && (longest == nil || at < since) {
				longest, since = p, at
			}
		})
	}
	return longest, since
}
