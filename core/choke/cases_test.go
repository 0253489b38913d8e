package choke

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// failer is what *testing.T and *rapid.T have in common.
type failer interface{ Fatalf(string, ...any) }

// judge lets the code and the oracle decide the same, by round, rotation and filling, and compares verdicts, reasons and numbers. No more
// hold slots than there are, and filling takes nothing from anybody. [CHK-1] [CHK-2] [CHK-3] [CHK-17]
func judge(t failer, now bt.Instant, start []Candidate, r Rules, slots int) {
	s := &snapshot{now: now, cs: start, rules: r, slots: slots}
	cs := slices.Clone(start)
	Rotate(now, cs, &r, slots)
	s.agree(t, "rotation", cs, s.rotate(), s.rotateAccount)
	copy(cs, start)
	Fill(now, cs, &r, slots)
	s.agree(t, "filling", cs, s.fill(), s.fillAccount)
	for i := range cs {
		if c := &cs[i]; c.held() != Choke && c.Verdict != c.held() && r.Policy != bt.UnlimitedSlots {
			t.Fatalf("filling took a slot from %+v of %+v", c, start)
		}
	}
	copy(cs, start)
	s.slots = s.number()
	if n := Round(now, cs, &r); n != s.slots {
		t.Fatalf("%d slots, want %d, by %+v for %+v", n, s.slots, r, start)
	}
	s.agree(t, "round", cs, s.round(), s.roundAccount)
	s.bounded(t, cs)
}

// agree compares what was decided with what should have been.
func (s *snapshot) agree(t failer, what string, cs []Candidate, want verdictsByID, account func(*Candidate, verdictsByID) Because) {
	for i := range s.cs {
		c := &s.cs[i]
		at := slices.IndexFunc(cs, func(d Candidate) bool { return d.Conn == c.Conn })
		if got := &cs[at]; got.Verdict != want[c.Conn] {
			t.Fatalf("%s: %s has %s, want %s: %d slots, %+v, %+v", what, c.Conn, got.Verdict, want[c.Conn], s.slots, s.rules, s.cs)
		} else if because := account(c, want); got.Because != because {
			t.Fatalf("%s: %s is told %+v, want %+v: %d slots, %+v, %+v", what, c.Conn, got.Because, because, s.slots, s.rules, s.cs)
		}
	}
}

// bounded wants, after a round, no more slots held than there are, and each torrent to hold what it has reserved, or a slot for each peer that may
// hold one by rank. [CHK-2] [CHK-15]
func (s *snapshot) bounded(t failer, cs []Candidate) {
	held, kinds := 0, map[Verdict]int{}
	of, could := map[bt.TorrentID]int{}, map[bt.TorrentID]int{}
	for i := range cs {
		c := &cs[i]
		kinds[c.Verdict]++
		if c.Verdict != Choke {
			held++
			of[c.Torrent]++
		}
		if mayRank(c) {
			could[c.Torrent]++
		}
	}
	ranked, optimistic := s.split()
	if held > s.slots || kinds[Unchoke] > ranked || kinds[Optimistic] > optimistic {
		t.Fatalf("%d hold %d slots, %d of them optimistic: %+v", held, s.slots, kinds[Optimistic], s.cs)
	}
	for _, r := range s.rules.Reservations {
		if need := min(s.granted(r.Torrent), could[r.Torrent]); of[r.Torrent] < need {
			t.Fatalf("torrent %d holds %d slots, and should hold %d: %d slots, %+v, %+v", r.Torrent, of[r.Torrent], need, s.slots, s.rules, s.cs)
		}
	}
}

// crowds calls f for every set of n of the kinds, repetition allowed, with ids that go up, and with ids that go down.
func crowds(kinds []Candidate, n int, f func(cs []Candidate)) {
	at := make([]int, n)
	cs := make([]Candidate, n)
	var next func(i, from int)
	next = func(i, from int) {
		if i == n {
			for _, up := range []bool{true, false} {
				for k := range cs {
					cs[k] = kinds[at[k]]
					cs[k].Conn = bt.ConnID(n - k)
					if up {
						cs[k].Conn = bt.ConnID(k + 1)
					}
				}
				f(cs)
			}
			return
		}
		for k := from; k < len(kinds); k++ {
			at[i] = k
			next(i+1, k)
		}
	}
	next(0, 0)
}

