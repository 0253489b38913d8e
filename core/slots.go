package core

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/choke"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// slots is what the choker needs between its rounds.
type slots struct {
	rules choke.Rules
	count int // there are, since the last round
	lots  *rand.Rand
}

// turn is what the choker keeps of a connection.
type turn struct {
	received   int64      // payload from the peer up to the last round, bytes
	sent       int64      // payload to the peer up to the last round, bytes
	before     int64      // payload to the peer before it was given its slot, bytes
	unchoked   bt.Instant // when it last was given a slot, or neverHad
	optimistic bt.Instant // when it last was given an optimistic one, or kept it in a rotation, or neverHad
}

// neverHad is before all instants: who never had a slot has waited longest for one.
const neverHad bt.Instant = -1

func newSlots(cfg bt.Config) slots {
	s := slots{
		rules: choke.Rules{Policy: cfg.SlotPolicy, Slots: cfg.UploadSlots, SeedOrder: cfg.SeedOrder},
		lots:  stream(cfg.Seed, chanceChoker),
	}
	s.count = choke.Round(0, nil, &s.rules)
	return s
}

// reserve keeps slots for a torrent that was added. [CHK-16]
func (s *Session) reserve(t bt.TorrentID, n int) {
	if n > 0 {
		s.hit(clause.CHK16)
		s.slots.rules.Reservations = append(s.slots.rules.Reservations, choke.Reservation{Torrent: t, Slots: n})
	}
}

// unreserve gives back the slots of a torrent that is removed. [CHK-16]
func (s *Session) unreserve(t bt.TorrentID) {
	r := &s.slots.rules
	r.Reservations = slices.DeleteFunc(r.Reservations, func(v choke.Reservation) bool { return v.Torrent == t })
}

// candidates lists the open connections, torrent by torrent, the oldest first.
func (s *Session) candidates() []choke.Candidate {
	s.scratch.candidates = s.scratch.candidates[:0]
	for _, t := range s.torrents {
		l := t.Local()
		t.Peers(func(p *peerfsm.Peer) {
			if !p.Open() {
				return
			}
			c := s.conn(p.ID())
			s.scratch.candidates = append(s.scratch.candidates, choke.Candidate{
				Conn: p.ID(), Torrent: l.Torrent, PieceLength: l.Geometry.PieceLength, Total: l.Geometry.Total, Seeding: l.Finished(),
				Interested: p.RemoteInterested(), Choked: p.Choked(), Optimistic: p.OptimisticUnchoke(), Snubbed: p.Snubbed(),
				Received: p.Downloaded() - c.turn.received, Sent: p.Uploaded() - c.turn.sent,
				SentThisTurn: p.Uploaded() - c.turn.before, SentEver: p.Uploaded(),
				Has:        int64(p.Count()) * int64(l.Geometry.PieceLength),
				UnchokedAt: c.turn.unchoked, OptimisticAt: c.turn.optimistic,
			})
		})
	}
	return s.scratch.candidates
}

// startRounds lets the choker's clocks run, once there is somebody to choke.
func (s *Session) startRounds(now bt.Instant) {
	s.schedule.start(bt.TimerRechoke, now.Add(choke.RoundInterval))
	s.schedule.start(bt.TimerOptimistic, now.Add(choke.OptimisticInterval))
}

