package pick

import (
	"cmp"

	"peerwire/core/bt"
)

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
	return pt != nil && pt.asks == 0 && pt.settled()
}

// settled tells whether blocks are missing and none is on its way to disk.
func (pt *partial) settled() bool {
	n := uint32(len(pt.blocks))
	return pt.stores < n && pt.frees+pt.asks+pt.stores == n
}

// staleAge is the age in rounds of a begun piece that its peers do not go on with.
const staleAge = 6 // [TRU-20]

// Age tells that a round has passed. A begun piece is so many rounds old as have passed since a block of it came. [TRU-20]
func (p *Picker) Age() {
	for _, list := range p.begun.lists {
		for _, e := range list {
			e.pt.age = min(e.pt.age+1, staleAge)
		}
	}
}

// Renew makes a begun piece as young as if a block of it had come just now.
func (p *Picker) Renew(piece uint32) {
	if pt := p.begun.of(piece); pt != nil {
		pt.age = 0
	}
}

// Stale is the piece that a peer could be asked for if others had not begun it, when they do not go on with it: nobody is asked for any of it, or no
// block of it has come for some rounds. It has a block that the peer may be asked for, which askable tells, and did not send. Of several it is the
// one of which least is here; false when there is none. [TRU-20]
func (p *Picker) Stale(w *Want, askable func(bt.Block) bool) (piece uint32, ok bool) {
	var least *partial
	for _, list := range p.begun.lists {
		for _, e := range list {
			pt := e.pt
			if pt.settled() && (pt.asks == 0 || pt.age == staleAge) && w.has(pt.piece) && (least == nil || pt.staler(least)) && pt.toAsk(w.Peer, askable) {
				least = pt
			}
		}
	}
	if least == nil {
		return 0, false
	}
	return least.piece, true
}

// toAsk tells whether a peer may be asked for a block of a piece that it did not send.
func (pt *partial) toAsk(who bt.ConnID, askable func(bt.Block) bool) bool {
	for k := range pt.blocks {
		if at := &pt.blocks[k]; (at.state != stored || at.who != who) && askable(pt.name(uint32(k))) {
			return true
		}
	}
	return false
}

// staler tells whether less of the piece is here than of another; of equals the one that comes first.
func (pt *partial) staler(other *partial) bool {
	return cmp.Or(cmp.Compare(pt.stores, other.stores), cmp.Compare(pt.piece, other.piece)) < 0
}

// Asks tells whether a peer is asked for a block.
func (p *Picker) Asks(b bt.Block, who bt.ConnID) bool {
	pt, k := p.find(b)
	return pt != nil && pt.asked(k, who)
}

// Sender is who sent a block that is here; nobody has the id 0.
func (p *Picker) Sender(b bt.Block) bt.ConnID {
	pt, k := p.find(b)
	if pt == nil || pt.blocks[k].state < received {
		return 0
	}
	return pt.blocks[k].who
}
