package dial

import (
	"encoding/binary"

	"peerwire/core/bt"
)

// index finds known peers by name. It holds nothing but where they stand in the book, 2 bytes for each and as much again to spare, which is a
// sixteenth of what a Go map takes. Strangers choose what stands in it; the worst that they can make of it is a search through MaxKnown peers.
type index struct {
	slots []uint16 // one more than a place in the book, 0 where the slot is free; their number is a power of two
	count int
}

const leastSlots = 8

// home is where a name belongs. Multiplying by the golden ratio spreads names that differ by little.
func (x *index) home(n *bt.Endpoint) int {
	const ratio = 0x9e3779b97f4a7c15
	h := binary.LittleEndian.Uint64(n.IP[:8])
	h = (h ^ h>>32) * ratio
	h = (h ^ h>>32 ^ binary.LittleEndian.Uint64(n.IP[8:])) * ratio
	h = (h ^ h>>32 ^ uint64(n.Port)) * ratio
	return int(h>>32) & (len(x.slots) - 1)
}

// slot is where a name stands, or the free slot where it would.
func (x *index) slot(peers []known, n *bt.Endpoint) int {
	i := x.home(n)
	for x.slots[i] != 0 && peers[x.slots[i]-1].key != *n {
		i = (i + 1) & (len(x.slots) - 1)
	}
	return i
}

// find is the place of a name in the book; -1 when it is not there.
func (x *index) find(peers []known, n *bt.Endpoint) int {
	if x.count == 0 {
		return -1
	}
	return int(x.slots[x.slot(peers, n)]) - 1
}

// add notes that the last of the book is new.
func (x *index) add(peers []known) {
	x.count++
	if 4*x.count <= 3*len(x.slots) {
		x.put(peers, len(peers)-1)
		return
	}
	x.slots = make([]uint16, max(leastSlots, 2*len(x.slots)))
	for at := range peers {
		x.put(peers, at)
	}
}

func (x *index) put(peers []known, at int) {
	x.slots[x.slot(peers, &peers[at].key)] = uint16(at + 1)
}

// remove takes a name out, which is there, and tells where it stands in the book: those after it move up there. So do, here, those that stand behind it
// because their own slots were taken.
func (x *index) remove(peers []known, n *bt.Endpoint) (at int) {
	mask := len(x.slots) - 1
	free := x.slot(peers, n)
	at = int(x.slots[free]) - 1
	for i := (free + 1) & mask; x.slots[i] != 0; i = (i + 1) & mask {
		if (i-x.home(&peers[x.slots[i]-1].key))&mask >= (i-free)&mask {
			x.slots[free] = x.slots[i]
			free = i
		}
	}
	x.slots[free] = 0
	x.count--
	for i, v := range x.slots {
		if int(v) > at+1 {
			x.slots[i] = v - 1
		}
	}
	return at
}
