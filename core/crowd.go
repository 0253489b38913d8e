package core

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// When fewer places for connections than spareConns are free, those that nobody has been interested in for
// noInterestTime make room.
const (
	spareConns     = 5                 // [TMR-12]
	noInterestTime = 600 * time.Second // [TMR-12]
)

// makeRoom closes, while connections are nearly all used up, the one that has been of no interest to either side for
// longest, if that is long enough; or sets the time when it will have been. [TMR-12]
func (s *Session) makeRoom(now bt.Instant) {
	s.schedule.own[bt.TimerNoInterest] = 0
	for len(s.conns) > s.cfg.MaxConns-spareConns {
		p, since := s.longestBored()
		if p == nil {
			return
		}
		if at := since.Add(noInterestTime); at > now {
			s.schedule.own[bt.TimerNoInterest] = at
			return
		}
		s.hit(clause.TMR12)
		s.close(now, s.conns[p.ID()], bt.Reason{Cause: bt.Uninteresting})
	}
}

// longestBored finds the open connection that neither side has been interested in for longest, and since when; nil when
// there is none.
func (s *Session) longestBored() (longest *peerfsm.Peer, since bt.Instant) {
	for _, t := range s.torrents {
		t.Peers(func(p *peerfsm.Peer) {
			if at, ok := p.Bored(); ok && (longest == nil || at < since) {
				longest, since = p, at
			}
		})
	}
	return longest, since
}
