package sim

import "peerwire/core/bt"

// happening is something that is to happen at its time. It is plain data, without a pointer: moving millions of them costs the
// collector nothing. Of those at one time the first that was planned comes first.
type happening struct {
	at    bt.Instant
	seq   uint64
	who   int32 // an end, a host or an errand: see kind
	kind  kind
	fault bt.Fault
}

func (h *happening) before(o *happening) bool {
	if h.at != o.at {
		return h.at < o.at
	}
	return h.seq < o.seq
}

// queue is what is to happen. What is planned for later stands in a heap, four children a parent: fewer cache lines on the way down than
// with two. What is planned for now, and that is half of all, comes after everything in the heap that is due, in the order in which it was
// planned: so it needs no heap.
type queue struct {
	now  bt.Instant // the time of what was popped last
	last uint64
	heap []happening
	soon []happening // a ring; its length is a power of two
	head int
	size int
}

const arity = 4

// ticket is the place in the order of what is planned now; whoever takes one plans with it later.
func (q *queue) ticket() uint64 {
	q.last++
	return q.last
}

// plan adds a happening, which is given its place in the order.
func (q *queue) plan(h happening) {
	h.seq = q.ticket()
	if h.at <= q.now {
		q.follow(h)
		return
	}
	q.push(h)
}

// push adds a happening that has its place in the order.
func (q *queue) push(h happening) {
	q.heap = append(q.heap, h)
	i := len(q.heap) - 1
	for i > 0 {
		parent := (i - 1) / arity
		if !h.before(&q.heap[parent]) {
			break
		}
		q.heap[i] = q.heap[parent]
		i = parent
	}
	q.heap[i] = h
}

// follow adds a happening of now.
func (q *queue) follow(h happening) {
	if q.size == len(q.soon) {
		grown := make([]happening, max(64, 2*len(q.soon)))
		n := copy(grown, q.soon[q.head:])
		copy(grown[n:], q.soon[:q.head])
		q.soon, q.head = grown, 0
	}
	q.soon[(q.head+q.size)&(len(q.soon)-1)] = h
	q.size++
}

// next is when the first happening is due; false when there is none.
func (q *queue) next() (bt.Instant, bool) {
	switch {
	case q.size > 0:
		return q.now, true
	case len(q.heap) > 0:
		return q.heap[0].at, true
	}
	return bt.Never, false
}

// pop takes the first happening; there must be one.
func (q *queue) pop() happening {
	if q.size > 0 && (len(q.heap) == 0 || q.soon[q.head].before(&q.heap[0])) {
		first := q.soon[q.head]
		q.head = (q.head + 1) & (len(q.soon) - 1)
		q.size--
		return first
	}
	first := q.heap[0]
	q.now = max(q.now, first.at)
	q.sink()
	return first
}

// sink takes the root out, and lets the last of the heap sink from there to where it belongs.
func (q *queue) sink() {
	end := len(q.heap) - 1
	last := q.heap[end]
	q.heap = q.heap[:end]
	if end == 0 {
		return
	}
	i := 0
	for {
		c := arity*i + 1
		if c >= end {
			break
		}
		least := c
		for k := c + 1; k < min(c+arity, end); k++ {
			if q.heap[k].before(&q.heap[least]) {
				least = k
			}
		}
		if !q.heap[least].before(&last) {
			break
		}
		q.heap[i] = q.heap[least]
		i = least
	}
	q.heap[i] = last
}

// advance makes it a later time, at which nothing happened yet; what is due before must have been popped.
func (q *queue) advance(to bt.Instant) { q.now = max(q.now, to) }
