package peerfsm

// queue is a first-in first-out list that allows a look at, and the removal of, any element. Its memory is kept for reuse, so
// that in the steady state it allocates nothing, until release; one that was never used takes a word.
type queue[T any] struct{ *items[T] }

type items[T any] struct {
	all  []T // the queue stands in all[head:]
	head int
}

func (q *queue[T]) len() int {
	if q.items == nil {
		return 0
	}
	return len(q.all) - q.head
}

func (q *queue[T]) at(i int) *T { return &q.all[q.head+i] }

func (q *queue[T]) push(v T) {
	if q.items == nil {
		q.items = new(items[T])
	}
	if len(q.all) == cap(q.all) {
		q.makeRoom()
	}
	q.all = append(q.all, v)
}

// makeRoom moves the queue to the front of its memory, or else to one that is larger by an eighth: with hundreds of requests
// on each of hundreds of connections, what stands empty counts.
func (q *queue[T]) makeRoom() {
	room := q.all
	if n := q.len(); q.head == 0 {
		room = make([]T, n, n+max(4, n/8))
	}
	n := copy(room, q.all[q.head:])
	clear(room[n:])
	q.all, q.head = room[:n], 0
}

// remove takes element i out and keeps the order of the others.
func (q *queue[T]) remove(i int) {
	var zero T
	if i == 0 {
		q.all[q.head] = zero
		q.head++
	} else {
		copy(q.all[q.head+i:], q.all[q.head+i+1:])
		q.all[len(q.all)-1] = zero
		q.all = q.all[:len(q.all)-1]
	}
	if q.head == len(q.all) {
		q.all, q.head = q.all[:0], 0
	}
}

// view is the queue as a slice, good until the next change.
func (q *queue[T]) view() []T {
	if q.items == nil {
		return nil
	}
	return q.all[q.head:]
}

// hold makes v, which is its own from then on, what the queue holds; nothing gives its memory back.
func (q *queue[T]) hold(v []T) {
	switch {
	case len(v) == 0:
		q.items = nil
	case q.items == nil:
		q.items = &items[T]{all: v}
	default:
		q.all, q.head = v, 0
	}
}

// take empties the queue, and gives what it held; good until the next push.
func (q *queue[T]) take() []T {
	v := q.view()
	if v != nil {
		q.all, q.head = q.all[:0], 0
	}
	return v
}

// reset empties the queue and keeps its memory.
func (q *queue[T]) reset() {
	if q.items != nil {
		clear(q.all)
		q.all, q.head = q.all[:0], 0
	}
}

// release gives the memory of an empty queue back.
func (q *queue[T]) release() {
	if q.len() == 0 {
		q.items = nil
	}
}
