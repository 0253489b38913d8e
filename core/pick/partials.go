package pick

import "peerwire/core/table"

// partials holds the begun pieces. Those that are over are kept and used again, so that a
// download allocates only while the number of begun pieces grows.
type partials struct {
	begun  table.Table[uint32, *partial] // by piece, numbered from 1
	spare  []*partial
	lists  [lists][]entry
	blocks uint32 // room for so many blocks in each
}

// entry is a partial in a list, with what is looked at first when the list is searched, so that hardly any partial is.
type entry struct {
	pt           *partial
	piece, frees uint32
}

// listed is which of the lists a partial stands in.
type listed uint8

// The lists.
const (
	left listed = iota // some block is free, and nobody is asked for any
	busy               // some block is free, and somebody is asked for another
	full               // no block is free
	lists
)

// place is the list that the partial belongs in.
func (pt *partial) place() listed {
	switch {
	case pt.frees == 0:
		return full
	case pt.asks == 0:
		return left
	}
	return busy
}

// open is how many begun pieces have a free block.
func (s *partials) open() int { return len(s.lists[left]) + len(s.lists[busy]) }

// of is the partial of a begun piece, or nil.
func (s *partials) of(piece uint32) *partial {
	if pt := s.begun.Get(piece + 1); pt != nil {
		return *pt
	}
	return nil
}

// begin gives a piece of so many bytes a partial, with all its blocks free.
func (s *partials) begin(piece, size uint32) *partial {
	pt := s.take()
	pt.reset(piece, size)
	s.begun.Set(piece+1, pt)
	s.link(pt, left)
	return pt
}

// take gives a spare partial, or a new one when there is none.
func (s *partials) take() *partial {
	if end := len(s.spare) - 1; end >= 0 {
		pt := s.spare[end]
		s.spare = s.spare[:end]
		return pt
	}
	return &partial{blocks: make([]block, s.blocks)}
}

// end takes the partial from its piece, whatever its state.
func (s *partials) end(pt *partial) {
	s.begun.Delete(pt.piece + 1)
	s.unlink(pt)
	s.spare = append(s.spare, pt)
}

// settle moves the partial to where it belongs after its blocks changed.
func (s *partials) settle(pt *partial) {
	if to := pt.place(); to != pt.in {
		s.unlink(pt)
		s.link(pt, to)
	}
	s.lists[pt.in][pt.at].frees = pt.frees
}

// unlink takes the partial from the list that it stands in.
func (s *partials) unlink(pt *partial) {
	list := &s.lists[pt.in]
	end := len(*list) - 1
	last := (*list)[end]
	(*list)[pt.at], last.pt.at = last, pt.at
	*list = (*list)[:end]
}

// link puts the partial in a list.
func (s *partials) link(pt *partial, in listed) {
	list := &s.lists[in]
	pt.in, pt.at = in, uint32(len(*list))
	*list = append(table.Spacious(*list), entry{pt, pt.piece, pt.frees})
}