// vary makes of each kind one for each of so many changes.
func vary(kinds []Candidate, changes ...func(*Candidate)) (all []Candidate) {
	for _, k := range kinds {
		for _, change := range changes {
			c := k
			change(&c)
			all = append(all, c)
		}
	}
	return all
}

// The changes that the crowds are made of.
func same(*Candidate)          {}
func gives(c *Candidate)       { c.Received = 1 }
func snubs(c *Candidate)       { c.Snubbed = true }
func byRankSince(c *Candidate) { c.Choked, c.UnchokedAt = false, bt.Instant(5*time.Second) }
func optimistic(c *Candidate) {
	c.Choked, c.Optimistic, c.UnchokedAt, c.OptimisticAt = false, true, 7, 7
}
func chokedBefore(c *Candidate) { c.UnchokedAt, c.OptimisticAt = 7, 7 }
func uninterested(c *Candidate) { c.Interested = false }
func seeded(c *Candidate)       { c.Seeding = true }
func ofOther(c *Candidate)      { c.Torrent = 2 }
func takesSome(c *Candidate)    { c.Sent, c.SentEver, c.SentThisTurn = 1, 50, 19 }
func takesMuch(c *Candidate)    { c.Sent, c.SentEver, c.SentThisTurn = 2, 150, 20 }
func hasHalf(c *Candidate)      { c.Has = 50 }
func hasAll(c *Candidate)       { c.Has = 102 }
func lotOne(c *Candidate)       { c.Lot = 1 }
func lastAt(at bt.Instant) func(*Candidate) {
	return func(c *Candidate) { c.OptimisticAt = at }
}

// plain is an interested, choked peer that never had a slot, of a torrent of 101 bytes that we download.
var plain = Candidate{Torrent: 1, Interested: true, Choked: true, PieceLength: 1, Total: 101, UnchokedAt: -1, OptimisticAt: -1}

// turnsEnd is the moment at which the turn of byRankSince ends.
const turnsEnd = bt.Instant(65 * time.Second)

// rule is one set of rules with so many slots.
func rule(slots int, more ...func(*Rules)) Rules {
	r := Rules{Slots: slots}
	for _, change := range more {
		change(&r)
	}
	return r
}

// reserved keeps slots for torrents 1, 2 and so on.
func reserved(slots ...int) func(*Rules) {
	return func(r *Rules) {
		for i, n := range slots {
			r.Reservations = append(r.Reservations, Reservation{bt.TorrentID(i) + 1, n})
		}
	}
}

