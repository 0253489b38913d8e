package pick

import "math"

// noSlot stands for no partial in partials.slot.
const noSlot = math.MaxUint32

// partials holds the begun pieces. Those that are over are kept and used again, so that a
// download allocates only while the number of begun pieces grows.
type partials struct {
	slot   []uint32   // by piece: index in slots, or noSlot
	slots  []*partial // in use or spare
	spare  []*partial
	open   []*partial // with a free block
	full   []*partial // without
	blocks uint32     // room for so many blocks in each
}

// newPartials gives room for n pieces of so many blocks at most.
func newPartials(n, blocks uint32) partials {
	s := partials{slot: make([]uint32, n), blocks: blocks}
	for i := range s.slot {
		s.slot[i] = noSlot
	}
	return s
}

// of is the partial of a begun piece, or nil.
func (s *partials) of(piece uint32) *partial {
	if piece >= uint32(len(s.slot)) || s.slot[piece] == noSlot {
		return nil
	}
	return s.slots[s.slot[piece]]
}

// begin gives a piece of so many bytes a partial, with all its blocks free.
func (s *partials) begin(piece, size uint32) *partial {
	pt := s.take()
	pt.reset(piece, size)
	s.slot[piece] = pt.slot
	pt.at = push(&s.open, pt)
	return pt
}

// take gives a spare partial, or a new one when there is none.
func (s *partials) take() *partial {
	if end := len(s.spare) - 1; end >= 0 {
		pt := s.spare[end]
		s.spare = s.spare[:end]
		return pt
	}
	pt := &partial{
		slot:   uint32(len(s.slots)),
		blocks: make([]block, s.blocks),
		free:   make([]uint64, (s.blocks+63)/64),
	}
	s.slots = append(s.slots, pt)
	return pt
}

// end takes the partial from its piece, whatever its state.
func (s *partials) end(pt *partial) {
	s.slot[pt.piece] = noSlot
	s.unlink(pt)
	s.spare = append(s.spare, pt)
}

// isOpen tells whether the partial stands among the open ones.
func (s *partials) isOpen(pt *partial) bool {
	return pt.at < uint32(len(s.open)) && s.open[pt.at] == pt
}

// settle moves the partial to where it belongs after its blocks changed.
func (s *partials) settle(pt *partial) {
	if s.isOpen(pt) == (pt.frees > 0) {
		return
	}
	s.unlink(pt)
	if pt.frees > 0 {
		pt.at = push(&s.open, pt)
	} else {
		pt.at = push(&s.full, pt)
	}
}

// unlink takes the partial from the list that it stands in.
func (s *partials) unlink(pt *partial) {
	list := &s.full
	if s.isOpen(pt) {
		list = &s.open
	}
	end := len(*list) - 1
	last := (*list)[end]
	(*list)[pt.at], last.at = last, pt.at
	*list = (*list)[:end]
}

// push appends the partial and gives its index.
func push(list *[]*partial, pt *partial) uint32 {
	*list = append(*list, pt)
	return uint32(len(*list) - 1)
}
