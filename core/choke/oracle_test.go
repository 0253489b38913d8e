package choke

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// The oracle is the clauses as they stand, said pair by pair and slowly.

// better tells whether a goes before b for a slot by rank, with the first clause that tells them apart.
func better(a, b *Candidate, now bt.Instant) bool {
	over := func(c *Candidate) bool { // CHK-5
		return c.Seeding && !c.Choked && now-c.UnchokedAt >= bt.Instant(60*time.Second) &&
			c.SentSinceUnchoke >= 20*int64(c.PieceLength)
	}
	sent := func(c *Candidate) int64 {
		if c.Seeding {
			return c.Sent
		}
		return 0
	}
	keeps := func(c *Candidate) bool { return !c.Seeding && !c.Choked }
	switch {
	case a.Received != b.Received: // CHK-4
		return a.Received > b.Received
	case over(a) != over(b): // CHK-5
		return over(b)
	case sent(a) != sent(b): // CHK-5
		return sent(a) > sent(b)
	case keeps(a) != keeps(b): // CHK-4
		return keeps(a)
	case a.UnchokedAt != b.UnchokedAt: // CHK-4, CHK-5
		return a.UnchokedAt < b.UnchokedAt
	}
	return a.Conn < b.Conn
}

// waits tells whether a goes before b for an optimistic slot.
func waits(a, b *Candidate) bool { // CHK-6
	switch {
	case a.OptimisticAt != b.OptimisticAt:
		return a.OptimisticAt < b.OptimisticAt
	case a.Lot != b.Lot:
		return a.Lot < b.Lot
	}
	return a.Conn < b.Conn
}

// oracle tells the verdict of every candidate, by its id. Ids are small numbers.
func oracle(now bt.Instant, cs []Candidate, slots int, rotate bool) map[bt.ConnID]Verdict {
	shared := 0 // CHK-2
	if slots > 0 {
		shared = max(1, slots/5)
	}
	out := map[bt.ConnID]Verdict{}
	ahead := func(c *Candidate, in func(*Candidate) bool, before func(a, b *Candidate) bool) (n int) {
		for i := range cs {
			if d := &cs[i]; in(d) && before(d, c) {
				n++
			}
		}
		return n
	}
	mayRank := func(c *Candidate) bool { return c.Interested && (c.Seeding || !c.Snubbed) } // CHK-3, CHK-9
	for i := range cs {
		c := &cs[i]
		switch {
		case rotate && c.Interested && !c.Choked && !c.Optimistic:
			out[c.Conn] = Unchoke
		case !rotate && mayRank(c) && ahead(c, mayRank, func(a, b *Candidate) bool { return better(a, b, now) }) < slots-shared:
			out[c.Conn] = Unchoke
		}
	}
	left := func(c *Candidate) bool { return c.Interested && out[c.Conn] != Unchoke }
	keeps := func(c *Candidate) bool { return left(c) && !rotate && !c.Choked && c.Optimistic }
	queue := func(a, b *Candidate) bool { // holders first, then by wait
		if keeps(a) != keeps(b) {
			return keeps(a)
		}
		return waits(a, b)
	}
	given := map[bt.ConnID]Verdict{}
	for i := range cs {
		if c := &cs[i]; left(c) && ahead(c, left, queue) < shared {
			given[c.Conn] = Optimistic
		}
	}
	for id := range given {
		out[id] = Optimistic
	}
	return out
}

// compare fails when the code and the oracle differ, or when more are unchoked than there are slots. [CHK-2]
func compare(t interface{ Fatalf(string, ...any) }, now bt.Instant, start []Candidate, slots int) {
	for _, rotate := range []bool{false, true} {
		cs := append([]Candidate(nil), start...)
		if rotate {
			Rotate(cs, slots)
		} else {
			Round(now, cs, slots)
		}
		want := oracle(now, start, slots, rotate)
		held := 0
		for _, c := range cs {
			if c.Verdict != want[c.Conn] {
				t.Fatalf("rotate %t, %d slots: %s has %s, want %s, of %+v", rotate, slots, c.Conn, c.Verdict, want[c.Conn], start)
			}
			if c.Verdict != Choke {
				held++
			}
		}
		if !rotate && held > max(0, slots) {
			t.Fatalf("%d hold %d slots: %+v", held, slots, start)
		}
	}
}

// kinds are candidates that differ in all that the clauses look at.
func kinds() (all []Candidate) {
	for bits := range 1 << 4 {
		for _, received := range []int64{0, 1} {
			for _, optimisticAt := range []bt.Instant{0, 1} {
				c := Candidate{
					Interested: true, Choked: bits&1 != 0, Snubbed: bits&2 != 0, Seeding: bits&4 != 0,
					Received: received, OptimisticAt: optimisticAt, PieceLength: 1, UnchokedAt: 1,
				}
				if !c.Choked {
					c.Optimistic = bits&8 != 0
					c.SentSinceUnchoke, c.Sent = int64(19+bits>>3), 1
				} else {
					c.Interested = bits&8 != 0
				}
				all = append(all, c)
			}
		}
	}
	return all
}

// Every three kinds together, with every number of slots that matters, go as the oracle says; of two
// that are equal in all else, the lower id goes first.
func TestAllSmallCases(t *testing.T) {
	all, n := kinds(), 0
	for i, a := range all {
		for j, b := range all[:i+1] {
			for _, c := range all[:j+1] {
				for slots := 1; slots <= 3; slots++ {
					a.Conn, b.Conn, c.Conn = 1, 2, 3
					compare(t, at, []Candidate{c, a, b}, slots)
					a.Conn, b.Conn, c.Conn = 3, 2, 1
					compare(t, at, []Candidate{c, a, b}, slots)
					n += 2
				}
			}
		}
	}
	t.Logf("%d cases of %d kinds", n, len(all))
}

// Larger crowds, with wider numbers, go as the oracle says too.
func TestCrowds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) Candidate {
			flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
			size := func(name string, top int64) int64 { return rapid.Int64Range(0, top).Draw(t, name) }
			return Candidate{
				Interested: flag("interested"), Choked: flag("choked"), Optimistic: flag("optimistic"),
				Snubbed: flag("snubbed"), Seeding: flag("seeding"), PieceLength: 10,
				Received: size("received", 5), Sent: size("sent", 5), SentSinceUnchoke: size("since", 400),
				UnchokedAt: bt.Instant(size("unchoked at", 3) * int64(330*time.Second)), OptimisticAt: bt.Instant(size("optimistic at", 3)),
				Lot: uint32(size("lot", 2)),
			}
		})
		cs := rapid.SliceOfN(one, 0, 20).Draw(t, "candidates")
		for i := range cs {
			cs[i].Conn = bt.ConnID(i + 1)
		}
		compare(t, at, cs, rapid.IntRange(-1, 12).Draw(t, "slots"))
	})
}
