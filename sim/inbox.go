package sim

import "peerwire/core/bt"

// inbox is what has arrived on a connection and was not taken yet. Only its last flight has no run, and its end.
type inbox struct {
	lane
}

// add takes a flight. Bytes that follow bytes become one, as a message may have been cut between them.
func (b *inbox) add(h *hangar, f *flight) {
	if last := b.last; last != nil && !f.end && !last.hasRun() && !last.end {
		h.join(last, f)
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

// bytes are the control bytes at the head; none when there is payload, or nothing.
func (b *inbox) bytes(h *hangar) []byte {
	if b.empty() {
		return nil
	}
	return h.data(b.first())
}

// drop takes up to n bytes from the head, of control or of payload but never of both, and tells how many, and the part of a run that they were.
func (b *inbox) drop(h *hangar, n int) (int, Run) {
	n, run := b.first().skip(n)
	if b.first().size() == 0 {
		h.land(b.shift())
	}
	return n, run
}

// ended tells how the stream ended; false when it has not, or when something stands before its end.
func (b *inbox) ended() (bt.Fault, bool) {
	if b.empty() || !b.first().end {
		return bt.OK, false
	}
	return b.first().fault, true
}

// flatten makes zero bytes of the first run, when control is awaited where payload comes: whoever sends the one for
// the other gets what he deserves. It is false when there is no run.
func (b *inbox) flatten(h *hangar) bool {
	f := b.first()
	if f == nil || !f.hasRun() {
		return false
	}
	h.extend(f, make([]byte, f.run.Range.Length))
	f.run = Run{}
	if next := b.after(f); next != nil && !next.end {
		b.shift()
		b.shift()
		h.join(f, next)
		b.unshift(f)
	}
	return true
}
