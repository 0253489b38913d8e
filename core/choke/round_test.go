package choke

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// at is a moment late enough that every turn may have ended.
const at = bt.Instant(1000 * time.Second)

// leech is an interested, choked peer of a torrent that we download.
func leech(id bt.ConnID, received int64, changes ...func(*Candidate)) Candidate {
	c := Candidate{Conn: id, Interested: true, Choked: true, Received: received, PieceLength: 100, UnchokedAt: -1, OptimisticAt: -1}
	for _, change := range changes {
		change(&c)
	}
	return c
}

// byID sorts candidates as a reader names them.
func byID(cs []Candidate) []Candidate {
	sorted := slices.Clone(cs)
	slices.SortFunc(sorted, func(a, b Candidate) int { return int(a.Conn) - int(b.Conn) })
	return sorted
}

// verdicts writes the verdicts in the order of ids: "u" by rank, "o" optimistic, "." none.
func verdicts(cs []Candidate) string {
	text := ""
	for _, c := range byID(cs) {
		text += string(".uo"[c.Verdict])
	}
	return text
}

// told writes what the verdicts say of themselves, in the order of ids.
func told(cs []Candidate) string {
	var lines []string
	for _, c := range byID(cs) {
		b := c.Because
		lines = append(lines, fmt.Sprintf("%s: %s, %s, %d of %d, %s %d against %d", c.Conn, c.Verdict, b.Reason, b.Rank, b.Slots, b.Measure, b.Own, b.Line))
	}
	return strings.Join(lines, "\n")
}

// served is a seed's peer that holds a slot since from, was sent `sent` in the last round, and since since its turn began.
func served(sent, since int64, from time.Duration) func(*Candidate) {
	return func(c *Candidate) {
		c.Seeding, c.Choked, c.Sent, c.SentThisTurn, c.UnchokedAt = true, false, sent, since, bt.Instant(from)
	}
}

// waitsSince is a seed's peer that lost its slot, or got it, at a time.
func waitsSince(at bt.Instant) func(*Candidate) {
	return func(c *Candidate) { c.Seeding, c.UnchokedAt = true, at }
}

