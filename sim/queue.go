package sim

import (
	"peerwire/core/bt"
	"peerwire/sim/due"
)

// happening is what is to happen.
type happening struct {
	who   int32 // an end, a host or an errand: see kind
	kind  kind
	fault bt.Fault
}

// queue is what is to happen when. What is planned for later stands on a wheel. What is planned for now, and that is half of all, comes after
// everything on the wheel that is due, in the order in which it was planned: so it is a mere row.
type queue struct {
	now   bt.Instant // the time of what was popped last
	last  uint64
	later due.Wheel[happening]
	soon  []due.Event[happening] // a ring; its length is a power of two
	head  int
	size  int
}

// ticket is the place in the order of what is planned now; whoever takes one plans with it later.
func (q *queue) ticket() uint64 {
	q.last++
	return q.last
}

// plan adds a happening, which is given its place in the order.
func (q *queue) plan(at bt.Instant, h happening) {
	e := due.Event[happening]{At: at, Seq: q.ticket(), What: h}
	if at <= q.now {
		q.follow(e)
		return
	}
	q.later.Push(e)
}

// push adds a happening that has its place in the order.
func (q *queue) push(at bt.Instant, ticket uint64, h happening) {
	q.later.Push(due.Event[happening]{At: at, Seq: ticket, What: h})
}

// follow adds a happening of now.
func (q *queue) follow(e due.Event[happening]) {
	if q.size == len(q.soon) {
		grown := make([]due.Event[happening], max(64, 2*len(q.soon)))
		n := copy(grown, q.soon[q.head:])
		copy(grown[n:], q.soon[:q.head])
		q.soon, q.head = grown, 0
	}
	q.soon[(q.head+q.size)&(len(q.soon)-1)] = e
	q.size++
}

// next is when the first happening is due; false when there is none.
func (q *queue) next() (bt.Instant, bool) {
	if q.size > 0 {
		return q.now, true
	}
	if first := q.later.First(); first != nil {
		return first.At, true
	}
	return bt.Never, false
}

// pop takes the first happening, and tells whether it was on the wheel; there must be one.
func (q *queue) pop() (due.Event[happening], bool) {
	if later := q.later.First(); q.size > 0 && (later == nil || q.soon[q.head].Before(later)) {
		first := q.soon[q.head]
		q.head = (q.head + 1) & (len(q.soon) - 1)
		q.size--
		return first, false
	}
	first := q.later.Pop()
	q.now = max(q.now, first.At)
	return first, true
}

// advance makes it a later time, at which nothing happened yet; what is due before must have been popped.
func (q *queue) advance(to bt.Instant) { q.now = max(q.now, to) }
