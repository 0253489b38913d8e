package sim

import (
	"math/bits"

	"peerwire/core/bt"
)

// flight is a segment on its way, or one that arrived and was not taken yet. Flights and the rooms of their bytes are used again: a world
// that goes on as it did allocates nothing.
type flight struct {
	segment
	at   bt.Instant // when it arrives
	seq  uint64     // its place among what happens then
	next *flight    // in its lane
	room []byte     // what data is part of; nil when that is somebody else's

	admitted bool // by the downlink of whom it goes to
}

// lane is a row of flights, the first to come first.
type lane struct{ first, last *flight }

func (l *lane) empty() bool { return l.first == nil }

func (l *lane) push(f *flight) {
	if f.next = nil; l.first == nil {
		l.first = f
	} else {
		l.last.next = f
	}
	l.last = f
}

// unshift puts a flight before all others.
func (l *lane) unshift(f *flight) {
	if f.next = l.first; l.first == nil {
		l.last = f
	}
	l.first = f
}

// shift takes the first; there must be one.
func (l *lane) shift() *flight {
	f := l.first
	if l.first = f.next; l.first == nil {
		l.last = nil
	}
	f.next = nil
	return f
}

// hangar is where flights and rooms wait to be used again.
type hangar struct {
	flights *flight
	rooms   [roomSizes][][]byte // by the power of two of their length, beyond smallRoom
}

const (
	smallRoom = 5 // a power of two: bytes
	roomSizes = 12
)

func sizeOf(n int) int { return max(0, bits.Len(uint(max(n, 1)-1))-smallRoom) }

// take is an empty room for n bytes.
func (h *hangar) take(n int) []byte {
	k := sizeOf(n)
	if k >= roomSizes {
		return make([]byte, 0, n)
	}
	if last := len(h.rooms[k]) - 1; last >= 0 {
		room := h.rooms[k][last]
		h.rooms[k] = h.rooms[k][:last]
		return room
	}
	return make([]byte, 0, 1<<(k+smallRoom))
}

func (h *hangar) give(room []byte) {
	if k := sizeOf(cap(room)); cap(room) > 0 && k < roomSizes {
		h.rooms[k] = append(h.rooms[k], room[:0])
	}
}

// flight is one for a segment, whose bytes it copies.
func (h *hangar) flight(s segment) *flight {
	f := h.flights
	if f == nil {
		f = &flight{}
	} else {
		h.flights = f.next
	}
	*f = flight{segment: s}
	if len(s.data) > 0 {
		f.room = append(h.take(len(s.data)), s.data...)
		f.data = f.room
	}
	return f
}

// land takes a flight back.
func (h *hangar) land(f *flight) {
	h.give(f.room)
	*f = flight{next: h.flights}
	h.flights = f
}

// clear takes all flights of a lane back.
func (h *hangar) clear(l *lane) {
	for !l.empty() {
		h.land(l.shift())
	}
}

// extend puts bytes behind those of a flight.
func (h *hangar) extend(f *flight, data []byte) {
	if n := len(f.data) + len(data); cap(f.room) < n {
		room := append(h.take(n), f.data...)
		h.give(f.room)
		f.room, f.data = room, room
	} else if cap(f.data)-len(f.data) < len(data) { // there is room before what is left
		f.room = append(f.room[:0], f.data...)
		f.data = f.room
	}
	f.data = append(f.data, data...)
}
