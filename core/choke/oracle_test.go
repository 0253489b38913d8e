package choke

import (
	"slices"
	"time"

	"peerwire/core/bt"
)

// The oracle is the clauses as they stand, said one candidate and one pair at a time, and slowly. It shares nothing with the code but the
// types that go in.

// snapshot is what the oracle judges.
type snapshot struct {
	now   bt.Instant
	cs    []Candidate
	rules Rules
	slots int // that there are
}

// verdicts are by id.
type verdictsByID map[bt.ConnID]Verdict

// number is CHK-2, CHK-13 and CHK-14.
func (s *snapshot) number() int {
	if s.rules.Policy == bt.FixedSlots {
		return max(s.rules.Slots, 0)
	}
	if s.rules.Policy == bt.UnlimitedSlots {
		return len(s.cs)
	}
	var sent []int64 // in the last round, by the interested
	for _, c := range s.cs {
		if c.Interested {
			sent = append(sent, c.Sent)
		}
	}
	slices.Sort(sent)
	slices.Reverse(sent)
	n, threshold := 0, int64(1024)
	for _, bytes := range sent {
		if bytes < 10*threshold { // a round is 10 s
			break
		}
		n++
		threshold += 2048
	}
	return n + 1
}

// split is CHK-2.
func (s *snapshot) split() (ranked, optimistic int) {
	switch {
	case s.rules.Policy == bt.UnlimitedSlots:
		return s.slots, 0
	case s.slots == 0:
		return 0, 0
	case s.slots < 10:
		return s.slots - 1, 1
	}
	return s.slots - s.slots/5, s.slots / 5
}

// mayRank is CHK-3 and CHK-9.
func mayRank(c *Candidate) bool {
	if !c.Interested {
		return false
	}
	return c.Seeding || !c.Snubbed
}

// holds tells what a candidate holds before anything is decided.
func holds(c *Candidate, v Verdict) bool {
	return c.Interested && !c.Choked && c.Optimistic == (v == Optimistic) && v != Choke
}

// seeds tells whether a candidate is ranked by an order of seeding.
func (s *snapshot) seeds(c *Candidate, o bt.SeedOrder) bool {
	return c.Seeding && s.rules.SeedOrder == o
}

// ended is the first half of CHK-5.
func (s *snapshot) ended(c *Candidate) bool {
	return s.seeds(c, bt.RoundRobin) && !c.Choked && s.now-c.UnchokedAt >= bt.Instant(60*time.Second) &&
		c.SentThisTurn >= 20*int64(c.PieceLength)
}

// takes is CHK-11.
func (s *snapshot) takes(c *Candidate) int64 {
	if s.seeds(c, bt.FastestUpload) && !c.Choked {
		return c.Sent
	}
	return 0
}

// far is CHK-12.
func (s *snapshot) far(c *Candidate) int64 {
	if !s.seeds(c, bt.AntiLeech) {
		return 0
	}
	had := c.Has
	if had > c.Total {
		had = c.Total
	}
	sent := c.SentEver
	if sent > c.Total/2 {
		sent = c.Total / 2
	}
	if sent > had {
		had = sent
	}
	if had < c.Total/2 {
		return (c.Total/2 - had) * 2000 / c.Total
	}
	return (had - c.Total/2) * 2000 / c.Total
}

// keeps is CHK-4, and the other half of CHK-5.
func (s *snapshot) keeps(c *Candidate) bool {
	if s.seeds(c, bt.RoundRobin) {
		return holds(c, Unchoke) && c.Sent > 0
	}
	return !c.Seeding && !c.Choked
}

// better tells whether a goes before b for a slot by rank, with the first clause that tells them apart.
func (s *snapshot) better(a, b *Candidate) bool {
	switch {
	case a.Received != b.Received: // CHK-4, CHK-10
		return a.Received > b.Received
	case s.ended(a) != s.ended(b):
		return s.ended(b)
	case s.takes(a) != s.takes(b):
		return s.takes(a) > s.takes(b)
	case s.far(a) != s.far(b):
		return s.far(a) > s.far(b)
	case s.keeps(a) != s.keeps(b):
		return s.keeps(a)
	case a.UnchokedAt != b.UnchokedAt: // CHK-10
		return a.UnchokedAt < b.UnchokedAt
	}
	return a.Conn < b.Conn
}

