package relay

import (
	"slices"

	"peerwire/core/bt"
)

// queue is datagrams in the order in which they leave.
type queue struct {
	items []item
	head  int
	free  [][]byte
}

type item struct {
	at   bt.Instant
	data []byte
}

// usual is the room for a datagram of a usual size.
const usual = 2048

// push puts a datagram where its time has it: at the end, or some places before where others were held back.
func (q *queue) push(at bt.Instant, data []byte) {
	if q.head > len(q.items)/2 {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
	var buf []byte
	if n := len(q.free); n > 0 && len(data) <= usual {
		buf, q.free = q.free[n-1], q.free[:n-1]
	} else {
		buf = make([]byte, 0, max(usual, len(data)))
	}
	i := len(q.items)
	for i > q.head && q.items[i-1].at > at {
		i--
	}
	q.items = slices.Insert(q.items, i, item{at, append(buf[:0], data...)})
}

// nth is when the n-th datagram is to leave, Never when there are not so many.
func (q *queue) nth(n int) bt.Instant {
	if q.head+n >= len(q.items) {
		return bt.Never
	}
	return q.items[q.head+n].at
}

func (q *queue) next() bt.Instant { return q.nth(0) }

func (q *queue) data(n int) []byte { return q.items[q.head+n].data }

// drop forgets the first n.
func (q *queue) drop(n int) {
	for range n {
		q.free = append(q.free, q.items[q.head].data)
		q.head++
	}
}