// rechoke gives all slots anew, and settles how many there are. [CHK-1]
func (s *Session) rechoke(now bt.Instant) {
	for _, t := range s.torrents {
		t.Round()
	}
	cs := s.candidates()
	s.drawLots(cs)
	s.slots.count = choke.Round(now, cs, &s.slots.rules)
	if len(cs) == 0 {
		return
	}
	s.hit(clause.CHK1)
	if s.slots.rules.Policy == bt.RateSlots {
		s.hit(clause.CHK13)
	}
	s.apply(now, cs)
	for i := range cs {
		c := s.conn(cs[i].Conn)
		if in, out := c.peer.Downloaded(), c.peer.Uploaded(); in != c.turn.received || out != c.turn.sent {
			s.own(c).turn.received, s.own(c).turn.sent = in, out
		}
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
	choke.Rotate(now, cs, &s.slots.rules, s.slots.count)
	s.apply(now, cs)
	for i := range cs {
		if cs[i].Verdict == choke.Optimistic { // else one that is kept would be kept again each time, for having been given longest ago
			s.own(s.conn(cs[i].Conn)).turn.optimistic = now
		}
	}
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
	for i := range cs {
		if cs[i].Verdict == choke.Choke {
			s.give(now, &cs[i])
		}
	}
	for i := range cs {
		if cs[i].Verdict != choke.Choke {
			s.give(now, &cs[i])
		}
	}
}

// give gives a connection the slot it is to have. What it has already it keeps, for the reason of now, if there is one: a rotation
// says nothing new of those whom it passes over. [WHY-2]
func (s *Session) give(now bt.Instant, v *choke.Candidate) {
	why, ok := s.slotReason(now, v)
	if !ok {
		return
	}
	s.hit(why.Because.Clause())
	if v.Because.Measure == choke.Sent {
		s.hit(clause.CHK11)
	}
	c := s.conn(v.Conn)
	p := &c.peer
	before := p.State()
	switch v.Verdict {
	case choke.Choke:
		p.Choke(why)
	case choke.Optimistic:
		p.Unchoke(true, why)
		if !before.OptimisticUnchoke() {
			t := &s.own(c).turn
			t.unchoked, t.optimistic, t.before = now, now, p.Uploaded()
		}
	case choke.Unchoke:
		p.Unchoke(false, why)
		if before.Choked() {
			t := &s.own(c).turn
			t.unchoked, t.before = now, p.Uploaded()
		}
	}
	if p.State() != before {
		c.torrent.Pump(p)
		s.schedule.touch(c)
	}
}

// preempt gives a peer that has become interested a slot that nobody holds; one that has ceased to be has given its own back. [CHK-8]
func (s *Session) preempt(now bt.Instant, c *conn) {
	if c.peer.RemoteInterested() && !c.peer.Choked() {
		return
	}
	s.fill(now)
	if !c.peer.Choked() {
		s.hit(clause.CHK8)
	}
}

// fill gives slots that nobody holds to those who come first. [CHK-17]
func (s *Session) fill(now bt.Instant) {
	if !s.vacant() { // as it mostly is: nothing to sort
		return
	}
	cs := s.candidates()
	choke.Fill(now, cs, &s.slots.rules, s.slots.count)
	for i := range cs {
		if c := &cs[i]; c.Choked && c.Verdict != choke.Choke {
			s.hit(clause.CHK17)
			s.give(now, c)
		}
	}
}

// vacant tells whether some slot is held by nobody while somebody waits for one.
func (s *Session) vacant() bool {
	return s.self.Waiting > 0 && (s.slots.rules.Policy == bt.UnlimitedSlots || s.self.Holding < s.slots.count)
}

// held counts who holds a slot.
func held(cs []choke.Candidate) (n int) {
	for i := range cs {
		if !cs[i].Choked {
			n++
		}
	}
	return n
}

// optimisticTurn is when a choked connection will have an optimistic slot, as things stand; bt.Never when waiting will not give it
// one.
func (s *Session) optimisticTurn(c *conn) bt.Instant {
	cs := s.candidates()
	for i := range cs {
		if cs[i].Conn != c.peer.ID() {
			continue
		}
		if n := choke.Turns(cs, &s.slots.rules, s.slots.count, &cs[i]); n > 0 {
			return s.schedule.own[bt.TimerOptimistic].Add(time.Duration(n-1) * choke.OptimisticInterval)
		}
	}
	return bt.Never
}

// checkSlots wants no more peers unchoked, and no more of them optimistic, than there are slots. [CHK-2]
func (s *Session) checkSlots() error {
	cs := s.candidates()
	optimistic, waiting := 0, 0
	for i := range cs {
		if cs[i].Optimistic {
			optimistic++
		}
		if cs[i].Choked && cs[i].Interested {
			waiting++
		}
	}
	if held(cs) != s.self.Holding || waiting != s.self.Waiting {
		return fmt.Errorf("%d slots are held and %d peers wait, counted as %d and %d", held(cs), waiting, s.self.Holding, s.self.Waiting)
	}
	if s.slots.rules.Policy == bt.UnlimitedSlots {
		if optimistic > 0 {
			return fmt.Errorf("%d optimistic, though slots have no limit", optimistic)
		}
		return nil
	}
	if _, most := s.slots.rules.Split(s.slots.count); held(cs) > s.slots.count || optimistic > most {
		return fmt.Errorf("%d of %d slots are held, %d of them optimistic", held(cs), s.slots.count, optimistic)
	}
	return nil
}