// Each case is a clause, or a limit from both of its sides. [CHK-2, CHK-3, CHK-4, CHK-5, CHK-7, CHK-9, CHK-10, CHK-11]
func TestRound(t *testing.T) {
	fast := func(r *Rules) { r.SeedOrder = bt.FastestUpload }
	cases := []struct {
		name  string
		rules Rules
		cs    []Candidate
		want  string
	}{
		{"nobody", rule(3), nil, ""},
		{"no slots [CHK-2]", rule(0), []Candidate{leech(1, 9, byRankSince)}, "."},
		{"fewer than none [CHK-2]", rule(-1), []Candidate{leech(1, 9)}, "."},
		{"one slot is optimistic [CHK-2]", rule(1), []Candidate{leech(1, 9), leech(2, 1)}, "o."},
		{"who gives most wins [CHK-4]", rule(3), []Candidate{leech(1, 5), leech(2, 7), leech(3, 6), leech(4, 8)}, "ou.u"},
		{"all fit", rule(8), []Candidate{leech(1, 0), leech(2, 0)}, "uu"},
		{"only the interested [CHK-3]", rule(3), []Candidate{leech(1, 9, uninterested), leech(2, 0)}, ".u"},
		{"uninterested lose their slot [CHK-3]", rule(3), []Candidate{leech(1, 9, uninterested, optimistic)}, "."},
		{"equals: who holds a slot keeps it [CHK-4]", rule(2), []Candidate{leech(1, 5), leech(2, 5, byRankSince), leech(3, 0, optimistic)}, ".uo"},
		{"equals: who waits longest [CHK-4]", rule(2), []Candidate{leech(1, 5, chokedBefore), leech(2, 5), leech(3, 0, optimistic)}, ".uo"},
		{"optimistic stays without rank", rule(2), []Candidate{leech(1, 5), leech(2, 0, optimistic), leech(3, 0)}, "uo."},
		{"promoted, and another at once [CHK-7]", rule(2), []Candidate{leech(1, 5), leech(2, 6, optimistic), leech(3, 0)}, "ou."},
		{"snubbed: no slot by rank [CHK-9]", rule(3), []Candidate{leech(1, 9, snubs), leech(2, 1), leech(3, 0)}, "ouu"},
		{"snubbed while seeding [CHK-9]", rule(2), []Candidate{leech(1, 0, snubs, seeded), leech(2, 0, seeded, optimistic)}, "uo"},
		{"too many optimistic: the latest goes", rule(2), []Candidate{
			leech(1, 0, optimistic, lastAt(3)), leech(2, 0, optimistic, lastAt(4)), leech(3, 1),
		}, "o.u"},
		{"seed: a turn over goes behind all [CHK-5]", rule(2), []Candidate{
			leech(1, 0, served(900, 2000, 940*time.Second)), leech(2, 0, waitsSince(900)), leech(3, 0, seeded, optimistic, waitsSince(950)),
		}, ".uo"},
		{"seed: one nanosecond short of its turn [CHK-5]", rule(2), []Candidate{
			leech(1, 0, served(900, 2000, 940*time.Second+1)), leech(2, 0, waitsSince(900)), leech(3, 0, seeded, optimistic, waitsSince(950)),
		}, "u.o"},
		{"seed: one byte short of its quota [CHK-5]", rule(2), []Candidate{
			leech(1, 0, served(900, 1999, 0)), leech(2, 0, waitsSince(-1)), leech(3, 0, seeded, optimistic),
		}, "u.o"},
		{"seed: a turn over keeps what nobody else wants", rule(2), []Candidate{leech(1, 0, served(900, 5000, 0))}, "u"},
		{"seed: who takes nothing gives way [CHK-5]", rule(2), []Candidate{
			leech(1, 0, served(0, 0, 990*time.Second)), leech(2, 0, waitsSince(900)), leech(3, 0, seeded, optimistic, waitsSince(950)),
		}, ".uo"},
		{"seed: nobody's turn is cut short by who takes more [CHK-5]", rule(2), []Candidate{
			leech(1, 0, served(1, 1, 990*time.Second)), leech(2, 0, served(900, 900, 980*time.Second), func(c *Candidate) { c.Optimistic = true }),
		}, "uo"},
		{"seed: but with the order of the fastest it is [CHK-11]", rule(2, fast), []Candidate{
			leech(1, 0, served(1, 1, 990*time.Second)), leech(2, 0, served(900, 900, 980*time.Second), func(c *Candidate) { c.Optimistic = true }),
		}, "ou"},
		{"seed: who waits longest [CHK-5]", rule(2), []Candidate{
			leech(1, 0, waitsSince(3)), leech(2, 0, waitsSince(2)), leech(3, 0, waitsSince(4)),
		}, "ou."},
		{"both: what a peer gave comes first [CHK-10]", rule(2), []Candidate{leech(1, 0, served(900, 900, 990*time.Second)), leech(2, 1)}, "ou"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			Round(at, c.cs, &c.rules)
			if got := verdicts(c.cs); got != c.want {
				t.Errorf("%q, want %q: %+v", got, c.want, c.cs)
			}
		})
	}
}

// The score is 1000 for who has nothing or all, and 0 for who has half, whether it says so or we sent it. [CHK-12]
func TestAntiLeechScore(t *testing.T) {
	for _, c := range []struct{ has, sent, total, want int64 }{
		{0, 0, 1000, 1000}, {1000, 0, 1000, 1000}, {500, 0, 1000, 0}, {499, 0, 1000, 2}, {501, 0, 1000, 2}, {250, 0, 1000, 500}, {750, 0, 1000, 500},
		{0, 250, 1000, 500}, {0, 500, 1000, 0}, {0, 5000, 1000, 0}, {100, 250, 1000, 500}, {750, 5000, 1000, 500},
		{1024, 0, 1000, 1000}, {1 << 29, 0, 1, 2000}, {0, 0, 1, 0}, {0, 0, 3, 666}, {1, 0, 3, 0}, {3, 0, 3, 1333}, {0, 0, 0, 0},
		{0, 0, 1 << 50, 1000},
	} {
		one := Candidate{Has: c.has, SentEver: c.sent, Total: c.total}
		if got := one.score(); got != c.want {
			t.Errorf("has %d and was sent %d of %d: %d, want %d", c.has, c.sent, c.total, got, c.want)
		}
	}
}

// The reference: 5000, 4000 and 2000 bytes a second make 3 slots. [CHK-13]
func TestSlotsByTheRates(t *testing.T) {
	for _, c := range []struct {
		rates []int64
		want  int
	}{
		{nil, 1}, {[]int64{1023}, 1}, {[]int64{1024}, 2}, {[]int64{5000, 4000, 2000}, 3}, {[]int64{2000, 5000, 4000}, 3},
		{[]int64{5120, 5120, 9999}, 4}, {[]int64{5119, 5119, 9999}, 3}, {[]int64{9999, 3071, 3071, 3071}, 2},
	} {
		var cs []Candidate
		for i, rate := range c.rates {
			cs = append(cs, leech(bt.ConnID(i+1), 0, func(c *Candidate) { c.Sent = 10 * rate }))
		}
		if got := Round(at, cs, &Rules{Policy: bt.RateSlots}); got != c.want {
			t.Errorf("%v: %d slots, want %d", c.rates, got, c.want)
		}
	}
}

