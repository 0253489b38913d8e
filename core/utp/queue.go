package utp

// queue is a first-in-first-out that uses its room again.
type queue[T any] struct {
	ring []T
	head int
	n    int
}

// push appends.
func (q *queue[T]) push(v T) {
	if q.n == len(q.ring) {
		old := *q
		q.ring = make([]T, max(8, 2*old.n))
		for i := range old.n {
			q.ring[i] = old.ring[(old.head+i)%old.n]
		}
		q.head = 0
	}
	q.ring[(q.head+q.n)%len(q.ring)] = v
	q.n++
}

// peek gives the first.
func (q *queue[T]) peek() (v T, ok bool) {
	if q.n == 0 {
		return v, false
	}
	return q.ring[q.head], true
}

// pop takes the first out.
func (q *queue[T]) pop() (v T, ok bool) {
	if v, ok = q.peek(); ok {
		var none T
		q.ring[q.head] = none
		q.head = (q.head + 1) % len(q.ring)
		q.n--
	}
	return v, ok
}
