package pick

import "peerwire/core/bt"

// Outcome is what a received block is to us.
type Outcome uint8

// The outcomes.
const (
	Duplicate Outcome = iota // not wanted: here already, or no block of this torrent
	Fresh                    // the first copy
	Contested                // the first copy, and other peers were asked for it: cancel there
)

// Wanted tells whether b is a block that is neither received nor verified, so that its payload
// is worth reading. It is false for what is no block of this torrent.
func (p *Picker) Wanted(b bt.Block) bool {
	if pt := p.begun.of(b.Piece); pt != nil {
		k, ok := pt.find(b)
		return ok && pt.blocks[k].state <= requested
	}
	return p.g.IsBlock(b) && !p.have.Test(uint(b.Piece))
}

// Requested is how many peers are asked for the block: 0 or 1 but in end-game, then 2 at most, and 0 once it
// is received.
func (p *Picker) Requested(b bt.Block) int {
	switch pt, k := p.find(b); {
	case pt == nil || pt.blocks[k].state != requested:
		return 0
	case pt.blocks[k].twice:
		return 2
	}
	return 1
}

// Abandon says that a peer's request for the block will not be answered. The block is free at
// once unless others are asked for it (PCK-7). Of a block that this peer is not asked for, or that is
// received, it changes nothing.
func (p *Picker) Abandon(b bt.Block, by bt.ConnID) {
	if pt, k := p.find(b); pt != nil {
		pt.withdraw(k, by)
		p.settle(pt)
	}
}

// Received says that a peer sent the block, whether or not it was asked. All requests for
// the block are over; the caller cancels those of others when the Outcome is Contested.
func (p *Picker) Received(b bt.Block, by bt.ConnID) Outcome {
	if !p.Wanted(b) {
		return Duplicate
	}
	pt := p.begun.of(b.Piece)
	if pt == nil {
		pt = p.begin(b.Piece)
	}
	others := pt.receive(b.Begin/bt.BlockSize, by)
	p.begun.settle(pt)
	if others {
		return Contested
	}
	return Fresh
}

// Stored says that a received block is on disk. It is true when that was the last of its
// piece, which is now to be verified: Passed or Failed answers.
func (p *Picker) Stored(b bt.Block) (pieceWhole bool) {
	pt, k := p.find(b)
	if pt == nil || pt.blocks[k].state != received {
		return false
	}
	pt.blocks[k].state = stored
	pt.stores++
	return pt.stores == uint32(len(pt.blocks))
}

// StoreFailed says that a received block could not be written: it is free again.
func (p *Picker) StoreFailed(b bt.Block) {
	pt, k := p.find(b)
	if pt == nil || pt.blocks[k].state != received {
		return
	}
	p.lose(pt, k)
}

// Passed says that the piece's hash was found right. It is MarkHave under the name of
// the answer to Stored.
func (p *Picker) Passed(piece uint32) { p.MarkHave(piece) }

// Failed says that the piece's hash was found wrong, or could not be found: the piece is
// missing with all its blocks (PCK-8), and nobody is asked for any of them.
func (p *Picker) Failed(piece uint32) {
	if pt := p.begun.of(piece); pt != nil {
		p.forget(pt)
	}
}

// Doubt says that what is on disk of a verified or untouched piece is to be verified: it is missing, and nobody is asked for any of it
// before Passed or Failed answers. It is false, and changes nothing, when the piece is begun.
func (p *Picker) Doubt(piece uint32) bool {
	switch {
	case p.begun.of(piece) != nil:
		return false
	case p.have.Test(uint(piece)):
		p.have.Clear(uint(piece))
		p.missing++
	default:
		p.delist(piece)
	}
	pt := p.begun.begin(piece, p.g.PieceSize(piece))
	for k := range pt.blocks {
		pt.receive(uint32(k), 0)
		pt.blocks[k].state = stored
	}
	pt.stores = uint32(len(pt.blocks))
	p.begun.settle(pt)
	return true
}

// find is the partial and the number of a block of a begun piece, or nil for any other.
func (p *Picker) find(b bt.Block) (*partial, uint32) {
	if pt := p.begun.of(b.Piece); pt != nil {
		if k, ok := pt.find(b); ok {
			return pt, k
		}
	}
	return nil, 0
}

// settle puts a begun piece where it belongs after a block of it may have become free.
func (p *Picker) settle(pt *partial) {
	if pt.frees == uint32(len(pt.blocks)) {
		p.forget(pt)
	} else {
		p.begun.settle(pt)
	}
}
