package pick

import (
	"math"
	"math/bits"
)

// stride is how many pieces are tried in order of rarity before it is counted how many there
// are at all that will do. Counting takes a step for every 64 pieces of the torrent.
const stride = 1024

// fresh gives the untouched piece to begin for the peer, and why; or Nothing.
func (p *Picker) fresh(w *Want) (piece uint32, why Reason) {
	if p.ranks.listed == 0 {
		return 0, Nothing
	}
	for _, piece := range w.Suggest {
		if p.untouched.Test(uint(piece)) && w.has(piece) {
			return piece, Suggested // FST-10
		}
	}
	p.ranks.settle()
	var ok bool
	why = Rarest
	if w.Snubbed {
		why = Commonest
	}
	switch {
	case w.Only != nil:
		piece, ok = p.rarestOnly(w)
	case p.blind, p.g.NumPieces()-p.missing < RandomFirst: // PCK-19
		why = AtRandom
		piece, ok = p.random(w)
	default:
		piece, ok = p.rarest(w)
	}
	if !ok {
		why = Nothing
	}
	return piece, why
}

// rarest is the untouched piece that comes first in order of rarity, of those that the peer has.
func (p *Picker) rarest(w *Want) (uint32, bool) {
	piece, ok, tried := p.walk(w, stride)
	if !ok && tried == stride {
		return p.rarestFar(w)
	}
	return piece, ok
}

// rarestOnly is the rarest untouched piece of Only. These are few.
func (p *Picker) rarestOnly(w *Want) (best uint32, ok bool) {
	for _, piece := range w.Only {
		if p.untouched.Test(uint(piece)) && w.has(piece) && (!ok || p.rarer(w, piece, best)) {
			best, ok = piece, true
		}
	}
	return best, ok
}

// rarer tells whether the peer is rather asked for untouched piece a than b.
func (p *Picker) rarer(w *Want, a, b uint32) bool {
	if w.Snubbed {
		return p.ranks.avail(a) > p.ranks.avail(b)
	}
	return p.ranks.avail(a) < p.ranks.avail(b)
}

// random is the first untouched piece that the peer has at or after a random one, going round.
func (p *Picker) random(w *Want) (uint32, bool) {
	words := p.untouched.Words()
	from := p.rng.Uint32N(p.g.NumPieces())
	first, mask := int(from/64), uint64(math.MaxUint64)<<(from%64)
	for i := range len(words) + 1 { // the first word comes twice: its upper part, then its lower
		at := first + i
		if at >= len(words) {
			at -= len(words)
		}
		if word := words[at] & w.word(at) & mask; word != 0 {
			return uint32(at*64 + bits.TrailingZeros64(word)), true
		}
		mask = math.MaxUint64
	}
	return 0, false
}

// walk tries the untouched pieces in order of rarity, in each tier from a random one on, up to a
// number of them. It gives the first that the peer has, and how many it tried in vain.
func (p *Picker) walk(w *Want, limit int) (piece uint32, ok bool, tried int) {
	tiers := len(p.ranks.live)
	for i := range tiers {
		if w.Snubbed {
			i = tiers - 1 - i
		}
		start, listed := p.ranks.tier(i)
		if listed == 0 {
			continue
		}
		from := p.rng.IntN(listed)
		for _, run := range [2]struct{ from, n int }{{from, listed - from}, {0, from}} {
			first, n := start+uint32(run.from), min(run.n, limit-tried)
			if at := p.ranks.order.first(w, first, n); at >= 0 {
				return p.ranks.order.at(first + uint32(at)), true, tried + at
			}
			tried += n
		}
		if tried == limit {
			break
		}
	}
	return 0, false, tried
}

// rarestFar is the rarest untouched piece for a peer that has none of the very rarest. It
// walks on when it has most of them, and looks at each that it has otherwise, so that at most half of
// the pieces are looked at.
func (p *Picker) rarestFar(w *Want) (uint32, bool) {
	common := 0
	for i, word := range p.untouched.Words() {
		common += bits.OnesCount64(word & w.word(i))
	}
	switch {
	case common == 0:
		return 0, false
	case common > int(p.ranks.listed)/2:
		piece, ok, _ := p.walk(w, math.MaxInt)
		return piece, ok
	}
	return p.rarestCommon(w), true
}

// rarestCommon is the rarest of the untouched pieces that the peer has, of which there is one,
// of equals the first at or after a random place, going round.
func (p *Picker) rarestCommon(w *Want) (best uint32) {
	r, words := &p.ranks, p.untouched.Words()
	low, high := uint32(math.MaxUint32), uint32(0) // the tier of the best stands from low until before high
	from := p.rng.IntN(len(words))
	for i := range words {
		at := from + i
		if at >= len(words) {
			at -= len(words)
		}
		for word := words[at] & w.word(at); word != 0; word &= word - 1 {
			piece := uint32(at*64 + bits.TrailingZeros64(word))
			if at := r.pos.at(piece); !w.Snubbed && at < low || w.Snubbed && at >= high {
				tier := r.avail(piece)
				best, low, high = piece, r.start[tier], r.start[tier+1]
			}
		}
	}
	return best
}
