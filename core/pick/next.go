package pick

import (
	"math"
	"slices"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// Want is a peer that could be asked for blocks.
type Want struct {
	Peer    bt.ConnID
	Have    *bitset.BitSet // what the peer has; nil is nothing
	Seed    bool           // it has all, whatever Have says
	Only    []uint32       // not nil: nothing but these pieces (allowed fast, while it chokes us)
	Suggest []uint32       // pieces it would rather be asked for, best first; advice only
	Parole  bool           // only pieces that nobody else has a part in (PCK-9)
	Snubbed bool           // from the common end of the order (PCK-6)
	EndGame bool           // may be given one block that others are asked for (PCK-5); set only if it has no request outstanding
}

// has tells whether the peer can be asked for the piece, as far as its supply and Only go. Any
// number is allowed for piece.
func (w *Want) has(piece uint32) bool {
	if !w.Seed && (w.Have == nil || !w.Have.Test(uint(piece))) {
		return false
	}
	return w.Only == nil || slices.Contains(w.Only, piece)
}

// word is the word of the peer's set at index i.
func (w *Want) word(i int) uint64 {
	switch {
	case w.Seed:
		return math.MaxUint64
	case w.Have == nil || i >= len(w.Have.Words()):
		return 0
	}
	return w.Have.Words()[i]
}

// Next chooses up to n blocks to ask a peer for, best first, appends them to out, and counts
// them as requested of that peer. Fewer mean that there is nothing else to ask it for now.
func (p *Picker) Next(w *Want, n int, out []bt.Block) []bt.Block {
	before := len(out)
	for n > 0 {
		pt := p.choose(w)
		if pt == nil {
			break
		}
		given := min(n, int(pt.frees))
		out = p.give(pt, w, given, out)
		n -= given
	}
	if n > 0 && len(out) == before && w.EndGame && !w.Parole {
		out = p.again(w, out)
	}
	return out
}

// give hands out n free blocks of the piece, in ascending order.
func (p *Picker) give(pt *partial, w *Want, n int, out []bt.Block) []bt.Block {
	for range n {
		k := pt.lowest()
		pt.request(k, w.Peer)
		out = append(out, pt.name(k))
	}
	pt.last, pt.reserved = w.Peer, w.Parole
	p.hints[w.Peer%hints] = pt
	p.begun.settle(pt)
	return out
}

// choose gives the piece whose free blocks the peer is asked for next, or nil. A piece that
// is kept for a peer on parole comes after all others: better shared than left.
func (p *Picker) choose(w *Want) *partial {
	pt, fit := p.bestOpen(w)
	if fit == own || fit == shared {
		return pt
	}
	if piece, ok := p.fresh(w); ok {
		return p.begin(piece)
	}
	return pt
}

// fit is how well a begun piece suits a peer, best first.
type fit uint8

const (
	own    fit = iota // the peer was given a block of it last
	shared            // others were
	kept              // another peer works on it alone, on parole
	unfit             // the peer cannot be asked for it
)

// fit tells how well a begun piece suits a peer.
func (pt *partial) fit(w *Want) fit {
	switch {
	case !w.has(pt.piece), w.Parole && !pt.only(w.Peer):
		return unfit
	case pt.last == w.Peer:
		return own
	case pt.reserved && pt.asks > 0:
		return kept
	}
	return shared
}

// hints is how many peers' own pieces are found without a search: a prime, since ids are handed
// out one after another from two starts.
const hints = 251

// bestOpen is the begun piece with free blocks that suits the peer best, and how well; or nil
// and unfit.
func (p *Picker) bestOpen(w *Want) (*partial, fit) {
	if pt := p.hints[w.Peer%hints]; pt != nil && p.begun.isOpen(pt) && pt.fit(w) == own {
		return pt, own
	}
	var best *partial
	bestFit := unfit
	for _, pt := range p.begun.open {
		f := pt.fit(w)
		if f == own {
			return pt, own
		}
		if f < bestFit || f == bestFit && f != unfit && p.before(w, pt, best) {
			best, bestFit = pt, f
		}
	}
	return best, bestFit
}

// before tells whether the peer is rather asked for begun piece a than b: the rarer one, of
// equals the more complete one.
func (p *Picker) before(w *Want, a, b *partial) bool {
	x, y := p.ranks.avail[a.piece], p.ranks.avail[b.piece]
	switch {
	case x != y:
		return x < y != w.Snubbed
	case a.frees != b.frees:
		return a.frees < b.frees
	}
	return a.piece < b.piece
}

// again gives one block that other peers are asked for, in end-game: of a random piece a block
// that the fewest are asked for.
func (p *Picker) again(w *Want, out []bt.Block) []bt.Block {
	full := p.begun.full
	if !p.EndGame() || len(full) == 0 {
		return out
	}
	from := p.rng.IntN(len(full))
	for i := range full {
		pt := full[(from+i)%len(full)]
		if pt.asks == 0 || !w.has(pt.piece) {
			continue
		}
		if k, ok := pt.leastAsked(w.Peer, p.rng.IntN(len(pt.blocks))); ok {
			pt.request(k, w.Peer)
			return append(out, pt.name(k))
		}
	}
	return out
}

// leastAsked is the requested block that the fewest peers, and not this one, are asked for; of
// equals the first at or after block from, going round.
func (pt *partial) leastAsked(who bt.ConnID, from int) (uint32, bool) {
	best, fewest := 0, uint8(maxAsked)
	for i := range pt.blocks {
		k := (from + i) % len(pt.blocks)
		b := &pt.blocks[k]
		if b.state == requested && b.asked < fewest && !pt.asked(uint32(k), who) {
			best, fewest = k, b.asked
		}
	}
	return uint32(best), fewest < maxAsked
}
