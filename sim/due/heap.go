// Package due orders what is to happen in a virtual world by its time.
package due

import "peerwire/core/bt"

// Event is something that is to happen at its time.
type Event[T any] struct {
	At   bt.Instant
	Seq  uint64 // of those at one time the least comes first: number them as they are planned
	What T      // small, and without a pointer: moving millions of them then costs the collector nothing
}

// Before tells whether an event comes before another.
func (e *Event[T]) Before(o *Event[T]) bool {
	if e.At != o.At {
		return e.At < o.At
	}
	return e.Seq < o.Seq
}

// Heap holds events; its zero value is empty. It has four children a parent: fewer cache lines on the way down than with two. Nothing is
// allocated but for growing.
type Heap[T any] struct{ events []Event[T] }

const arity = 4

// First is the event that comes first, until the heap changes; nil when there is none.
func (h *Heap[T]) First() *Event[T] {
	if len(h.events) == 0 {
		return nil
	}
	return &h.events[0]
}

// Push adds an event.
func (h *Heap[T]) Push(e Event[T]) {
	events := append(h.events, e)
	i := len(events) - 1
	for i > 0 {
		parent := (i - 1) / arity
		if !e.Before(&events[parent]) {
			break
		}
		events[i] = events[parent]
		i = parent
	}
	events[i] = e
	h.events = events
}

// Pop takes the first event; there must be one. The last of the heap then sinks from the root to where it belongs.
func (h *Heap[T]) Pop() Event[T] {
	end := len(h.events) - 1
	first, last := h.events[0], h.events[end]
	events := h.events[:end]
	h.events = events
	if end == 0 {
		return first
	}
	i := 0
	for {
		c := arity*i + 1
		if c >= end {
			break
		}
		least := c
		for k := c + 1; k < min(c+arity, end); k++ {
			if events[k].Before(&events[least]) {
				least = k
			}
		}
		if !events[least].Before(&last) {
			break
		}
		events[i] = events[least]
		i = least
	}
	events[i] = last
	return first
}
