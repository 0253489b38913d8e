package choke

// Reason is why a verdict was given.
type Reason uint8

// The reasons.
const (
	Unchanged         Reason = iota // nothing was decided: it has what it had
	ByRank                          // unchoke: its rank is among the slots
	Promoted                        // unchoke: the same, and it gives back an optimistic slot [CHK-7]
	Reserved                        // unchoke: beyond its rank, as its torrent has the slot reserved; optimistic: likewise [CHK-15]
	FreeSlot                        // unchoke, optimistic: nobody held it [CHK-8]
	NoLimit                         // unchoke: there is a slot for everybody [CHK-14]
	ByTurn                          // optimistic: nobody has waited longer, or it holds one and its turn is not over [CHK-6]
	OutRanked                       // choke: its rank is beyond the slots
	TurnEnded                       // choke: the same, as its turn as a seed's peer is over [CHK-5]
	ReservedElsewhere               // choke: its place is among the slots, and another torrent has the slot reserved [CHK-15]
	Withdrawn                       // choke: it held an optimistic slot, and there are fewer now, or a reservation took it
	RotatedOut                      // choke: its optimistic slot went to one that has waited longer [CHK-6]
	NotYet                          // choke: others have waited longer for an optimistic slot [CHK-6]
	Snubbing                        // choke: it lets our requests wait, and has no optimistic slot [CHK-9]
	NotInterested                   // choke: it wants nothing of ours [CHK-3]
	numReasons
)

var reasonNames = [numReasons]string{
	"unchanged", "by rank", "promoted", "reserved", "free slot", "no limit", "by turn", "outranked", "turn ended", "reserved elsewhere", "withdrawn",
	"rotated out", "not yet", "snubbing", "not interested",
}

// String is the reason in a few lower-case words.
func (r Reason) String() string {
	if r < numReasons {
		return reasonNames[r]
	}
	return "unknown reason"
}

// Because is why a verdict was given, and by what numbers. Who has no slot is compared with the last who won one, and who
// won one with the first who did not.
type Because struct {
	Reason  Reason
	Measure Measure // what told the two apart; NoMeasure when there was no other
	Rank    uint32  // the place in the order of rank, or after Rotate in the queue; from 1, 0 if it has none
	Slots   uint32  // there were to be won in that order
	Own     int64   // what Measure gave for the candidate, in the measure's unit
	Line    int64   // and for the other
}

// explain compares each candidate that has a place among cs, which are sorted, with the other side of the line; and says why those
// who hold a slot of the kind of v do.
func explain(cs []Candidate, v Verdict, slots int) {
	var last, next *Candidate // the last who won by its place alone, and the first who did not win
	for i := range cs {
		switch c := &cs[i]; {
		case c.Verdict == v && c.Because.within(slots):
			last = c
		case c.Because.Rank > 0 && next == nil: // a winner beyond the slots comes after one within them that did not win
			next = c
		}
	}
	for i := range cs {
		c := &cs[i]
		c.Because.Slots = uint32(slots)
		if c.Verdict == v {
			c.compare(next)
		} else if c.Because.Rank > 0 {
			c.compare(last)
		}
	}
}

// within tells whether the place is among so many slots.
func (b *Because) within(slots int) bool { return int(b.Rank) <= slots }

// compare finds what tells the candidate from another, if there is another.
func (c *Candidate) compare(other *Candidate) {
	if other == nil {
		return
	}
	for m := range c.keys {
		if c.keys[m] != other.keys[m] {
			c.Because.Measure, c.Because.Own, c.Because.Line = Measure(m), c.keys[m], other.keys[m]
			return
		}
	}
}

// rankReason is why the candidate has won a slot by rank, or has not.
func (c *Candidate) rankReason(slots int) Reason {
	within := c.Because.within(slots)
	if c.Verdict == Unchoke {
		switch {
		case !within:
			return Reserved
		case c.held() == Optimistic:
			return Promoted
		}
		return ByRank
	}
	switch {
	case !c.Interested:
		return NotInterested
	case !c.ranked():
		return Snubbing
	case within:
		return ReservedElsewhere
	case c.keys[TurnOver] != 0:
		return TurnEnded
	}
	return OutRanked
}
