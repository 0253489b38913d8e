package choke

import (
	"cmp"
	"slices"

	"peerwire/core/bt"
)

// OptimisticSlots is how many of the slots are optimistic. [CHK-2]
func OptimisticSlots(slots int) int {
	if slots <= 0 {
		return 0
	}
	return max(1, slots/optimisticShare)
}

// Round gives all slots anew. It sets Verdict, Rank and Done of every candidate and leaves cs in the
// order of rank, those who cannot be ranked last. Holders of optimistic slots that win none by rank keep what they
// have; one that does win makes its optimistic slot free for another at once. [CHK-3] [CHK-4] [CHK-7]
func Round(now bt.Instant, cs []Candidate, slots int) {
	for i := range cs {
		cs[i].Done = cs[i].done(now)
	}
	slices.SortFunc(cs, func(a, b Candidate) int { return byRank(&a, &b) })
	won := max(0, slots-OptimisticSlots(slots))
	for i := range cs {
		c := &cs[i]
		c.Verdict, c.Rank = Choke, 0
		if c.ranked() {
			c.Rank = i + 1
		}
		switch {
		case c.Rank > 0 && won > 0:
			c.Verdict = Unchoke
			won--
		case c.held() == Optimistic:
			c.Verdict = Optimistic
		}
	}
	share(cs, OptimisticSlots(slots))
}

// byRank orders candidates, the best first. It compares, in this order, whether they can be ranked, what
// they gave us, whether their turn is over, what we gave them as a seed, who holds a slot where we download,
// and who waits longest. It is one order, so that all torrents compete, those we seed and those we
// download. [CHK-4] [CHK-5]
func byRank(a, b *Candidate) int {
	return cmp.Or(
		-compareBool(a.ranked(), b.ranked()),
		-cmp.Compare(a.Received, b.Received),
		compareBool(a.Done, b.Done),
		-cmp.Compare(a.seeded(), b.seeded()),
		-compareBool(a.holds(), b.holds()),
		cmp.Compare(a.UnchokedAt, b.UnchokedAt),
		cmp.Compare(a.Conn, b.Conn),
	)
}

// seeded is what counts of what we sent: nothing while we download.
func (c *Candidate) seeded() int64 {
	if !c.Seeding {
		return 0
	}
	return c.Sent
}

// holds tells whether the candidate comes before its equals because it has a slot: not where we
// seed, so that turns go round.
func (c *Candidate) holds() bool { return !c.Seeding && c.held() != Choke }

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// Rotate gives the optimistic slots anew, to those who have waited longest for one. It sets Verdict of
// every candidate; slots by rank stay as they are. [CHK-6]
func Rotate(cs []Candidate, slots int) {
	for i := range cs {
		cs[i].Verdict = Choke
		if cs[i].held() == Unchoke {
			cs[i].Verdict = Unchoke
		}
	}
	share(cs, OptimisticSlots(slots))
}

// share gives optimistic slots to candidates without a slot until there are n, and takes the latest
// given away while there are more.
func share(cs []Candidate, n int) {
	for i := range cs {
		if cs[i].Verdict == Optimistic {
			n--
		}
	}
	for ; n > 0; n-- {
		c := first(cs, func(c *Candidate) bool { return c.Interested && c.Verdict == Choke }, 1)
		if c == nil {
			return
		}
		c.Verdict = Optimistic
	}
	for ; n < 0; n++ {
		first(cs, func(c *Candidate) bool { return c.Verdict == Optimistic }, -1).Verdict = Choke
	}
}

// first finds the fitting candidate that comes first in the queue for optimistic slots, or last when
// sign is -1; nil when none fits.
func first(cs []Candidate, fits func(*Candidate) bool, sign int) *Candidate {
	var best *Candidate
	for i := range cs {
		if c := &cs[i]; fits(c) && (best == nil || sign*byWait(c, best) < 0) {
			best = c
		}
	}
	return best
}

// byWait orders the queue for optimistic slots: the oldest turn first, then by lot.
func byWait(a, b *Candidate) int {
	return cmp.Or(cmp.Compare(a.OptimisticAt, b.OptimisticAt), cmp.Compare(a.Lot, b.Lot), cmp.Compare(a.Conn, b.Conn))
}

// Free tells what c, which has just become interested, may have at once: a slot by rank or an optimistic
// one if there is one that nobody among cs holds, or nothing. c itself may be among cs. [CHK-8]
func Free(cs []Candidate, slots int, c *Candidate) Verdict {
	ranked, optimistic := slots-OptimisticSlots(slots), OptimisticSlots(slots)
	for i := range cs {
		switch cs[i].held() {
		case Unchoke:
			ranked--
		case Optimistic:
			optimistic--
		}
	}
	switch {
	case !c.Interested:
		return Choke
	case c.ranked() && ranked > 0:
		return Unchoke
	case optimistic > 0:
		return Optimistic
	}
	return Choke
}