// Every small crowd goes as the oracle says: whoever may be in it, with 0 to 5 slots, by every policy and order, with reservations
// and without. [CHK-2] [CHK-4] [CHK-5] [CHK-6] [CHK-7] [CHK-9] [CHK-10] [CHK-11] [CHK-12] [CHK-14] [CHK-15] [CHK-16] [CHK-17]
func TestAllSmallCrowds(t *testing.T) {
	leeches := vary(vary(vary([]Candidate{plain}, same, byRankSince, optimistic, chokedBefore), same, gives), same, snubs)
	leeches = append(leeches, vary([]Candidate{plain}, uninterested)...)
	seeds := vary(vary([]Candidate{plain}, seeded), same, byRankSince, optimistic, chokedBefore)
	turns := vary(seeds, same, takesSome, takesMuch)
	leech := vary(vary(seeds, same, takesMuch), same, hasHalf, hasAll)
	mixed := append(vary(vary([]Candidate{plain}, same, byRankSince), same, gives), vary(seeds[:2], same, takesMuch)...)
	waiters := vary(vary([]Candidate{plain}, lastAt(-1), lastAt(3), lastAt(4), optimistic, byRankSince), same, lotOne)
	torrents := vary(vary(vary([]Candidate{plain}, same, byRankSince, optimistic), same, ofOther), same, gives)
	torrents = append(torrents, vary(vary([]Candidate{plain}, snubs), same, ofOther)...)

	fixed := func(more ...func(*Rules)) (all []Rules) {
		for n := range 6 {
			all = append(all, rule(n, more...))
		}
		return all
	}
	order := func(o bt.SeedOrder) func(*Rules) { return func(r *Rules) { r.SeedOrder = o } }
	var shared []Rules
	for _, a := range []int{0, 1, 3} {
		for b := range 3 {
			shared = append(shared, fixed(reserved(a, b))...)
		}
	}
	policy := func(p bt.SlotPolicy) func(*Rules) { return func(r *Rules) { r.Policy = p } }
	for _, c := range []struct {
		name  string
		kinds []Candidate
		size  int
		rules []Rules
	}{
		{"leeches", leeches, 4, fixed()},
		{"a seed's peers, by turns", turns, 4, fixed()},
		{"fastest upload", turns, 4, fixed(order(bt.FastestUpload))},
		{"anti-leech", leech, 3, fixed(order(bt.AntiLeech))},
		{"both", mixed, 5, append(fixed(), append(fixed(order(bt.FastestUpload)), fixed(order(bt.AntiLeech))...)...)},
		{"the queue", waiters, 5, fixed()},
		{"no limit", leeches, 3, fixed(policy(bt.UnlimitedSlots))},
		{"reservations", torrents, 3, shared},
		{"more reservations", torrents[:6], 5, shared},
		{"reservations by the rates", torrents[:8], 4, []Rules{rule(0, policy(bt.RateSlots), reserved(2, 2))}},
	} {
		if testing.Short() {
			c.size = 2 // nothing here is concurrent
		}
		t.Run(c.name, func(t *testing.T) {
			n := 0
			crowds(c.kinds, c.size, func(cs []Candidate) {
				for _, r := range c.rules {
					judge(t, turnsEnd, cs, r, max(r.Slots, int(r.Policy)))
					n++
				}
			})
			t.Logf("%d cases: crowds of %d of %d kinds, with %d rules", n, c.size, len(c.kinds), len(c.rules))
		})
	}
}

// The number of slots by the rates is right for every small crowd, on both sides of every threshold. [CHK-13]
func TestAllRates(t *testing.T) {
	var kinds []Candidate
	for _, rate := range []int64{1024, 3072, 5120} {
		for _, off := range []int64{-1, 0} {
			c := plain
			c.Sent = 10*rate + off
			kinds = append(kinds, c)
		}
	}
	kinds = append(kinds, vary(kinds[5:], uninterested)...)
	crowds(kinds, 5, func(cs []Candidate) { judge(t, turnsEnd, cs, rule(0, func(r *Rules) { r.Policy = bt.RateSlots }), 3) })
}

// Larger crowds, with wider numbers, more torrents and more slots, go as the oracle says too.
func TestCrowds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := func(name string, top int64) int64 { return rapid.Int64Range(0, top).Draw(t, name) }
		one := rapid.Custom(func(t *rapid.T) Candidate {
			flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
			size := func(name string, top int64) int64 { return rapid.Int64Range(0, top).Draw(t, name) }
			return Candidate{
				Torrent: bt.TorrentID(size("torrent", 3)), Interested: flag("interested"), Choked: flag("choked"), Optimistic: flag("optimistic"),
				Snubbed: flag("snubbed"), Seeding: flag("seeding"), PieceLength: 10, Total: 1 + size("total", 1000), Has: 10 * size("has", 101),
				Received: size("received", 5), Sent: size("sent", 5) * 15000, SentEver: size("ever", 1000), SentThisTurn: size("since", 400),
				UnchokedAt: bt.Instant(size("unchoked at", 3) * int64(330*time.Second)), OptimisticAt: bt.Instant(size("optimistic at", 3)),
				Lot: uint32(size("lot", 2)),
			}
		})
		cs := rapid.SliceOfN(one, 0, 20).Draw(t, "candidates")
		for i := range cs {
			cs[i].Conn = bt.ConnID(i + 1)
		}
		r := rule(int(size("slots", 13))-1, func(r *Rules) {
			r.Policy, r.SeedOrder = bt.SlotPolicy(size("policy", 2)), bt.SeedOrder(size("order", 2))
		}, reserved(int(size("first", 4)), int(size("second", 9))))
		judge(t, bt.Instant(1000*time.Second), cs, r, int(size("slots now", 12)))
	})
}
