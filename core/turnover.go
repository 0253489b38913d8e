package core

import (
	"cmp"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
)

// While nearly all places are taken, the least useful connections make room for others from time to time.
const (
	turnoverInterval = 300 * time.Second // [LIM-15]
	turnoverCutoff   = 90                // percent of the places that are taken [LIM-15]
	turnoverShare    = 4                 // percent of the connections that go, at least one [LIM-15]
	turnoverYouth    = 60 * time.Second  // no younger one goes [LIM-15]
	turnoverLeast    = 5                 // with so few places nobody goes [LIM-15]
)

// crowded tells whether so many of some places are taken that connections are turned over.
func crowded(taken, places int) bool {
	return places > turnoverLeast && taken*100 >= places*turnoverCutoff
}

// armTurnover lets the clock of the turnover run while connections are crowded.
func (s *Session) armTurnover(now bt.Instant) {
	full := crowded(s.seated(), s.cfg.MaxConns)
	for _, t := range s.torrents {
		full = full || t.MaxConns() > 0 && crowded(s.seatedOf(t), t.MaxConns())
	}
	if full {
		s.schedule.start(bt.TimerTurnover, now.Add(turnoverInterval))
	} else {
		s.schedule.own[bt.TimerTurnover] = 0
	}
}

// turnover closes the least useful connections of the largest torrent, and of those that are crowded by limits of their own. [LIM-15]
func (s *Session) turnover(now bt.Instant) {
	var largest *swarm.Torrent
	if crowded(s.seated(), s.cfg.MaxConns) {
		for _, t := range s.torrents {
			if largest == nil || s.seatedOf(t) > s.seatedOf(largest) {
				largest = t
			}
		}
	}
	for _, t := range s.torrents {
		if t == largest || crowded(s.seatedOf(t), t.MaxConns()) {
			s.turnOver(now, t)
		}
	}
}

// turnOver closes the least useful connections of a torrent, as far as there are known peers to take their places.
func (s *Session) turnOver(now bt.Instant, t *swarm.Torrent) {
	n := min(max(1, s.seatedOf(t)*turnoverShare/100), t.Known().Ready(now, s.terms(t)))
	for _, w := range s.leastUseful(now, t, n) {
		s.hit(clause.LIM15)
		s.close(now, w, bt.Reason{Cause: bt.TurnedOver})
	}
}

// leastUseful lists the n connections of a torrent that are worth least. [LIM-15]
func (s *Session) leastUseful(now bt.Instant, t *swarm.Torrent, n int) []*conn {
	var all []*conn
	t.Peers(func(p *peerfsm.Peer) {
		c := s.conn(p.ID())
		if p.Open() && !c.shaking && openFor(now, p) >= turnoverYouth && !t.Known().ByHand(p.Known()) {
			all = append(all, c)
		}
	})
	slices.SortFunc(all, func(a, b *conn) int { return compareWorth(now, a, b) })
	return all[:min(n, len(all))]
}

// openFor is how long the handshake has been done.
func openFor(now bt.Instant, p *peerfsm.Peer) time.Duration {
	return now.Sub(p.OpenSince())
}

// compareWorth orders connections of a torrent, the least useful first: who has nothing that we want; who has moved least payload a
// second in the direction that we are there for; who is choked; who has had longest to do better.
func compareWorth(now bt.Instant, a, b *conn) int {
	finished := a.torrent.Finished()
	perSecond := func(c *conn) int64 {
		moved := c.peer.Downloaded()
		if finished {
			moved = c.peer.Uploaded()
		}
		return moved / max(1, int64(openFor(now, &c.peer)/time.Second))
	}
	rank := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(rank(a.peer.Interesting()), rank(b.peer.Interesting())),
		cmp.Compare(perSecond(a), perSecond(b)),
		cmp.Compare(rank(!a.peer.Choked()), rank(!b.peer.Choked())),
		cmp.Compare(openFor(now, &b.peer), openFor(now, &a.peer)),
		cmp.Compare(a.peer.ID(), b.peer.ID()),
	)
}
