package pick

import "peerwire/core/bt"

// Whole tells whether every block of the piece is on disk, so that its verification is all that is missing.
func (p *Picker) Whole(piece uint32) bool {
	pt := p.begun.of(piece)
	return pt != nil && pt.stores == uint32(len(pt.blocks))
}

// WantedOf tells whether a block is wanted from a peer on parole: the peer is asked for it, or would have the piece to
// itself (PCK-9).
func (p *Picker) WantedOf(b bt.Block, who bt.ConnID) bool {
	pt := p.begun.of(b.Piece)
	return p.Wanted(b) && (pt == nil || pt.only(who) || pt.asked(b.Begin/bt.BlockSize, who))
}

// Discard throws a block away if it is on disk, and tells whether it was: it is free again.
func (p *Picker) Discard(b bt.Block) bool {
	pt, k := p.find(b)
	if pt == nil || pt.blocks[k].state != stored {
		return false
	}
	pt.stores--
	p.lose(pt, k)
	return true
}

// lose makes a block free that is here.
func (p *Picker) lose(pt *partial, k uint32) {
	who := pt.blocks[k].who
	pt.setFree(k)
	pt.unclaim(who)
	p.settle(pt)
}

// Idle tells whether blocks of a begun piece are missing and nobody is asked for any, nor is one on its way to disk: then the
// piece waits for somebody who may be asked.
func (p *Picker) Idle(piece uint32) bool {
	pt := p.begun.of(piece)
	return pt != nil && pt.idle()
}

func (pt *partial) idle() bool {
	return pt.asks == 0 && pt.frees > 0 && pt.frees+pt.stores == uint32(len(pt.blocks))
}

// Stale is the idle piece that a peer could be asked for if it were not begun, the least of which is here; false when there
// is none. [TRU-20]
func (p *Picker) Stale(w *Want) (piece uint32, ok bool) {
	var least *partial
	for _, pt := range p.begun.open {
		if pt.idle() && w.has(pt.piece) && (least == nil || pt.staler(least)) {
			least = pt
		}
	}
	if least == nil {
		return 0, false
	}
	return least.piece, true
}

// staler tells whether less of the piece is here than of another; of equals the one that comes first.
func (pt *partial) staler(other *partial) bool {
	if pt.stores != other.stores {
		return pt.stores < other.stores
	}
	return pt.piece < other.piece
}
