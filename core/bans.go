package core

import (
	"cmp"
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/swarm"
	"peerwire/core/trust"
)

// banAll bans the known peers that a piece proves to lie.
func (s *Session) banAll(now bt.Instant, t *swarm.Torrent, piece uint32, guilty []trust.Guilty) {
	for _, g := range guilty {
		s.ban(now, t, g, bt.NewWhy(now, bt.ProvenBad, int64(piece)))
	}
}

// ban refuses the site of a known peer for a while, closes its connections, the peer's own for what it did, those of others
// at the site for the ban, and throws away what came from there. What comes to light of it while it is banned changes nothing:
// one ban, one event. [TRU-6] [TRU-7] [TRU-15] [TRU-17]
func (s *Session) ban(now bt.Instant, t *swarm.Torrent, g trust.Guilty, proof bt.Why) {
	site := bt.Site(g.Who.Addr())
	if s.bans.Banned(now, site) {
		s.hit(clause.TRU17)
		return
	}
	s.hit(g.Of.Clause())
	s.hit(clause.TRU6)
	s.hit(clause.TRU7)
	if site != g.Who.Addr() {
		s.hit(clause.TRU18)
	}
	reason := bt.Reason{Cause: bt.Misbehaved, Violation: g.Of}
	until := s.bans.Ban(now, site)
	s.out.Emit(bt.Effect{Kind: bt.Banned, Torrent: t.Local().Torrent, Addr: netip.AddrPortFrom(site, 0), Until: until, Reason: reason})
	t.Known().SetParole(g.Who, true) // should it come back, it has to prove itself [TRU-19]
	for _, c := range s.connsOf(site) {
		if c.torrent == t && c.peer.Known() == g.Who {
			c.peer.Condemn(proof)
			s.close(now, c, reason)
		} else {
			s.close(now, c, bt.Reason{Cause: bt.BannedPeer})
		}
	}
	for _, t := range s.torrents {
		t.Shun(site)
	}
}

// connsOf lists the connections with a site, by id; those that name no torrent yet, too.
func (s *Session) connsOf(site netip.Addr) (cs []*conn) {
	for _, e := range s.schedule.heap {
		c := e.conn
		if bt.Site(c.peer.Addr().Addr()) == site {
			cs = append(cs, c)
		}
	}
	slices.SortFunc(cs, func(a, b *conn) int { return cmp.Compare(a.peer.ID(), b.peer.ID()) })
	return cs
}
