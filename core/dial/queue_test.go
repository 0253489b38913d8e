package dial

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

func serve(q *Queue) (all []bt.ConnID) {
	for {
		c, ok := q.Next()
		if !ok {
			return all
		}
		all = append(all, c)
	}
}

// So many at a time, and each that leaves lets one in. [DIA-1]
func TestQueueLimit(t *testing.T) {
	q := NewQueue(2)
	var tickets []Ticket
	for i := range 5 {
		tickets = append(tickets, q.Join(1, bt.ConnID(i), false))
	}
	if got := serve(q); !slices.Equal(got, []bt.ConnID{0, 1}) || q.HalfOpen(0) != 2 || q.Waiting() != 3 {
		t.Fatalf("%v, %d half-open, %d waiting", got, q.HalfOpen(0), q.Waiting())
	}
	q.Leave(tickets[3]) // withdrawn while it waits: no place becomes free
	if got := serve(q); got != nil {
		t.Fatalf("%v", got)
	}
	q.Leave(tickets[1])
	q.Leave(tickets[1])
	q.Leave(0)
	if got := serve(q); !slices.Equal(got, []bt.ConnID{2}) {
		t.Fatalf("%v", got)
	}
	q.Leave(tickets[0])
	if got := serve(q); !slices.Equal(got, []bt.ConnID{4}) {
		t.Fatalf("%v", got)
	}
	if got := serve(NewQueue(0)); got != nil {
		t.Fatalf("%v", got)
	}
}

// Torrents have their turns in a circle, and the urgent go first.
func TestQueueTurns(t *testing.T) {
	q := NewQueue(100)
	join := func(urgent bool, torrent bt.TorrentID, conns ...bt.ConnID) {
		for _, c := range conns {
			q.Join(torrent, c, urgent)
		}
	}
	join(false, 7, 70, 71, 72)
	join(false, 3, 30, 31)
	join(false, 9, 90)
	join(true, 9, 91)
	if got, want := serve(q), []bt.ConnID{91, 30, 70, 90, 31, 71, 72}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// Whatever comes and goes, the limit holds and every torrent that waits is served before another is
// served twice.
func TestQueueIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := NewQueue(rapid.IntRange(1, 4).Draw(t, "limit"))
		tickets := map[bt.ConnID]Ticket{}
		passed := map[bt.TorrentID]int{} // turns of each other torrent since it began to wait
		var open []bt.ConnID
		next := bt.ConnID(0)
		t.Repeat(map[string]func(*rapid.T){
			"join": func(t *rapid.T) {
				next++
				torrent := bt.TorrentID(rapid.IntRange(1, 3).Draw(t, "torrent"))
				conn := next<<2 | bt.ConnID(torrent)
				tickets[conn] = q.Join(torrent, conn, false)
			},
			"next": func(t *rapid.T) {
				waits := map[bt.TorrentID]bool{}
				for _, w := range q.waiting {
					waits[w.torrent] = true
				}
				c, ok := q.Next()
				if !ok {
					return
				}
				open = append(open, c)
				for torrent := range waits {
					passed[torrent]++
				}
				passed[bt.TorrentID(c&3)] = 0
				for torrent, n := range passed {
					if n > 2 && waits[torrent] {
						t.Fatalf("torrent %d was passed over %d times", torrent, n)
					}
				}
			},
			"leave": func(t *rapid.T) {
				if len(open) == 0 {
					t.Skip("none is open")
				}
				i := rapid.IntRange(0, len(open)-1).Draw(t, "which")
				q.Leave(tickets[open[i]])
				open = slices.Delete(open, i, i+1)
			},
			"": func(t *rapid.T) {
				if q.HalfOpen(0) != len(open) || q.HalfOpen(0) > q.limit {
					t.Fatalf("%d half-open, counted %d, limit %d", len(open), q.HalfOpen(0), q.limit)
				}
			},
		})
	})
}

// Who waits can tell how many are ahead of it; and who would go first when places are short. [FLG-1] [LIM-10]
func TestQueuePositions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := NewQueue(rapid.IntRange(0, 3).Draw(t, "limit"))
		tickets := map[bt.ConnID]Ticket{}
		var order []bt.ConnID
		for i := range bt.ConnID(rapid.IntRange(1, 12).Draw(t, "joined")) {
			urgent := rapid.IntRange(0, 4).Draw(t, "urgent") == 0
			tickets[i] = q.Join(bt.TorrentID(rapid.IntRange(1, 3).Draw(t, "torrent")), i, urgent)
		}
		held := serve(q)
		if longest, ok := q.Longest(0); ok && !slices.Contains(held, longest) {
			t.Fatalf("%d holds no place", longest)
		}
		ahead := map[bt.ConnID]int{}
		for c, ticket := range tickets {
			if !slices.Contains(held, c) {
				ahead[c] = q.Ahead(ticket)
			}
		}
		if n := q.HalfOpen(1) + q.HalfOpen(2) + q.HalfOpen(3); n != q.HalfOpen(0) || n != len(held) {
			t.Fatalf("%d half-open by torrent, %d together, %d served", n, q.HalfOpen(0), len(held))
		}
		q.limit = 100
		order = serve(q)
		for i, c := range order {
			if ahead[c] != i {
				t.Fatalf("%d was the %d. of %v, and expected to be the %d.", c, i, order, ahead[c])
			}
		}
	})
}

// The newest of those who wait, and the longest of those who are half-open, by torrent, and never an urgent one. [LIM-10] [LIM-11]
func TestQueueEnds(t *testing.T) {
	q := NewQueue(3)
	for _, w := range []struct {
		conn    bt.ConnID
		torrent bt.TorrentID
		urgent  bool
	}{{1, 1, true}, {2, 1, false}, {3, 2, false}, {4, 1, false}, {5, 2, false}, {6, 1, false}, {7, 1, true}} {
		q.Join(w.torrent, w.conn, w.urgent)
	}
	if got := serve(q); !slices.Equal(got, []bt.ConnID{1, 7, 3}) {
		t.Fatalf("%v", got)
	}
	for _, want := range []struct {
		torrent         bt.TorrentID
		newest, longest bt.ConnID // 0 for none
	}{{0, 6, 3}, {1, 6, 0}, {2, 5, 3}, {3, 0, 0}} {
		newest, waits := q.Newest(want.torrent)
		longest, open := q.Longest(want.torrent)
		if newest != want.newest || waits != (newest != 0) || longest != want.longest || open != (longest != 0) {
			t.Errorf("torrent %d: newest %d, %t; longest %d, %t", want.torrent, newest, waits, longest, open)
		}
	}
}
