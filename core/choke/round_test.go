package choke

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"peerwire/core/bt"
)

// at is a moment late enough that every turn may have ended.
const at = bt.Instant(1000 * time.Second)

// leech is an interested, choked peer of a torrent that we download.
func leech(id bt.ConnID, received int64) Candidate {
	return Candidate{Conn: id, Interested: true, Choked: true, Received: received, PieceLength: 100}
}

// verdicts writes the verdicts in the order of ids: "u" by rank, "o" optimistic, "." none.
func verdicts(cs []Candidate) string {
	sorted := slices.Clone(cs)
	slices.SortFunc(sorted, func(a, b Candidate) int { return int(a.Conn) - int(b.Conn) })
	text := ""
	for _, c := range sorted {
		text += string(".uo"[c.Verdict])
	}
	return text
}

// Each case is a clause, or a limit from both of its sides. [CHK-2, CHK-3, CHK-4, CHK-5, CHK-7, CHK-9]
func TestRound(t *testing.T) {
	with := func(c Candidate, change func(*Candidate)) Candidate {
		change(&c)
		return c
	}
	unchoked := func(c *Candidate) { c.Choked = false }
	optimistic := func(c *Candidate) { c.Choked, c.Optimistic = false, true }
	seeding := func(sent, since int64, from time.Duration) func(*Candidate) {
		return func(c *Candidate) {
			c.Seeding, c.Choked, c.Sent, c.SentSinceUnchoke, c.UnchokedAt = true, false, sent, since, bt.Instant(from)
		}
	}
	cases := []struct {
		name  string
		slots int
		cs    []Candidate
		want  string
	}{
		{"nobody", 3, nil, ""},
		{"no slots [CHK-2]", 0, []Candidate{with(leech(1, 9), unchoked)}, "."},
		{"one slot is optimistic [CHK-2]", 1, []Candidate{leech(1, 9), leech(2, 1)}, "o."},
		{"who gives most wins [CHK-4]", 3, []Candidate{leech(1, 5), leech(2, 7), leech(3, 6), leech(4, 8)}, "ou.u"},
		{"all fit", 8, []Candidate{leech(1, 0), leech(2, 0)}, "uu"},
		{"only the interested [CHK-3]", 3, []Candidate{with(leech(1, 9), func(c *Candidate) { c.Interested = false }), leech(2, 0)}, ".u"},
		{"uninterested lose their slot [CHK-3]", 3, []Candidate{with(leech(1, 9), func(c *Candidate) {
			c.Interested, c.Choked, c.Optimistic = false, false, true
		})}, "."},
		{"equals: who holds a slot keeps it [CHK-4]", 2, []Candidate{leech(1, 5), with(leech(2, 5), unchoked), with(leech(3, 0), optimistic)}, ".uo"},
		{"equals: who waits longest [CHK-4]", 2, []Candidate{
			with(leech(1, 5), func(c *Candidate) { c.UnchokedAt = 2 }),
			with(leech(2, 5), func(c *Candidate) { c.UnchokedAt = 1 }),
			with(leech(3, 0), optimistic),
		}, ".uo"},
		{"optimistic stays without rank", 2, []Candidate{leech(1, 5), with(leech(2, 0), optimistic), leech(3, 0)}, "uo."},
		{"promoted, and another at once [CHK-7]", 2, []Candidate{leech(1, 5), with(leech(2, 6), optimistic), leech(3, 0)}, "ou."},
		{"snubbed: no slot by rank [CHK-9]", 3, []Candidate{
			with(leech(1, 9), func(c *Candidate) { c.Snubbed = true }), leech(2, 1), leech(3, 0),
		}, "ouu"},
		{"snubbed while seeding [CHK-9]", 2, []Candidate{
			with(leech(1, 0), func(c *Candidate) { c.Snubbed, c.Seeding, c.Sent = true, true, 7 }), with(leech(2, 0), optimistic),
		}, "uo"},
		{"too many optimistic: the latest goes", 2, []Candidate{
			with(with(leech(1, 0), optimistic), func(c *Candidate) { c.OptimisticAt = 3 }),
			with(with(leech(2, 0), optimistic), func(c *Candidate) { c.OptimisticAt = 4 }),
			leech(3, 1),
		}, "o.u"},
		{"seed: a turn over goes behind all [CHK-5]", 2, []Candidate{
			with(leech(1, 0), seeding(900, 2000, 940*time.Second)), with(leech(2, 0), seeding(1, 1, 0)), with(leech(3, 0), optimistic),
		}, ".uo"},
		{"seed: one nanosecond short of its turn [CHK-5]", 2, []Candidate{
			with(leech(1, 0), seeding(900, 2000, 940*time.Second+1)), with(leech(2, 0), seeding(1, 1, 0)), with(leech(3, 0), optimistic),
		}, "u.o"},
		{"seed: one byte short of its quota [CHK-5]", 2, []Candidate{
			with(leech(1, 0), seeding(900, 1999, 0)), with(leech(2, 0), seeding(1, 1, 0)), with(leech(3, 0), optimistic),
		}, "u.o"},
		{"seed: a turn over keeps what nobody else wants", 2, []Candidate{with(leech(1, 0), seeding(900, 5000, 0))}, "u"},
		{"seed: who waits longest [CHK-5]", 2, []Candidate{
			with(leech(1, 0), func(c *Candidate) { c.Seeding, c.UnchokedAt = true, 3 }),
			with(leech(2, 0), func(c *Candidate) { c.Seeding, c.UnchokedAt = true, 2 }),
			with(leech(3, 0), func(c *Candidate) { c.Seeding, c.UnchokedAt = true, 4 }),
		}, "ou."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			Round(at, c.cs, c.slots)
			if got := verdicts(c.cs); got != c.want {
				t.Errorf("%q, want %q: %+v", got, c.want, c.cs)
			}
		})
	}
}

