package peerfsm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Queues that share a stock hold what they were given, and nothing when they are empty.
func TestQueuesShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stock spare[int]
		var queues [3]queue[int]
		var models [3][]int
		for next := range rapid.IntRange(0, 300).Draw(t, "steps") {
			k := rapid.IntRange(0, 2).Draw(t, "queue")
			q, m := &queues[k], &models[k]
			switch {
			case len(*m) == 0 || rapid.IntRange(0, 9).Draw(t, "do") < 6:
				q.push(&stock, next)
				*m = append(*m, next)
			case rapid.IntRange(0, 20).Draw(t, "all") == 0:
				q.clear(&stock)
				*m = nil
			default:
				i := rapid.IntRange(0, len(*m)-1).Draw(t, "which")
				q.remove(&stock, i)
				*m = slices.Delete(*m, i, i+1)
			}
			for k := range queues {
				q := &queues[k]
				if have := q.list(nil); !slices.Equal(have, models[k]) || q.len() != len(models[k]) || q.empty() != (len(models[k]) == 0) {
					t.Fatalf("queue %d holds %v, not %v", k, have, models[k])
				}
				for i, v := range models[k] {
					if *q.at(i) != v {
						t.Fatalf("element %d of queue %d is %d, not %d", i, k, *q.at(i), v)
					}
				}
				if have, most := q.bunches(), (len(models[k])+2*bunchSize-2)/bunchSize; have > most {
					t.Fatalf("queue %d has %d bunches for %d elements", k, have, len(models[k]))
				}
			}
		}
	})
}

// bunches counts the memory that a queue has.
func (q *queue[T]) bunches() (n int) {
	for b := q.last; b != nil; b = b.next {
		if n++; b.next == q.last {
			break
		}
	}
	return n
}

// A queue that fills and empties by turns allocates nothing.
func TestQueueAllocatesNothing(t *testing.T) {
	var stock spare[int]
	var q queue[int]
	turn := func() {
		for i := range 100 {
			q.push(&stock, i)
		}
		for !q.empty() {
			q.remove(&stock, 0)
		}
	}
	turn()
	if n := testing.AllocsPerRun(100, turn); n != 0 {
		t.Error(n)
	}
}
