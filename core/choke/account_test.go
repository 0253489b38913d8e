package choke

import "peerwire/core/bt"

// What a verdict says of itself is held against the clauses too: the reason, the place, and the first figure that tells a
// candidate from the other side of the line.

// figure is a measure, and what it gives for a candidate.
type figure struct {
	of    Measure
	value int64
}

func one(on bool) int64 {
	if on {
		return 1
	}
	return 0
}

// standing is all that is compared for a slot by rank, in order.
func (s *snapshot) standing(c *Candidate) []figure {
	return []figure{
		{Received, c.Received}, {TurnOver, -one(s.ended(c))}, {Sent, s.takes(c)}, {Score, s.far(c)}, {Holding, one(s.keeps(c))},
		{Waited, int64(s.now - c.UnchokedAt)}, {Age, -int64(c.Conn)},
	}
}

// waiting is all that is compared when optimistic slots go round, in order.
func (s *snapshot) waiting(c *Candidate) []figure {
	return []figure{{Queued, int64(s.now - c.OptimisticAt)}, {Lot, -int64(c.Lot)}, {Age, -int64(c.Conn)}}
}

// account is what the verdict v on c is to say, when it was won or lost in some order by those who take part in it.
func (s *snapshot) account(c *Candidate, given verdictsByID, v Verdict, slots int, in func(*Candidate) bool, before func(a, b *Candidate) bool,
	figures func(*Candidate) []figure) (b Because) {
	b.Slots = uint32(slots)
	if !in(c) {
		return b
	}
	place := func(d *Candidate) (n int) {
		for i := range s.cs {
			if e := &s.cs[i]; in(e) && (e.Conn == d.Conn || before(e, d)) {
				n++
			}
		}
		return n
	}
	b.Rank = uint32(place(c))
	var other *Candidate // the last who won by its place alone, or the first who did not win
	for i := range s.cs {
		d := &s.cs[i]
		switch won := given[d.Conn] == v; {
		case !in(d) || won == (given[c.Conn] == v):
		case won && place(d) <= slots && (other == nil || before(other, d)):
			other = d
		case !won && (other == nil || before(d, other)):
			other = d
		}
	}
	if other == nil {
		return b
	}
	theirs := figures(other)
	for i, f := range figures(c) {
		if f.value != theirs[i].value {
			b.Measure, b.Own, b.Line = f.of, f.value, theirs[i].value
			return b
		}
	}
	return b
}

// roundAccount is what a round is to say of c.
func (s *snapshot) roundAccount(c *Candidate, given verdictsByID) Because {
	if s.rules.Policy == bt.UnlimitedSlots {
		return s.fillAccount(c, given)
	}
	ranked, _ := s.split()
	b := s.account(c, given, Unchoke, ranked, mayRank, s.better, s.standing)
	within := int(b.Rank) <= ranked
	switch v := given[c.Conn]; {
	case v == Unchoke && !within:
		b.Reason = Reserved
	case v == Unchoke && holds(c, Optimistic):
		b.Reason = Promoted
	case v == Unchoke:
		b.Reason = ByRank
	case v == Optimistic && s.claimant(c, onlyRank(given), s.holdersFirst):
		b.Reason = Reserved
	case v == Optimistic:
		b.Reason = ByTurn
	case !c.Interested:
		b.Reason = NotInterested
	case holds(c, Optimistic):
		b.Reason = Withdrawn
	case !mayRank(c):
		b.Reason = Snubbing
	case within:
		b.Reason = ReservedElsewhere
	case s.ended(c):
		b.Reason = TurnEnded
	default:
		b.Reason = OutRanked
	}
	return b
}

// onlyRank are the slots by rank alone.
func onlyRank(given verdictsByID) verdictsByID {
	out := verdictsByID{}
	for id, v := range given {
		if v == Unchoke {
			out[id] = v
		}
	}
	return out
}

// rotateAccount is what a rotation is to say of c.
func (s *snapshot) rotateAccount(c *Candidate, given verdictsByID) Because {
	_, optimistic := s.split()
	in := func(c *Candidate) bool { return c.Interested && !holds(c, Unchoke) }
	b := s.account(c, given, Optimistic, optimistic, in, waits, s.waiting)
	switch v := given[c.Conn]; {
	case !in(c):
		b.Reason = Unchanged
	case v == Optimistic && s.claimant(c, onlyRank(given), waits):
		b.Reason = Reserved
	case v == Optimistic:
		b.Reason = ByTurn
	case int(b.Rank) <= optimistic:
		b.Reason = ReservedElsewhere
	case holds(c, Optimistic):
		b.Reason = RotatedOut
	default:
		b.Reason = NotYet
	}
	return b
}

// fillAccount is what the filling of free slots is to say of c.
func (s *snapshot) fillAccount(c *Candidate, given verdictsByID) Because {
	switch {
	case s.rules.Policy == bt.UnlimitedSlots && c.Interested:
		return Because{Reason: NoLimit}
	case s.rules.Policy == bt.UnlimitedSlots:
		return Because{Reason: NotInterested}
	case given[c.Conn] != Choke && !holds(c, given[c.Conn]):
		return Because{Reason: FreeSlot}
	}
	return Because{}
}
