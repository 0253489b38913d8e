package pick

import "peerwire/core/bt"

// MayRepeat tells whether a peer may be asked for a block that another is asked for: in end-game, when it is asked of one
// only. [PCK-5] [PCK-12]
func (p *Picker) MayRepeat(w *Want, b bt.Block) bool {
	pt, k := p.contested(w, b)
	return pt != nil && !pt.blocks[k].twice
}

// Again asks a peer for such a block. It is false, and changes nothing, when it may not.
func (p *Picker) Again(w *Want, b bt.Block) bool {
	if !p.MayRepeat(w, b) {
		return false
	}
	pt, k := p.find(b)
	pt.request(k, w.Peer)
	w.Last, w.Why = b.Piece, Repeated
	return true
}

// MayReplace tells whether a peer may be asked for a block in place of another, who is asked for it. [PCK-18]
func (p *Picker) MayReplace(w *Want, b bt.Block, who bt.ConnID) bool {
	pt, k := p.contested(w, b)
	return pt != nil && pt.asked(k, who)
}

// Replace does that. It is false, and changes nothing, when it may not.
func (p *Picker) Replace(w *Want, b bt.Block, who bt.ConnID) bool {
	if !p.MayReplace(w, b, who) {
		return false
	}
	pt, k := p.find(b)
	pt.withdraw(k, who)
	pt.request(k, w.Peer)
	w.Last, w.Why = b.Piece, TakenOver
	return true
}

// contested is the partial and the number of a block that others are asked for, and that this peer may be asked for in
// end-game; or nil.
func (p *Picker) contested(w *Want, b bt.Block) (*partial, uint32) {
	pt, k := p.find(b)
	if pt == nil || !p.EndGame() || w.Parole || w.Snubbed || !w.has(b.Piece) || pt.blocks[k].state != requested || pt.asked(k, w.Peer) {
		return nil, 0
	}
	return pt, k
}