// Verdicts say why, and by what numbers.
func TestBecause(t *testing.T) {
	r := rule(3, reserved(1))
	cs := []Candidate{
		leech(1, 120000), leech(2, 310000), leech(3, 5, snubs), leech(4, 0, uninterested), leech(5, 7, optimistic),
		leech(6, 0, func(c *Candidate) { c.Torrent = 1 }), leech(7, 400),
	}
	Round(at, cs, &r)
	want := `#1: choke, reserved elsewhere, 2 of 2, received 120000 against 310000
#2: unchoke, by rank, 1 of 2, received 310000 against 120000
#3: choke, snubbing, 0 of 2, nothing 0 against 0
#4: choke, not interested, 0 of 2, nothing 0 against 0
#5: optimistic, by turn, 4 of 2, received 7 against 310000
#6: unchoke, reserved, 5 of 2, received 0 against 120000
#7: choke, outranked, 3 of 2, received 400 against 310000`
	if got := told(cs); got != want {
		t.Errorf("round:\n%s\nwant\n%s", got, want)
	}
	cs = []Candidate{leech(1, 0, optimistic), leech(2, 0, lastAt(5)), leech(3, 0, lastAt(6)), leech(4, 0, byRankSince)}
	Rotate(100, cs, &Rules{}, 2)
	want = `#1: choke, rotated out, 3 of 1, queued 93 against 95
#2: optimistic, by turn, 1 of 1, queued 95 against 94
#3: choke, not yet, 2 of 1, queued 94 against 95
#4: unchoke, unchanged, 0 of 1, nothing 0 against 0`
	if got := told(cs); got != want {
		t.Errorf("rotation:\n%s\nwant\n%s", got, want)
	}
}

// Every reason, measure and verdict has a name of its own.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	note := func(name string) {
		if name == "" || seen[name] {
			t.Errorf("%q names two, or nothing", name)
		}
		seen[name] = true
	}
	for r := Unchanged; r <= numReasons; r++ {
		note(r.String())
	}
	for m := NoMeasure; m <= numMeasures; m++ {
		note(m.String())
	}
	for v := Choke; v <= Optimistic+1; v++ {
		note(v.String())
	}
}

// Who waits longest is next, and slots by rank stay. [CHK-6]
func TestRotate(t *testing.T) {
	cs := []Candidate{leech(1, 0, byRankSince), leech(2, 0, optimistic), leech(3, 0, lastAt(4)), leech(4, 0, lastAt(4), lotOne), leech(5, 0, uninterested)}
	rotate := func(slots int, want, why string) {
		t.Helper()
		cs := slices.Clone(cs)
		Rotate(at, cs, &Rules{}, slots)
		if got := verdicts(cs); got != want {
			t.Errorf("%s: %q, want %q", why, got, want)
		}
	}
	rotate(2, "u.o..", "the one that waits longest")
	cs[2].Lot = 2
	rotate(2, "u..o.", "of equals, the lower lot")
	cs[1].OptimisticAt = 1
	rotate(2, "uo...", "a holder whose turn it is again")
	cs[0].Interested = false
	rotate(10, ".o.o.", "two optimistic slots of ten")
}

// Nobody waits for more turns of others than there are others: with n peers and w optimistic slots
// everybody has a turn in any ceil(n/w) rotations; and each is told so from the first. [CHK-6]
func TestRotateIsFair(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for slots := 1; slots <= 15; slots++ {
			r := rule(slots)
			_, width := r.Split(slots)
			var cs []Candidate
			for i := range n {
				cs = append(cs, leech(bt.ConnID(i+1), 0, func(c *Candidate) { c.Lot = uint32(i * 7 % 5) }))
			}
			waited := make([]int, n+1) // rotations since the last turn, by id
			for k := range 5 * n {
				Rotate(bt.Instant(k+1), cs, &r, slots)
				for i := range cs {
					c := &cs[i]
					c.Choked, c.Optimistic = c.Verdict != Optimistic, c.Verdict == Optimistic
					waited[c.Conn]++
					if c.Optimistic {
						waited[c.Conn] = 0
						c.OptimisticAt = bt.Instant(k + 1)
					}
					if waited[c.Conn] >= (n+width-1)/width {
						t.Fatalf("%d peers, %d slots: %s waits at rotation %d", n, slots, c.Conn, k)
					}
				}
			}
		}
	}
}

