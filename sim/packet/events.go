package packet

import "peerwire/core/bt"

// event is a packet that comes to the end of a link, or a host whose time has come. It is a value of three words: nothing is
// allocated for one.
type event struct {
	at    bt.Instant
	seq   uint64
	what  int32 // which flight, or which host
	timer bool
}

func (e *event) before(o *event) bool {
	if e.at != o.at {
		return e.at < o.at
	}
	return e.seq < o.seq
}

// events is a heap with four children a parent: fewer cache lines on the way down than with two. Of events at one time the first that was planned
// comes first.
type events struct {
	heap []event
	last uint64
}

const arity = 4

func (q *events) plan(at bt.Instant, what int32, timer bool) {
	q.last++
	e := event{at, q.last, what, timer}
	q.heap = append(q.heap, e)
	i := len(q.heap) - 1
	for i > 0 {
		parent := (i - 1) / arity
		if !e.before(&q.heap[parent]) {
			break
		}
		q.heap[i] = q.heap[parent]
		i = parent
	}
	q.heap[i] = e
}

// next is when the first event is due, Never when there is none.
func (q *events) next() bt.Instant {
	if len(q.heap) == 0 {
		return bt.Never
	}
	return q.heap[0].at
}

// pop takes the first event; there must be one.
func (q *events) pop() event {
	first, n := q.heap[0], len(q.heap)-1
	moved := q.heap[n]
	q.heap = q.heap[:n]
	if n == 0 {
		return first
	}
	i := 0
	for {
		c := arity*i + 1
		if c >= n {
			break
		}
		least := c
		for c++; c <= arity*i+arity && c < n; c++ {
			if q.heap[c].before(&q.heap[least]) {
				least = c
			}
		}
		if !q.heap[least].before(&moved) {
			break
		}
		q.heap[i] = q.heap[least]
		i = least
	}
	q.heap[i] = moved
	return first
}
