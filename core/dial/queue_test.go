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
	if got := serve(q); !slices.Equal(got, []bt.ConnID{0, 1}) || q.HalfOpen() != 2 || q.Waiting() != 3 {
		t.Fatalf("%v, %d half-open, %d waiting", got, q.HalfOpen(), q.Waiting())
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
				if q.HalfOpen() != len(open) || q.HalfOpen() > q.limit {
					t.Fatalf("%d half-open, counted %d, limit %d", len(open), q.HalfOpen(), q.limit)
				}
			},
		})
	})
}