// A peer's optimistic turn comes when it was told that it would, if nothing happens but rotations. [CHK-6]
func TestTurns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		slots := rapid.IntRange(1, 16).Draw(t, "slots")
		r := rule(slots)
		var cs []Candidate
		for i, at := range rapid.Permutation([]bt.Instant{1, 2, 3, 4, 5, 6, 7, 8, 9}).Draw(t, "waits since") {
			cs = append(cs, leech(bt.ConnID(i+1), 0, lastAt(at)))
		}
		cs[0].Interested, cs[1].Choked = rapid.Bool().Draw(t, "interested"), rapid.Bool().Draw(t, "by rank")
		promised := map[bt.ConnID]int{}
		for i := range cs {
			promised[cs[i].Conn] = Turns(cs, &r, slots, &cs[i])
		}
		given := map[bt.ConnID]int{}
		for k := 1; k <= 9; k++ {
			Rotate(bt.Instant(100*k), cs, &r, slots)
			for i := range cs {
				c := &cs[i]
				if c.Verdict == Optimistic && given[c.Conn] == 0 {
					given[c.Conn] = k
				}
				if c.Verdict != Unchoke {
					c.Choked, c.Optimistic = c.Verdict == Choke, c.Verdict == Optimistic
				}
				if c.Optimistic {
					c.OptimisticAt = bt.Instant(100 * k)
				}
			}
		}
		for id, n := range promised {
			if given[id] != n {
				t.Fatalf("%s was given its turn at rotation %d, and told %d", id, given[id], n)
			}
		}
	})
	for _, c := range []struct {
		slots int
		one   Candidate
	}{{0, leech(1, 0)}, {1, leech(1, 0, uninterested)}, {1, leech(1, 0, byRankSince)}, {1, leech(1, 0, optimistic)}} {
		if n := Turns([]Candidate{c.one}, &Rules{Slots: c.slots}, c.slots, &c.one); n != 0 {
			t.Errorf("%d slots, %+v: %d turns", c.slots, c.one, n)
		}
	}
}

// A seed's peer that uses its slot by rank loses it in no other round than one after 20 pieces and 60 s, whoever else
// there is. [CHK-5]
func TestNoTurnIsCutShort(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rule(rapid.IntRange(1, 7).Draw(t, "slots"))
		var cs []Candidate
		for i := range rapid.IntRange(1, 12).Draw(t, "peers") {
			cs = append(cs, leech(bt.ConnID(i+1), 0, seeded))
		}
		lost := 0
		for now := bt.Instant(0); now < bt.Instant(300*time.Second); now = now.Add(RoundInterval) {
			Round(now, cs, &r)
			for i := range cs {
				c := &cs[i]
				if c.held() == Unchoke && c.Verdict != Unchoke && c.Sent > 0 {
					lost++
					if now < c.UnchokedAt.Add(60*time.Second) || c.SentThisTurn < 20*int64(c.PieceLength) {
						t.Fatalf("at %s %s lost its slot: %+v", now, c.Conn, c)
					}
				}
				apply(now, c)
				c.Sent = 0
				if !c.Choked {
					c.Sent = rapid.SampledFrom([]int64{0, 100, 400, 1000}).Draw(t, "sent")
					c.SentThisTurn += c.Sent
				}
			}
		}
		if lost > 0 {
			t.Log("turns ended")
		}
	})
}

// apply gives a candidate what it is to have.
func apply(now bt.Instant, c *Candidate) {
	if c.Verdict != Choke && c.Choked || c.Verdict == Optimistic && !c.Optimistic {
		c.UnchokedAt, c.SentThisTurn = now, 0
	}
	if c.Verdict == Optimistic && !c.Optimistic {
		c.OptimisticAt = now
	}
	c.Choked, c.Optimistic = c.Verdict == Choke, c.Verdict == Optimistic
}

