package sim

import "peerwire/core/bt"

// happening is something that is to happen at its time. Of those at one time the first that was planned comes first.
type happening struct {
	at  bt.Instant
	seq uint64
	do  func()
}

func (h *happening) before(o *happening) bool {
	if h.at != o.at {
		return h.at < o.at
	}
	return h.seq < o.seq
}

// queue is a heap of happenings, four children a parent: fewer cache lines on the way down than with two.
type queue struct {
	heap []happening
	last uint64
}

const arity = 4

func (q *queue) plan(at bt.Instant, do func()) {
	q.last++
	q.heap = append(q.heap, happening{at, q.last, do})
	for i := len(q.heap) - 1; i > 0; {
		parent := (i - 1) / arity
		if !q.heap[i].before(&q.heap[parent]) {
			return
		}
		q.heap[i], q.heap[parent] = q.heap[parent], q.heap[i]
		i = parent
	}
}

// next is when the first happening is due; false when there is none.
func (q *queue) next() (bt.Instant, bool) {
	if len(q.heap) == 0 {
		return bt.Never, false
	}
	return q.heap[0].at, true
}

// pop takes the first happening; there must be one.
func (q *queue) pop() happening {
	first, last := q.heap[0], len(q.heap)-1
	q.heap[0], q.heap[last] = q.heap[last], happening{}
	q.heap = q.heap[:last]
	for i := 0; ; {
		least := i
		for c := arity*i + 1; c <= arity*i+arity && c < last; c++ {
			if q.heap[c].before(&q.heap[least]) {
				least = c
			}
		}
		if least == i {
			return first
		}
		q.heap[i], q.heap[least] = q.heap[least], q.heap[i]
		i = least
	}
}
