package choke

import (
	"slices"

	"peerwire/core/bt"
)

// Round gives all slots anew, and tells how many there are. Holders of optimistic slots that win none by rank keep what they
// have, unless a torrent that has it reserved needs it; one that does win makes its optimistic slot free for another
// at once. The order of cs is changed. [CHK-1] [CHK-7]
func Round(now bt.Instant, cs []Candidate, r *Rules) (slots int) {
	slots = r.number(cs)
	if r.Policy == bt.UnlimitedSlots {
		everybody(cs)
		return slots
	}
	for i := range cs {
		cs[i].Verdict, cs[i].Because = Choke, Because{}
	}
	ranked, optimistic := r.Split(slots)
	rank(now, cs, r.SeedOrder)
	r.hand(cs, Unchoke, ranked, slots)
	explain(cs, Unchoke, ranked)
	for i := range cs {
		cs[i].Because.Reason = cs[i].rankReason(ranked)
	}
	queue(now, cs, true)
	r.hand(cs, Optimistic, optimistic, slots)
	for i := range cs {
		switch c := &cs[i]; {
		case c.Verdict == Optimistic:
			c.Because.Reason = c.turnReason()
		case c.Verdict == Choke && c.held() == Optimistic:
			c.Because.Reason = Withdrawn
		}
	}
	return slots
}

// Rotate gives the optimistic slots anew, to those who have waited longest for one; slots by rank stay as they are. slots is what
// the last Round told. The order of cs is changed. [CHK-6]
func Rotate(now bt.Instant, cs []Candidate, r *Rules, slots int) {
	_, optimistic := r.Split(slots)
	queue(now, cs, false)
	place := uint32(0)
	for i := range cs {
		c := &cs[i]
		c.Verdict, c.Because = Choke, Because{}
		switch {
		case c.held() == Unchoke:
			c.Verdict = Unchoke
		case c.Interested:
			place++
			c.Because.Rank = place
		}
	}
	r.hand(cs, Optimistic, optimistic, slots)
	explain(cs, Optimistic, optimistic)
	for i := range cs {
		switch c := &cs[i]; {
		case c.Verdict == Optimistic:
			c.Because.Reason = c.turnReason()
		case c.Because.Rank == 0: // it holds a slot by rank, or wants none
		case c.Because.within(optimistic):
			c.Because.Reason = ReservedElsewhere
		case c.held() == Optimistic:
			c.Because.Reason = RotatedOut
		default:
			c.Because.Reason = NotYet
		}
	}
}

// turnReason is why the candidate has won an optimistic slot.
func (c *Candidate) turnReason() Reason {
	if c.claims {
		return Reserved
	}
	return ByTurn
}

// Fill gives the slots that nobody holds, and takes none: a slot by rank to who ranks first, an optimistic one to who has waited longest for
// it. slots is what the last Round told. The order of cs is changed. [CHK-8] [CHK-17]
func Fill(now bt.Instant, cs []Candidate, r *Rules, slots int) {
	if r.Policy == bt.UnlimitedSlots {
		everybody(cs)
		return
	}
	ranked, optimistic := r.Split(slots)
	for i := range cs {
		c := &cs[i]
		c.Verdict = c.held()
		switch c.Verdict {
		case Unchoke:
			ranked--
		case Optimistic:
			optimistic--
		}
	}
	switch {
	case len(r.Reservations) > 0 || max(ranked, 0)+max(optimistic, 0) > 1:
		rank(now, cs, r.SeedOrder)
		r.hand(cs, Unchoke, ranked, slots)
		queue(now, cs, false)
		r.hand(cs, Optimistic, optimistic, slots)
	case ranked > 0: // one slot is free, as it mostly is when any: it goes to one, and the others need no order
		handOne(cs, Unchoke, func(c *Candidate) { c.stand(now, r.SeedOrder) })
	case optimistic > 0:
		handOne(cs, Optimistic, func(c *Candidate) { c.wait(now, false) })
	}
	for i := range cs {
		c := &cs[i]
		c.Because = Because{}
		if c.Verdict != c.held() {
			c.Because.Reason = FreeSlot
		}
	}
}

// handOne gives a slot of the kind of v to the first of those that can have it, in the order of the keys that stand fills.
func handOne(cs []Candidate, v Verdict, stand func(c *Candidate)) {
	var first *Candidate
	for i := range cs {
		c := &cs[i]
		if !c.may(v) {
			continue
		}
		if stand(c); first == nil || slices.Compare(c.keys[:], first.keys[:]) > 0 {
			first = c
		}
	}
	if first != nil {
		first.Verdict = v
	}
}

// everybody gives a slot to all who are interested. [CHK-14]
func everybody(cs []Candidate) {
	for i := range cs {
		c := &cs[i]
		c.Verdict, c.Because = Choke, Because{Reason: NotInterested}
		if c.Interested {
			c.Verdict, c.Because = Unchoke, Because{Reason: NoLimit}
		}
	}
}

// hand gives n of all the slots, of the kind of v, to the first of cs that can have one, those who claim one before the others. [CHK-15]
func (r *Rules) hand(cs []Candidate, v Verdict, n, slots int) {
	r.claim(cs, slots)
	for _, claiming := range [...]bool{true, false} {
		for i := range cs {
			if c := &cs[i]; n > 0 && c.claims == claiming && c.may(v) {
				c.Verdict = v
				n--
			}
		}
	}
}

// Turns tells how many rotations it will take until the candidate c has an optimistic slot, if nobody comes, goes or is promoted, no
// reservation stands before it, and every lot falls its way; 0 if it will not have one by waiting.
func Turns(cs []Candidate, r *Rules, slots int, c *Candidate) int {
	_, optimistic := r.Split(slots)
	if optimistic == 0 || !c.Interested || !c.Choked {
		return 0
	}
	ahead := 0
	for i := range cs {
		if d := &cs[i]; d.Interested && d.held() != Unchoke && d.OptimisticAt < c.OptimisticAt {
			ahead++
		}
	}
	return 1 + ahead/optimistic
}