// waits tells whether a goes before b for an optimistic slot. [CHK-6]
func waits(a, b *Candidate) bool {
	switch {
	case a.OptimisticAt != b.OptimisticAt:
		return a.OptimisticAt < b.OptimisticAt
	case a.Lot != b.Lot:
		return a.Lot < b.Lot
	}
	return a.Conn < b.Conn
}

// granted is CHK-16.
func (s *snapshot) granted(t bt.TorrentID) int {
	left := s.slots
	for _, r := range s.rules.Reservations {
		n := r.Slots
		if n > left {
			n = left
		}
		if r.Torrent == t {
			return n
		}
		left -= n
	}
	return 0
}

// claimant tells whether c is among those of its torrent who are to have what is reserved and not held yet. [CHK-15]
func (s *snapshot) claimant(c *Candidate, given verdictsByID, before func(a, b *Candidate) bool) bool {
	free := func(d *Candidate) bool { return d.Torrent == c.Torrent && mayRank(d) && given[d.Conn] == Choke }
	if !free(c) {
		return false
	}
	n := s.granted(c.Torrent)
	for i := range s.cs {
		d := &s.cs[i]
		if d.Torrent == c.Torrent && given[d.Conn] != Choke || free(d) && before(d, c) {
			n--
		}
	}
	return n > 0
}

// pick gives n slots of a kind, one after the other, to whoever is before all the others.
func (s *snapshot) pick(n int, v Verdict, given verdictsByID, before func(a, b *Candidate) bool) {
	for ; n > 0; n-- {
		var first *Candidate
		for i := range s.cs {
			c := &s.cs[i]
			if given[c.Conn] == Choke && c.Interested && (v == Optimistic || mayRank(c)) && (first == nil || before(c, first)) {
				first = c
			}
		}
		if first == nil {
			return
		}
		given[first.Conn] = v
	}
}

// holdersFirst is the order of a round for optimistic slots: they are kept until the rotation.
func (s *snapshot) holdersFirst(a, b *Candidate) bool {
	if holds(a, Optimistic) != holds(b, Optimistic) {
		return holds(a, Optimistic)
	}
	return waits(a, b)
}

// unlimited is CHK-14.
func (s *snapshot) unlimited() verdictsByID {
	given := verdictsByID{}
	for _, c := range s.cs {
		if c.Interested {
			given[c.Conn] = Unchoke
		}
	}
	return given
}

// claimantsFirst is an order in which those who claim a reserved slot, as things are now, come before all others.
func (s *snapshot) claimantsFirst(given verdictsByID, before func(a, b *Candidate) bool) func(a, b *Candidate) bool {
	claims := map[bt.ConnID]bool{}
	for i := range s.cs {
		claims[s.cs[i].Conn] = s.claimant(&s.cs[i], given, before)
	}
	return func(a, b *Candidate) bool {
		if claims[a.Conn] != claims[b.Conn] {
			return claims[a.Conn]
		}
		return before(a, b)
	}
}

// round is CHK-1: all slots anew; who holds an optimistic one keeps it, but for who wins by rank and for what is reserved.
func (s *snapshot) round() verdictsByID {
	if s.rules.Policy == bt.UnlimitedSlots {
		return s.unlimited()
	}
	ranked, optimistic := s.split()
	given := verdictsByID{}
	s.pick(ranked, Unchoke, given, s.claimantsFirst(given, s.better))
	s.pick(optimistic, Optimistic, given, s.claimantsFirst(given, s.holdersFirst))
	return given
}

// rotate is CHK-6.
func (s *snapshot) rotate() verdictsByID {
	_, optimistic := s.split()
	given := verdictsByID{}
	for i := range s.cs {
		if holds(&s.cs[i], Unchoke) {
			given[s.cs[i].Conn] = Unchoke
		}
	}
	s.pick(optimistic, Optimistic, given, s.claimantsFirst(given, waits))
	return given
}

// fill is CHK-8 and CHK-17.
func (s *snapshot) fill() verdictsByID {
	if s.rules.Policy == bt.UnlimitedSlots {
		return s.unlimited()
	}
	ranked, optimistic := s.split()
	given := verdictsByID{}
	for i := range s.cs {
		switch c := &s.cs[i]; {
		case holds(c, Unchoke):
			given[c.Conn] = Unchoke
			ranked--
		case holds(c, Optimistic):
			given[c.Conn] = Optimistic
			optimistic--
		}
	}
	s.pick(ranked, Unchoke, given, s.claimantsFirst(given, s.better))
	s.pick(optimistic, Optimistic, given, s.claimantsFirst(given, waits))
	return given
}
