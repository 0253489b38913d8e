package peerfsm

// queue is a first-in first-out list that allows a look at, and the removal of, any element. Its
// memory is reused: in the steady state it allocates nothing.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) len() int    { return len(q.items) - q.head }
func (q *queue[T]) at(i int) *T { return &q.items[q.head+i] }

func (q *queue[T]) push(v T) {
	if q.head > 0 && len(q.items) == cap(q.items) {
		n := copy(q.items, q.items[q.head:])
		clear(q.items[n:])
		q.items, q.head = q.items[:n], 0
	}
	q.items = append(q.items, v)
}

// remove takes element i out and keeps the order of the others.
func (q *queue[T]) remove(i int) {
	var zero T
	if i == 0 {
		q.items[q.head] = zero
		q.head++
	} else {
		copy(q.items[q.head+i:], q.items[q.head+i+1:])
		q.items[len(q.items)-1] = zero
		q.items = q.items[:len(q.items)-1]
	}
	if q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
}

// reset empties the queue and keeps its memory.
func (q *queue[T]) reset() {
	clear(q.items)
	q.items, q.head = q.items[:0], 0
}