// What is free goes to the next who asks. [CHK-8]
func TestFill(t *testing.T) {
	fill := func(slots int, want string, cs ...Candidate) {
		t.Helper()
		Fill(at, cs, &Rules{}, slots)
		if got := verdicts(cs); got != want {
			t.Errorf("%d slots: %q, want %q", slots, got, want)
		}
	}
	fill(3, "uuo.", leech(1, 0), leech(2, 0), leech(3, 0), leech(4, 0))
	fill(3, "uuo.", leech(1, 0, byRankSince), leech(2, 0, byRankSince), leech(3, 0), leech(4, 0))
	fill(3, "uuo.", leech(1, 0, byRankSince), leech(2, 0, byRankSince), leech(3, 0, optimistic), leech(4, 9))
	fill(3, ".uou", leech(1, 0), leech(2, 0, byRankSince), leech(3, 0, optimistic), leech(4, 1))
	fill(2, "u.o", leech(1, 0, byRankSince), leech(2, 0, lastAt(3)), leech(3, 0, lastAt(2)))
	fill(3, ".u.o", leech(1, 9, uninterested), leech(2, 0, byRankSince), leech(3, 0, snubs, lotOne), leech(4, 0, snubs))
	fill(0, ".", leech(1, 0))
	fill(1, "uu.", leech(1, 0, byRankSince), leech(2, 0, byRankSince), leech(3, 0, optimistic, uninterested))
}

// What is reserved comes first, is bounded by the slots, granted in order, and falls to others where it is not needed. [CHK-15, CHK-16, CHK-17]
func TestReservations(t *testing.T) {
	of := func(torrent bt.TorrentID) func(*Candidate) { return func(c *Candidate) { c.Torrent = torrent } }
	busy := []Candidate{leech(1, 9), leech(2, 8), leech(3, 7), leech(4, 6), leech(5, 5)}
	for _, c := range []struct {
		name     string
		slots    int
		reserved []int
		more     []Candidate
		want     string
	}{
		{"none", 3, nil, []Candidate{leech(6, 0, of(2))}, "uuo..."},
		{"one", 3, []int{0, 1}, []Candidate{leech(6, 0, of(2))}, "uo...u"},
		{"not needed", 3, []int{0, 2}, []Candidate{leech(6, 0, of(2), uninterested)}, "uuo..."},
		{"not for the snubbed", 3, []int{0, 2}, []Candidate{leech(6, 0, of(2), snubs)}, "uuo..."},
		{"more than asked for are by rank", 3, []int{0, 1}, []Candidate{leech(6, 8, of(2)), leech(7, 10, of(2))}, "uo....u"},
		{"all, and the optimistic one too", 3, []int{0, 3}, []Candidate{leech(6, 0, of(2)), leech(7, 0, of(2)), leech(8, 0, of(2))}, ".....uuo"},
		{"all but the optimistic one", 3, []int{0, 2}, []Candidate{leech(6, 0, of(2)), leech(7, 0, of(2)), leech(8, 0, of(2))}, "o....uu."},
		{"more than there are", 3, []int{0, 9}, []Candidate{leech(6, 0, of(2)), leech(7, 0, of(2))}, "o....uu"},
		{"the first is granted first", 3, []int{0, 2, 2}, []Candidate{
			leech(6, 0, of(2)), leech(7, 0, of(2)), leech(8, 0, of(3)), leech(9, 0, of(3)),
		}, ".....uuo."},
		{"a single slot", 1, []int{0, 1}, []Candidate{leech(6, 0, of(2))}, ".....o"},
		{"no slot", 0, []int{0, 1}, []Candidate{leech(6, 0, of(2))}, "......"},
		{"less than nothing", 3, []int{0, -1, 1}, []Candidate{leech(6, 0, of(3))}, "uo...u"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cs, r := append(slices.Clone(busy), c.more...), rule(c.slots, reserved(c.reserved...))
			Round(at, cs, &r)
			if got := verdicts(cs); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAllocates(t *testing.T) {
	cs, r := crowd(200), rule(8, reserved(2, 2))
	if n := testing.AllocsPerRun(20, func() { Round(at, cs, &r); Rotate(at, cs, &r, 8); Fill(at, cs, &r, 8) }); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}

// crowd is n candidates of all kinds.
func crowd(n int) []Candidate {
	cs := make([]Candidate, n)
	for i := range cs {
		cs[i] = leech(bt.ConnID(i+1), int64(i*7919%101))
		cs[i].Interested = i%3 != 0
		cs[i].Choked = i%5 != 0
		cs[i].Optimistic = i%35 == 5
	}
	return cs
}

func BenchmarkRound(b *testing.B) {
	b.ReportAllocs()
	start, r := crowd(200), rule(8)
	cs := slices.Clone(start)
	for b.Loop() {
		copy(cs, start)
		Round(at, cs, &r)
	}
}
