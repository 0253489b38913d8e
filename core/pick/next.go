package pick

import "peerwire/core/bt"

// MaxOpen is how many blocks the begun pieces with a free block may have together, of which new ones are still begun: beyond that
// peers share pieces. If each went on alone, everybody would have parts of many pieces and nothing to give on;
// docs/picker.md has figures.
const MaxOpen = 2048 // [PCK-14]

// Next chooses up to n blocks to ask a peer for, best first, appends them to out, and counts
// them as requested of that peer. Fewer mean that there is nothing else to ask it for now, unless it is for the same
// as another: see Again. [PCK-3]
func (p *Picker) Next(w *Want, n int, out []bt.Block) []bt.Block {
	w.Why, w.New = Nothing, false
	for n > 0 {
		piece, why := p.choose(w)
		if why == Nothing {
			break
		}
		pt := p.begun.of(piece)
		if pt == nil {
			pt, w.New = p.begin(piece), true
		}
		given := min(n, int(pt.frees))
		out = p.give(pt, w, given, out)
		w.Why = why
		n -= given
	}
	return out
}

// give hands out n free blocks of the piece, in ascending order.
func (p *Picker) give(pt *partial, w *Want, n int, out []bt.Block) []bt.Block {
	pt.reserved = w.Parole
	pt.slow = w.Snubbed && (pt.slow || pt.asks == 0)
	for range n {
		k := pt.lowest()
		pt.request(k, w.Peer)
		out = append(out, pt.name(k))
	}
	w.Last = pt.piece
	p.begun.settle(pt)
	return out
}

// choose gives the piece whose free blocks the peer is asked for next, and why; or Nothing. [PCK-3]
func (p *Picker) choose(w *Want) (piece uint32, why Reason) {
	if piece, why = p.resume(w); why != Nothing {
		return piece, why
	}
	begins := w.Parole || p.begun.open()*int(p.begun.blocks) <= MaxOpen
	if begins {
		if piece, why = p.fresh(w); why != Nothing {
			return piece, why
		}
	}
	if w.Parole { // PCK-9
		return 0, Nothing
	}
	if pt := p.best(w, busy, Joined); pt != nil {
		if !begins {
			return pt.piece, Crowded
		}
		return pt.piece, Joined
	}
	if !begins {
		if piece, why = p.fresh(w); why != Nothing {
			return piece, why
		}
	}
	if pt := p.best(w, busy, Shared); pt != nil {
		return pt.piece, Shared
	}
	return 0, Nothing
}

// resume gives the begun piece that the peer is rather asked for than for a new one; or Nothing.
func (p *Picker) resume(w *Want) (piece uint32, why Reason) {
	if pt := p.begun.of(w.Last); pt != nil && pt.frees > 0 && w.has(pt.piece) && pt.suits(w, Own) {
		return pt.piece, Own
	}
	if w.Parole {
		if pt := p.best(w, left, Own); pt != nil {
			return pt.piece, Own
		}
		if pt := p.best(w, busy, Own); pt != nil {
			return pt.piece, Own
		}
		return 0, Nothing
	}
	if pt := p.best(w, left, Left); pt != nil {
		return pt.piece, Left
	}
	if w.Snubbed {
		if pt := p.best(w, busy, Clustered); pt != nil {
			return pt.piece, Clustered
		}
	}
	return 0, Nothing
}

// best is the piece of a list that the peer is asked for first, of those that suit it; nil when none does. What the peer has is looked at
// last: the sets of many peers are in no cache.
func (p *Picker) best(w *Want, in listed, why Reason) *partial {
	list := p.begun.lists[in]
	if len(list) > 1 {
		p.ranks.settle()
	}
	var best *entry
	for i := range list {
		e := &list[i]
		if (best == nil || p.before(w, e, best)) && w.has(e.piece) && e.pt.suits(w, why) {
			best = e
		}
	}
	if best == nil {
		return nil
	}
	return best.pt
}

// suits tells whether a peer that has a begun piece can be asked for it for a reason.
func (pt *partial) suits(w *Want, why Reason) bool {
	switch why {
	case Own:
		if w.Parole {
			return pt.only(w.Peer)
		}
		return pt.hasPart(w.Peer) && (!w.Snubbed || pt.slow || pt.asks == 0)
	case Clustered:
		return pt.slow && !pt.reserved
	case Joined:
		return !pt.reserved
	}
	return true
}

// before tells whether the peer is rather asked for begun piece a than b: the rarer one, of
// equals the more complete one.
func (p *Picker) before(w *Want, a, b *entry) bool {
	x, y := p.ranks.avail(a.piece), p.ranks.avail(b.piece)
	switch {
	case x != y:
		return x < y != w.Snubbed
	case a.frees != b.frees:
		return a.frees < b.frees
	}
	return a.piece < b.piece
}
