package sim

import "math/bits"

// room is where bytes stand that are on their way; 0 is none. It is a mere number, so that what has one is small, and the collector looks into none.
type room uint32

// rooms are those of a world, by the power of two of their size, beyond smallRoom. Those of one size stand side by side in pages, and one that is given back
// is used again.
type rooms [roomSizes]struct {
	pages [][]byte
	made  room
	free  []room
}

const (
	smallRoom = 4 // a power of two: bytes; a have, or the head of a block
	roomPage  = 12
	roomSizes = 28
	roomBits  = 27 // of its number among those of its size, from 1 on
)

// take is a room for n bytes, which are more than none.
func (r *rooms) take(n int) room {
	k := max(0, bits.Len(uint(n-1))-smallRoom)
	s := &r[k]
	if last := len(s.free) - 1; last >= 0 {
		id := s.free[last]
		s.free = s.free[:last]
		return id
	}
	size := k + smallRoom
	if page := max(size, roomPage); int(s.made)>>(page-size) == len(s.pages) {
		s.pages = append(s.pages, make([]byte, 1<<page))
	}
	if s.made++; s.made>>roomBits != 0 {
		panic("BUG: nobody takes a hundred million rooms of a size")
	}
	return room(k)<<roomBits | s.made
}

// give takes a room back.
func (r *rooms) give(id room) {
	if id != 0 {
		s := &r[id>>roomBits]
		s.free = append(s.free, id)
	}
}

// bytes are all that a room has space for.
func (r *rooms) bytes(id room) []byte {
	if id == 0 {
		return nil
	}
	k, i := int(id>>roomBits), int(id&(1<<roomBits-1))-1
	size := k + smallRoom
	within := max(size, roomPage) - size // a page has so many, as a power of two
	at := i & (1<<within - 1) << size
	return r[k].pages[i>>within][at : at+1<<size]
}
