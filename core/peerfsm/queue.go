package peerfsm

// queue is a first-in first-out list that allows a look at, and the removal of, any element. It takes a word, and memory besides only
// while there is something in it: that comes from a stock, and goes back to it when the queue is empty. So what is empty is seen to be
// without a look at more than the word.
type queue[T any] struct{ *items[T] }

type items[T any] struct {
	all  []T // the queue stands in all[head:]
	head int
	next *items[T] // in the stock
}

func (q *queue[T]) empty() bool { return q.items == nil }

func (q *queue[T]) len() int {
	if q.items == nil {
		return 0
	}
	return len(q.all) - q.head
}

func (q *queue[T]) at(i int) *T { return &q.all[q.head+i] }

func (q *queue[T]) push(from *spare[T], v T) {
	switch {
	case q.items == nil:
		q.items = from.take(1)
	case len(q.all) == cap(q.all):
		q.makeRoom(from)
	}
	q.all = append(q.all, v)
}

// makeRoom moves the queue to the front of its memory, or else to more.
func (q *queue[T]) makeRoom(from *spare[T]) {
	if q.head > 0 {
		n := copy(q.all, q.view())
		q.all, q.head = q.all[:n], 0
		return
	}
	small := q.items
	q.items = from.take(len(small.all) + 1)
	q.all = append(q.all, small.all...)
	from.give(small)
}

// remove takes element i out and keeps the order of the others.
func (q *queue[T]) remove(to *spare[T], i int) {
	if i == 0 {
		q.head++
	} else {
		copy(q.all[q.head+i:], q.all[q.head+i+1:])
		q.all = q.all[:len(q.all)-1]
	}
	if q.head == len(q.all) {
		q.clear(to)
	}
}

// view is the queue as a slice, good until the next change.
func (q *queue[T]) view() []T {
	if q.items == nil {
		return nil
	}
	return q.all[q.head:]
}

// clear empties the queue.
func (q *queue[T]) clear(to *spare[T]) {
	if q.items != nil {
		to.give(q.items)
		q.items = nil
	}
}

// each calls f for what is in the queue, the first first, and empties it. f must not push to it.
func (q *queue[T]) each(to *spare[T], f func(v T)) {
	if q.items == nil {
		return
	}
	for _, v := range q.view() {
		f(v)
	}
	q.clear(to)
}
