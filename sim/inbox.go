package sim

import "peerwire/core/bt"

// inbox is what has arrived on a connection and was not taken yet.
type inbox struct {
	lane
}

// add takes a flight. Bytes that follow bytes become one, as a message may have been cut between them.
func (b *inbox) add(h *hangar, f *flight) {
	if last := b.last; last != nil && !f.isRun() && !f.end && !last.isRun() && !last.end {
		h.extend(last, h.data(f))
		h.land(f)
		return
	}
	b.push(f)
}

func (b *inbox) size() (n int) {
	for f := b.first(); f != nil; f = b.after(f) {
		n += f.size()
	}
	return n
}

// bytes are the control bytes at the head; nil when there is none.
func (b *inbox) bytes(h *hangar) []byte {
	if b.empty() {
		return nil
	}
	return h.data(b.first())
}

// drop takes n bytes from the head, which holds so many, and gives the part of a run that they were.
func (b *inbox) drop(h *hangar, n int) (taken Run) {
	if n < b.first().size() {
		return b.first().skip(n)
	}
	taken = b.first().run
	h.land(b.shift())
	return taken
}

// ended tells how the stream ended; false when it has not, or when something stands before its end.
func (b *inbox) ended() (bt.Fault, bool) {
	if b.empty() || !b.first().end {
		return bt.OK, false
	}
	return b.first().fault, true
}

// flatten makes zero bytes of the first run, when control is awaited where payload comes: whoever sends the one for
// the other gets what he deserves.
func (b *inbox) flatten(h *hangar) bool {
	var before *flight
	for f := b.first(); f != nil; before, f = f, b.after(f) {
		if !f.isRun() {
			continue
		}
		if before == nil || before.end {
			n := f.size()
			f.room, f.run, f.from, f.to, f.says = h.take(n), Run{}, 0, int32(n), 0
			clear(h.data(f))
			return true
		}
		h.extend(before, make([]byte, f.size()))
		if before.next = f.next; f == b.last {
			b.last = before
		}
		h.land(f)
		return true
	}
	return false
}