// The rank explains the verdict: nobody below a rank that won nothing has won.
func TestRoundRanks(t *testing.T) {
	cs := []Candidate{leech(1, 5), leech(2, 7), {Conn: 3}, leech(4, 6)}
	Round(at, cs, 2)
	text := ""
	for _, c := range cs {
		text += fmt.Sprintf("%s %d %s, ", c.Conn, c.Rank, c.Verdict)
	}
	if want := "#2 1 unchoke, #4 2 choke, #1 3 optimistic, #3 0 choke, "; text != want {
		t.Errorf("%q, want %q", text, want)
	}
}

// Who waits longest is next, and slots by rank stay. [CHK-6]
func TestRotate(t *testing.T) {
	cs := []Candidate{leech(1, 0), leech(2, 0), leech(3, 0), leech(4, 0), {Conn: 5}}
	cs[0].Choked = false
	cs[1].Choked, cs[1].Optimistic, cs[1].OptimisticAt = false, true, 5
	cs[2].OptimisticAt = 4
	cs[3].OptimisticAt, cs[3].Lot = 4, 1
	Rotate(cs, 2)
	if got := verdicts(cs); got != "u.o.." {
		t.Errorf("the one that waits longest: %q", got)
	}
	cs[2].Lot = 2
	Rotate(cs, 2)
	if got := verdicts(cs); got != "u..o." {
		t.Errorf("of equals, the lower lot: %q", got)
	}
	cs[1].OptimisticAt = 1
	Rotate(cs, 2)
	if got := verdicts(cs); got != "uo..." {
		t.Errorf("a holder whose turn it is again: %q", got)
	}
	cs[0].Interested = false
	Rotate(cs, 10)
	if got := verdicts(cs); got != ".o.o." {
		t.Errorf("two optimistic slots of ten: %q", got)
	}
}

// Nobody waits for more turns of others than there are others: with n peers and w optimistic slots
// everybody has a turn in any ceil(n/w) rotations. [CHK-6]
func TestRotateIsFair(t *testing.T) {
	for n := 1; n <= 12; n++ {
		for slots := 1; slots <= 15; slots++ {
			width := OptimisticSlots(slots)
			cs := make([]Candidate, n)
			for i := range cs {
				cs[i] = leech(bt.ConnID(i+1), 0)
				cs[i].Lot = uint32(i * 7 % 5)
			}
			waited := make([]int, n) // rotations since the last turn
			for k := range 5 * n {
				Rotate(cs, slots)
				for i := range cs {
					c := &cs[i]
					c.Choked, c.Optimistic = c.Verdict != Optimistic, c.Verdict == Optimistic
					waited[i]++
					if c.Optimistic {
						waited[i] = 0
						c.OptimisticAt = bt.Instant(k + 1)
					}
					if waited[i] >= (n+width-1)/width {
						t.Fatalf("%d peers, %d slots: peer %d waits at rotation %d", n, slots, i, k)
					}
				}
			}
		}
	}
}

// What is free goes to the next who asks. [CHK-8]
func TestFree(t *testing.T) {
	cs := []Candidate{leech(1, 0), leech(2, 0), leech(3, 0)}
	newcomer := leech(4, 0)
	if got := Free(cs, 3, &newcomer); got != Unchoke {
		t.Errorf("all free: %s", got)
	}
	cs[0].Choked, cs[1].Choked = false, false
	if got := Free(cs, 3, &newcomer); got != Optimistic {
		t.Errorf("the optimistic slot is free: %s", got)
	}
	cs[2].Choked, cs[2].Optimistic = false, true
	if got := Free(cs, 3, &newcomer); got != Choke {
		t.Errorf("nothing is free: %s", got)
	}
	cs[0].Choked = true
	if got := Free(cs, 3, &newcomer); got != Unchoke {
		t.Errorf("a slot by rank is free: %s", got)
	}
	newcomer.Snubbed = true
	if got := Free(cs, 3, &newcomer); got != Choke {
		t.Errorf("a slot by rank is not for the snubbed: %s", got)
	}
	newcomer.Snubbed, newcomer.Interested = false, false
	if got := Free(cs, 3, &newcomer); got != Choke {
		t.Errorf("not for the uninterested: %s", got)
	}
	if got := Free(nil, 0, &cs[0]); got != Choke {
		t.Errorf("no slots: %s", got)
	}
}

func TestAllocates(t *testing.T) {
	cs := crowd(200)
	if n := testing.AllocsPerRun(20, func() { Round(at, cs, 8); Rotate(cs, 8); Free(cs, 8, &cs[0]) }); n != 0 {
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
	start := crowd(200)
	cs := slices.Clone(start)
	for b.Loop() {
		copy(cs, start)
		Round(at, cs, 8)
	}
}
