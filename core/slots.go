package core

import (
	"math/rand/v2"
	"time"

	"peerwire/core/bt"
	"peerwire/core/choke"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// slots is what the choker needs between its rounds.
type slots struct {
	total int
	lots  *rand.Rand
	list  []choke.Candidate // memory of the last list
}

// turn is what the choker keeps of a connection.
type turn struct {
	received   int64      // payload from the peer up to the last round, bytes
	sent       int64      // payload to the peer up to the last round, bytes
	unchoked   bt.Instant // when it last was given a slot, or neverHad
	optimistic bt.Instant // when it last was given an optimistic one, or neverHad
}

// neverHad is before all instants: who never had a slot has waited longest for one.
const neverHad bt.Instant = -1

func newSlots(cfg bt.Config) slots {
	return slots{total: cfg.UploadSlots, lots: stream(cfg.Seed, chanceChoker)}
}

// candidates lists the open connections, torrent by torrent, the oldest first.
func (s *Session) candidates() []choke.Candidate {
	s.slots.list = s.slots.list[:0]
	for _, t := range s.torrents {
		l := t.Local()
		t.Peers(func(p *peerfsm.Peer) {
			if !p.Open() {
				return
			}
			c := s.conns[p.ID()]
			s.slots.list = append(s.slots.list, choke.Candidate{
				Conn: p.ID(), Torrent: l.Torrent, PieceLength: l.Geometry.PieceLength, Seeding: l.Finished(),
				Interested: p.RemoteInterested(), Choked: p.Choked(), Optimistic: p.OptimisticUnchoke(), Snubbed: p.Snubbed(),
				Received: p.Downloaded() - c.turn.received, Sent: p.Uploaded() - c.turn.sent,
				SentSinceUnchoke: p.UploadedSinceUnchoke(), UnchokedAt: c.turn.unchoked, OptimisticAt: c.turn.optimistic,
			})
		})
	}
	return s.slots.list
}

// startRounds lets the choker's clocks run, once there is somebody to choke.
func (s *Session) startRounds(now bt.Instant) {
	if s.schedule.own[bt.TimerRechoke] == 0 {
		s.schedule.own[bt.TimerRechoke] = now.Add(choke.RoundInterval)
	}
	if s.schedule.own[bt.TimerOptimistic] == 0 {
		s.schedule.own[bt.TimerOptimistic] = now.Add(choke.OptimisticInterval)
	}
}

// rechoke gives all slots anew. [CHK-1]
func (s *Session) rechoke(now bt.Instant) {
	cs := s.candidates()
	if len(cs) == 0 {
		return
	}
	s.hit(clause.CHK1)
	s.drawLots(cs)
	choke.Round(now, cs, s.slots.total)
	s.apply(now, cs)
	for i := range cs {
		c := s.conns[cs[i].Conn]
		c.turn.received, c.turn.sent = c.peer.Downloaded(), c.peer.Uploaded()
	}
	s.startRounds(now)
}

// rotate gives the optimistic slots anew. [CHK-6]
func (s *Session) rotate(now bt.Instant) {
	cs := s.candidates()
	if len(cs) == 0 {
		return
	}
	s.hit(clause.CHK6)
	s.drawLots(cs)
	choke.Rotate(cs, s.slots.total)
	s.apply(now, cs)
	s.startRounds(now)
}

// drawLots draws one for each candidate, so that equals share by chance.
func (s *Session) drawLots(cs []choke.Candidate) {
	for i := range cs {
		cs[i].Lot = s.slots.lots.Uint32()
	}
}

// apply turns verdicts into decisions: chokes first, so that no more slots than there are are ever held. [CHK-2]
func (s *Session) apply(now bt.Instant, cs []choke.Candidate) {
	s.hit(clause.CHK2)
	line := s.lineOf(cs)
	for i := range cs {
		if cs[i].Verdict == choke.Choke {
			s.give(s.conns[cs[i].Conn], choke.Choke, s.reasonOf(now, &cs[i], line))
		}
	}
	for i := range cs {
		if cs[i].Verdict != choke.Choke {
			s.give(s.conns[cs[i].Conn], cs[i].Verdict, s.reasonOf(now, &cs[i], line))
		}
	}
}

// lineOf is what the last of those who win a slot by rank has given or was given in the round, bytes a second.
func (s *Session) lineOf(cs []choke.Candidate) (line int64) {
	for i := range cs {
		if cs[i].Verdict == choke.Unchoke {
			line = rateOf(&cs[i])
		}
	}
	return line
}

// rateOf is the rate by which a candidate is ranked, bytes a second.
func rateOf(c *choke.Candidate) int64 {
	bytes := c.Received
	if c.Seeding {
		bytes = c.Sent
	}
	return bytes / int64(choke.RoundInterval/time.Second)
}

// reasonOf puts a verdict's reason together. [WHY-1]
func (s *Session) reasonOf(now bt.Instant, c *choke.Candidate, line int64) bt.Why {
	slots := int64(s.slots.total - choke.OptimisticSlots(s.slots.total))
	ranked := func(b bt.Because) bt.Why { return bt.NewWhy(now, b, int64(c.Rank), slots, rateOf(c), line) }
	switch {
	case c.Verdict == choke.Optimistic:
		return bt.NewWhy(now, bt.WonRotation, int64(choke.OptimisticSlots(s.slots.total)))
	case c.Verdict == choke.Unchoke && c.Optimistic:
		return ranked(bt.WonPromotion)
	case c.Verdict == choke.Unchoke:
		return ranked(bt.WonByRank)
	case !c.Interested:
		return bt.NewWhy(now, bt.LostInterest)
	case c.Snubbed && !c.Seeding:
		return bt.NewWhy(now, bt.LostSnubbed)
	case c.Done:
		return bt.NewWhy(now, bt.LostTurnOver, c.SentSinceUnchoke)
	}
	return ranked(bt.LostByRank)
}

// give gives a connection the slot it is to have. What it has already it keeps, for the reason of now. [WHY-2]
func (s *Session) give(c *conn, v choke.Verdict, why bt.Why) {
	p := c.peer
	before := p.State()
	switch v {
	case choke.Choke:
		p.Choke(why)
	case choke.Optimistic:
		p.Unchoke(true, why)
		if !before.OptimisticUnchoke() {
			c.turn.unchoked, c.turn.optimistic = why.Since, why.Since
		}
	case choke.Unchoke:
		p.Unchoke(false, why)
		if before.Choked() {
			c.turn.unchoked = why.Since
		} else if before.OptimisticUnchoke() {
			s.hit(clause.CHK7)
		}
	}
	if p.State() != before {
		c.torrent.Pump(p)
		s.schedule.touch(c)
	}
}

// preempt gives a peer that has become interested a slot that nobody holds. [CHK-8]
func (s *Session) preempt(now bt.Instant, c *conn) {
	if !c.peer.RemoteInterested() {
		s.fill(now)
		return
	}
	if !c.peer.Choked() {
		return
	}
	cs := s.candidates()
	for i := range cs {
		if cs[i].Conn == c.peer.ID() {
			if v := choke.Free(cs, s.slots.total, &cs[i]); v != choke.Choke {
				s.hit(clause.CHK8)
				s.give(c, v, bt.NewWhy(now, bt.WonFree))
			}
			return
		}
	}
}

// fill gives slots that were given back to those who wait longest for one.
func (s *Session) fill(now bt.Instant) {
	cs := s.candidates()
	for {
		next, verdict := longestWaiting(cs, s.slots.total)
		if next == nil {
			return
		}
		s.give(s.conns[next.Conn], verdict, bt.NewWhy(now, bt.WonFree))
		next.Choked, next.Optimistic, next.Verdict = false, verdict == choke.Optimistic, verdict
	}
}

// longestWaiting finds who waits longest among those that may have a free slot, and which; nil when there is none.
func longestWaiting(cs []choke.Candidate, slots int) (next *choke.Candidate, verdict choke.Verdict) {
	for i := range cs {
		c := &cs[i]
		if !c.Interested || !c.Choked || (next != nil && c.UnchokedAt >= next.UnchokedAt) {
			continue
		}
		if v := choke.Free(cs, slots, c); v != choke.Choke {
			next, verdict = c, v
		}
	}
	return next, verdict
}
