package sim

import "peerwire/core/bt"

// flight is a segment on its way, or one that arrived and was not taken yet. Flights and the rooms of their bytes are used again: a world
// that goes on as it did allocates nothing. One is a cache line.
type flight struct {
	next     *flight    // in its lane, or in the hangar
	at       bt.Instant // when it arrives
	seq      uint64     // its place among what happens then
	run      Run        // what it carries behind its bytes, if anything
	room     room       // its bytes: none when it has none
	from, to int32      // where in room those stand that were not taken
	says     int32      // messages that end in it
	end      bool       // the stream ends here
	fault    bt.Fault   // how, when it does
	admitted bool       // by the downlink of whom it goes to
}

func (f *flight) hasRun() bool { return f.run.Range.Length > 0 }

// bytes is how many bytes stand before its run.
func (f *flight) bytes() int { return int(f.to - f.from) }

// size is how many bytes it has in all.
func (f *flight) size() int { return f.bytes() + int(f.run.Range.Length) }

// skip takes up to n bytes off the head, either of those before the run or of the run itself, and tells how many, and the part of the run that they were.
func (f *flight) skip(n int) (int, Run) {
	if most := f.bytes(); most > 0 {
		n = min(n, most)
		f.from += int32(n)
		return n, Run{}
	}
	n = min(n, int(f.run.Range.Length))
	return n, f.run.cut(n)
}

// lane is a row of flights, the first to come first. It knows the last, whose next is the first: a connection has three lanes, nearly all empty.
type lane struct{ last *flight }

func (l *lane) empty() bool { return l.last == nil }

// first is the first to come; nil when there is none.
func (l *lane) first() *flight {
	if l.last == nil {
		return nil
	}
	return l.last.next
}

// after is the flight behind one of the lane; nil when that is the last.
func (l *lane) after(f *flight) *flight {
	if f == l.last {
		return nil
	}
	return f.next
}

func (l *lane) push(f *flight) {
	l.unshift(f)
	l.last = f
}

// unshift puts a flight before all others.
func (l *lane) unshift(f *flight) {
	if l.last == nil {
		l.last = f
	} else {
		f.next = l.last.next
	}
	l.last.next = f
}

// shift takes the first; there must be one.
func (l *lane) shift() *flight {
	f := l.last.next
	if l.last.next = f.next; f == l.last {
		l.last = nil
	}
	f.next = nil
	return f
}

// hangar is where flights and rooms wait to be used again. Of flights there are never many more than half as many as are under way: those who come all at
// once have much to say, and what that took is given back.
type hangar struct {
	rooms
	flights *flight
	waiting int
	flying  int
}

const fewSpare = 64 // so many wait, however few are under way

// flight is one for a segment, whose bytes it copies.
func (h *hangar) flight(s segment) *flight {
	f := h.flights
	if f == nil {
		f = &flight{}
	} else {
		h.flights = f.next
		h.waiting--
	}
	h.flying++
	*f = flight{run: s.run, says: s.says, end: s.end, fault: s.fault}
	if len(s.data) > 0 {
		f.room = h.take(len(s.data))
		f.to = int32(copy(h.bytes(f.room), s.data))
	}
	return f
}

// data are the bytes of a flight.
func (h *hangar) data(f *flight) []byte { return h.bytes(f.room)[f.from:f.to] }

// split takes n bytes off the head of a flight, of which there are more, and makes a flight of them.
func (h *hangar) split(f *flight, n int) *flight {
	s := segment{data: h.data(f)}
	if s.data = s.data[:min(n, len(s.data))]; n > len(s.data) {
		s.run = f.run.cut(n - len(s.data))
	}
	head := h.flight(s)
	f.from += int32(len(s.data))
	return head
}

// land takes a flight back.
func (h *hangar) land(f *flight) {
	h.give(f.room)
	h.flying--
	if *f = (flight{}); h.waiting < fewSpare+h.flying/2 {
		f.next, h.flights = h.flights, f
		h.waiting++
	}
}

// clear takes all flights of a lane back.
func (h *hangar) clear(l *lane) {
	for !l.empty() {
		h.land(l.shift())
	}
}

// extend puts bytes behind those of a flight.
func (h *hangar) extend(f *flight, data []byte) {
	room, left := f.room, h.data(f)
	if n := len(left) + len(data); len(h.bytes(room)) < n {
		room = h.take(n)
	}
	all := h.bytes(room)
	if room != f.room || len(all)-int(f.to) < len(data) { // to the head of a larger room, or of its own
		f.from, f.to = 0, int32(copy(all, left))
	}
	f.to += int32(copy(all[f.to:], data))
	if room != f.room {
		h.give(f.room)
		f.room = room
	}
}

// join puts what a flight carries behind the bytes of another, which has no run, and takes it back.
func (h *hangar) join(f, next *flight) {
	h.extend(f, h.data(next))
	f.run = next.run
	h.land(next)
}
