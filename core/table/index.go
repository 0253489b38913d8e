package table

import (
	"encoding/binary"

	"peerwire/core/bt"
)

// Index finds what stands in a list by its endpoint. It holds nothing but where that is, and as much again to spare: a small part of what a Go map takes.
// Strangers choose what stands in it; the worst that they can make of it is a search through the list. The zero Index is empty. Those who call it say whose
// endpoint is at a place of the list.
type Index[N ~uint16 | ~uint32] struct {
	slots []N // one more than a place in the list, 0 where the slot is free; their number is a power of two
	count int
}

// Len is how many endpoints can be found.
func (x *Index[N]) Len() int { return x.count }

// home is where an endpoint belongs. Multiplying by the golden ratio spreads those that differ by little.
func (x *Index[N]) home(e *bt.Endpoint) int {
	const ratio = 0x9e3779b97f4a7c15
	h := binary.LittleEndian.Uint64(e.IP[:8])
	h = (h ^ h>>32) * ratio
	h = (h ^ h>>32 ^ binary.LittleEndian.Uint64(e.IP[8:])) * ratio
	h = (h ^ h>>32 ^ uint64(e.Port)) * ratio
	return int(h>>32) & (len(x.slots) - 1)
}

// slot is where an endpoint stands, or the free slot where it would.
func (x *Index[N]) slot(e *bt.Endpoint, whose func(at int) *bt.Endpoint) int {
	i := x.home(e)
	for x.slots[i] != 0 && *whose(int(x.slots[i]) - 1) != *e {
		i = (i + 1) & (len(x.slots) - 1)
	}
	return i
}

// Find is the place of an endpoint in the list; -1 when it is not there.
func (x *Index[N]) Find(e *bt.Endpoint, whose func(at int) *bt.Endpoint) int {
	if x.count == 0 {
		return -1
	}
	return int(x.slots[x.slot(e, whose)]) - 1
}

// Add notes that what stands at a place of the list is new.
func (x *Index[N]) Add(at int, whose func(at int) *bt.Endpoint) {
	x.count++
	if old := x.slots; 4*x.count > 3*len(old) {
		x.slots = make([]N, max(least, 2*len(old)))
		for _, v := range old {
			if v != 0 {
				x.slots[x.slot(whose(int(v)-1), whose)] = v
			}
		}
	}
	x.slots[x.slot(whose(at), whose)] = N(at + 1)
}

// Remove takes an endpoint out, which is there, and gives its place. Those that stand behind it because their own slots were taken move up.
func (x *Index[N]) Remove(e *bt.Endpoint, whose func(at int) *bt.Endpoint) (at int) {
	mask := len(x.slots) - 1
	free := x.slot(e, whose)
	at = int(x.slots[free]) - 1
	for i := (free + 1) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if (i-x.home(whose(int(x.slots[i])-1)))&mask >= (i-free)&mask {
			x.slots[free] = x.slots[i]
			free = i
		}
	}
	x.slots[free] = 0
	x.count--
	return at
}

// CloseUp notes that the list has closed up where a place was given up: those after it stand one place before.
func (x *Index[N]) CloseUp(at int) {
	for i, v := range x.slots {
		if int(v) > at+1 {
			x.slots[i] = v - 1
		}
	}
}
