package choke

import (
	"time"

	"peerwire/core/bt"
)

// By the rates, one more slot is opened for each peer that takes so much.
const (
	rateFirst = 1024 // bytes a second, for the first slot [CHK-13]
	rateStep  = 2048 // bytes a second more for each further one [CHK-13]
)

// optimisticShare is how many slots there are for each optimistic one. [CHK-2]
const optimisticShare = 5

// Rules are what the user decided. They are the same for all calls.
type Rules struct {
	Policy       bt.SlotPolicy
	Slots        int // with bt.FixedSlots
	SeedOrder    bt.SeedOrder
	Reservations []Reservation // of different torrents, in the order in which they are granted
}

// Reservation keeps slots for a torrent, while it has candidates for them. [CHK-15]
type Reservation struct {
	Torrent bt.TorrentID
	Slots   int // less than one are none
}

// Split tells how many of so many slots are won by rank, and how many are optimistic: one of a few, a fifth of many. [CHK-2]
func (r *Rules) Split(slots int) (ranked, optimistic int) {
	if slots == 0 || r.Policy == bt.UnlimitedSlots {
		return slots, 0
	}
	optimistic = max(1, slots/optimisticShare)
	return slots - optimistic, optimistic
}

// number tells how many slots there are until the next round.
func (r *Rules) number(cs []Candidate) int {
	switch r.Policy {
	case bt.UnlimitedSlots:
		return len(cs)
	case bt.RateSlots:
		return bearable(cs)
	}
	return max(0, r.Slots)
}

// bearable is one more than the peers that took what their slots must bear. Thresholds rise, so the i-th slot is borne
// when i peers reach its threshold, whoever they are. [CHK-13]
func bearable(cs []Candidate) int {
	n := 0
	for ; takers(cs, rateFirst+rateStep*int64(n)) > n; n++ {
	}
	return n + 1
}

// takers counts the interested who took so many bytes a second in the last round.
func takers(cs []Candidate, rate int64) (n int) {
	for i := range cs {
		if cs[i].Interested && cs[i].Sent >= rate*int64(RoundInterval/time.Second) {
			n++
		}
	}
	return n
}

// claim marks those who are to have the reserved slots that their torrents' peers do not hold yet: of each torrent the first
// that can be ranked. Reservations are granted one after the other, while slots are left. [CHK-15] [CHK-16]
func (r *Rules) claim(cs []Candidate, slots int) {
	for i := range cs {
		cs[i].claims = false
	}
	for _, v := range r.Reservations {
		granted := max(0, min(v.Slots, slots))
		slots -= granted
		granted -= holders(cs, v.Torrent)
		for i := range cs {
			if c := &cs[i]; granted > 0 && c.Torrent == v.Torrent && c.may(Unchoke) {
				c.claims = true
				granted--
			}
		}
	}
}

// holders counts who of a torrent has been given a slot.
func holders(cs []Candidate, t bt.TorrentID) (n int) {
	for i := range cs {
		if cs[i].Torrent == t && cs[i].Verdict != Choke {
			n++
		}
	}
	return n
}
