package due

import (
	"math/bits"
	"slices"

	"peerwire/core/bt"
)

// Wheel is a Heap for a great many events: its zero value is empty, and they come in the same order. What is to happen within the next second stands in
// slots by its time, in no order, and a slot is sorted only when its time has come: to add an event is then to write it behind others, and what
// comes next is known. What is to happen later waits in a Heap.
type Wheel[T any] struct {
	now     int64      // the number of the slot whose events are due
	due     []Event[T] // of that slot, in order; those before next are gone
	next    int
	late    Heap[T]     // of that slot, or of an earlier one, added after it was sorted
	slots   []*batch[T] // what each has, the batch that is being filled first
	taken   []uint64    // a bit for each slot that has events
	waiting int         // events in slots
	spare   *batch[T]   // those that are empty
	far     Heap[T]     // what no slot is there for yet
}

// batch is some events of a slot. Slots fill and empty all the time, and now one has much and now another: with batches that go from one to the next they take
// together what waits at a time, and not each the most that it ever had.
type batch[T any] struct {
	next   *batch[T]
	count  int
	events [perBatch]Event[T]
}

const (
	slotWidth = 18   // a power of two: 0.26 ms
	slotCount = 4096 // together 1.07 s
	perBatch  = 7    // few, as in a small world a slot has two or three events
)

// slotOf is the number of the slot of a time.
func slotOf(at bt.Instant) int64 { return int64(at) >> slotWidth }

// Push adds an event.
func (w *Wheel[T]) Push(e Event[T]) {
	switch n := slotOf(e.At); {
	case n <= w.now:
		w.late.Push(e)
	case n >= w.now+slotCount:
		w.far.Push(e)
	default:
		w.put(n, e)
	}
}

// put adds an event to a slot that is to come.
func (w *Wheel[T]) put(n int64, e Event[T]) {
	if w.slots == nil {
		w.slots, w.taken = make([]*batch[T], slotCount), make([]uint64, slotCount/64)
	}
	i := n % slotCount
	b := w.slots[i]
	if b == nil || b.count == perBatch {
		w.taken[i/64] |= 1 << (i % 64)
		fresh := w.spare
		if fresh == nil {
			fresh = new(batch[T])
		} else {
			w.spare = fresh.next
		}
		fresh.next, fresh.count = b, 0
		w.slots[i], b = fresh, fresh
	}
	b.events[b.count] = e
	b.count++
	w.waiting++
}

// First is the event that comes first, until the wheel changes; nil when there is none.
func (w *Wheel[T]) First() *Event[T] {
	for w.next == len(w.due) {
		if first := w.late.First(); first != nil {
			return first
		}
		if !w.turn() {
			return nil
		}
	}
	if first := w.late.First(); first != nil && first.Before(&w.due[w.next]) {
		return first
	}
	return &w.due[w.next]
}

// Pop takes the first event; there must be one.
func (w *Wheel[T]) Pop() Event[T] {
	if first := w.First(); w.next < len(w.due) && first == &w.due[w.next] {
		w.next++
		return *first
	}
	return w.late.Pop()
}

// Ahead is an event that comes about n events after the first; nil when it is not known which.
func (w *Wheel[T]) Ahead(n int) *Event[T] {
	if i := w.next + n; i < len(w.due) {
		return &w.due[i]
	}
	return nil
}

// turn goes on to the next slot that has events; false when there is none.
func (w *Wheel[T]) turn() bool {
	switch {
	case w.waiting > 0:
		w.now = w.following()
	case w.far.First() != nil:
		w.now = slotOf(w.far.First().At)
	default:
		return false
	}
	w.due, w.next = w.due[:0], 0
	if w.waiting > 0 {
		w.empty(w.now % slotCount)
	}
	w.fetch()
	slices.SortFunc(w.due, compare[T])
	return true
}

// empty takes what a slot has.
func (w *Wheel[T]) empty(i int64) {
	for b := w.slots[i]; b != nil; {
		next := b.next
		w.due = append(w.due, b.events[:b.count]...)
		w.waiting -= b.count
		b.next, w.spare = w.spare, b
		b = next
	}
	w.slots[i] = nil
	w.taken[i/64] &^= 1 << (i % 64)
}

// following is the number of the next slot that has events; there must be one.
func (w *Wheel[T]) following() int64 {
	from := w.now + 1
	i := from % slotCount
	word := w.taken[i/64] >> (i % 64)
	for skipped := int64(0); ; {
		if word != 0 {
			return from + skipped + int64(bits.TrailingZeros64(word))
		}
		if skipped == 0 {
			skipped = 64 - i%64
		} else {
			skipped += 64
		}
		word = w.taken[(i+skipped)%slotCount/64]
	}
}

// fetch takes from afar what slots are there for now.
func (w *Wheel[T]) fetch() {
	for first := w.far.First(); first != nil && slotOf(first.At) < w.now+slotCount; first = w.far.First() {
		if e := w.far.Pop(); slotOf(e.At) == w.now {
			w.due = append(w.due, e)
		} else {
			w.put(slotOf(e.At), e)
		}
	}
}

func compare[T any](a, b Event[T]) int {
	if a.Before(&b) {
		return -1
	}
	return 1
}
