package peerfsm

// queue is a first-in first-out list that allows a look at, and the removal of, any element. It takes a word, and memory besides only
// for what is in it: bunches of a few elements each, which come from a stock one by one, and go back to it. So what is empty is seen to be
// without a look at more than the word, and what was full once has no more memory than what never was.
type queue[T any] struct{ last *bunch[T] }

// bunchSize is how many elements stand together. With more, the two ends of a queue waste more; with fewer, the links between bunches do.
const bunchSize = 8

// bunch is some elements of a queue. Each but the first begins at 0, each but the last is full to the end, and after the last comes the
// first, so that one word finds both ends.
type bunch[T any] struct {
	next  *bunch[T]
	head  uint32 // where the queue begins in the first bunch; the last knows it
	count uint32 // elements of the queue; likewise
	all   [bunchSize]T
}

func (q *queue[T]) empty() bool { return q.last == nil }

func (q *queue[T]) len() int {
	if q.last == nil {
		return 0
	}
	return int(q.last.count)
}

func (q *queue[T]) push(from *spare[T], v T) {
	switch l := q.last; {
	case l == nil:
		q.last = from.take()
		q.last.next = q.last
	case (l.head+l.count)%bunchSize == 0:
		b := from.take()
		b.next, b.head, b.count = l.next, l.head, l.count
		l.next, q.last = b, b
	}
	l := q.last
	l.all[(l.head+l.count)%bunchSize] = v
	l.count++
}

// remove takes element i out and keeps the order of the others.
func (q *queue[T]) remove(to *spare[T], i int) {
	switch {
	case q.last.count == 1:
		q.clear(to)
	case i == 0:
		q.dropFirst(to)
	default:
		free := q.place(i)
		for range q.len() - 1 - i {
			from := free.next()
			*free.at(), free = *from.at(), from
		}
		q.dropLast(to)
	}
}

// dropFirst takes the first of several elements out.
func (q *queue[T]) dropFirst(to *spare[T]) {
	l := q.last
	l.count--
	if l.head++; l.head == bunchSize {
		b := l.next
		l.head, l.next = 0, b.next
		to.give(b, b)
	}
}

// dropLast takes the last of several elements out.
func (q *queue[T]) dropLast(to *spare[T]) {
	l := q.last
	if l.count--; (l.head+l.count)%bunchSize > 0 {
		return
	}
	b := l.next
	for b.next != l {
		b = b.next
	}
	b.next, b.head, b.count = l.next, l.head, l.count
	q.last = b
	to.give(l, l)
}

// clear empties the queue.
func (q *queue[T]) clear(to *spare[T]) {
	if l := q.last; l != nil {
		q.last = nil
		to.give(l.next, l)
	}
}

// at is element i, which must be there.
func (q *queue[T]) at(i int) *T {
	p := q.place(i)
	return p.at()
}

// place is where an element stands.
type place[T any] struct {
	bunch *bunch[T]
	index uint32 // in it
}

func (p place[T]) at() *T { return &p.bunch.all[p.index] }

// next is the place after the place.
func (p place[T]) next() place[T] {
	if p.index++; p.index == bunchSize {
		p.bunch, p.index = p.bunch.next, 0
	}
	return p
}

// place is where element i stands, which must be there.
func (q *queue[T]) place(i int) place[T] {
	p := place[T]{q.last.next, q.last.head + uint32(i)}
	for ; p.index >= bunchSize; p.index -= bunchSize {
		p.bunch = p.bunch.next
	}
	return p
}

// all goes through the queue, the first first. It must not be pushed to or removed from meanwhile.
func (q *queue[T]) all() func(yield func(i int, v *T) bool) {
	return func(yield func(int, *T) bool) {
		if q.last == nil {
			return
		}
		p := place[T]{q.last.next, q.last.head}
		for i := range q.len() {
			if !yield(i, p.at()) {
				return
			}
			p = p.next()
		}
	}
}

// list appends what is in the queue to dst.
func (q *queue[T]) list(dst []T) []T {
	for _, v := range q.all() {
		dst = append(dst, *v)
	}
	return dst
}

// each calls f for what is in the queue, the first first, and empties it. f must not push to it.
func (q *queue[T]) each(to *spare[T], f func(v T)) {
	for _, v := range q.all() {
		f(*v)
	}
	q.clear(to)
}
