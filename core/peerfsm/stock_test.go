package peerfsm

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Rooms are as large as need be, at most a quarter larger, and each size has its place.
func TestRooms(t *testing.T) {
	for n := 1; n < 5000; n++ {
		room, size := roomFor(n)
		if room < n || n > leastRoom && room > n+n/steps {
			t.Fatalf("%d elements have room for %d", n, room)
		}
		again, same := roomFor(room)
		next, more := roomFor(room + 1)
		if again != room || same != size || next <= room || more != size+1 {
			t.Fatalf("a room for %d is of size %d, as is one for %d", room, size, again)
		}
	}
	if room, size := roomFor(1792); room != 1792 || size != roomSizes-1 {
		t.Errorf("the largest that is kept is %d of %d", size, roomSizes)
	}
}

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
				if q := &queues[k]; !slices.Equal(q.view(), models[k]) || q.len() != len(models[k]) || q.empty() != (len(models[k]) == 0) {
					t.Fatalf("queue %d holds %v, not %v", k, q.view(), models[k])
				}
			}
		}
	})
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
