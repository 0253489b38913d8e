package pick

import (
	"slices"

	"peerwire/core/bt"
)

// oracle is the Picker's meaning, written down without any thought of speed: what is known of each
// block, and from that the set of blocks that may be chosen next. Where the Picker leaves something
// to chance, the set has more than one member.
type oracle struct {
	g      bt.Geometry
	have   []bool    // by piece
	peers  []peerHas // those counted in availability
	blocks [][]slot  // by piece, by block
	kept   []bool    // by piece: who was given a free block last was on parole
	slow   []bool    // by piece: all who were given free blocks since it was left, or untouched, were snubbed
}

// peerHas is a counted peer: a seed, or its pieces.
type peerHas struct {
	id   bt.ConnID
	seed bool
	has  []bool
}

// slot is one block: who is asked for it, in order, or who sent it.
type slot struct {
	state  state
	asked  []bt.ConnID
	sender bt.ConnID
}

func newOracle(g bt.Geometry) *oracle {
	n := g.NumPieces()
	o := &oracle{g: g, have: make([]bool, n), blocks: make([][]slot, n), kept: make([]bool, n), slow: make([]bool, n)}
	for i := range n {
		o.blocks[i] = make([]slot, g.NumBlocks(i))
	}
	return o
}

func (o *oracle) avail(piece uint32) (n uint32) {
	for _, p := range o.peers {
		if p.seed || p.has[piece] {
			n++
		}
	}
	return n
}

func (o *oracle) count(piece uint32, s state) (n int) {
	for _, b := range o.blocks[piece] {
		if b.state == s {
			n++
		}
	}
	return n
}

func (o *oracle) untouched(piece uint32) bool {
	return !o.have[piece] && o.count(piece, free) == len(o.blocks[piece])
}

func (o *oracle) open(piece uint32) bool {
	return !o.have[piece] && !o.untouched(piece) && o.count(piece, free) > 0
}

func (o *oracle) verified() (n int) {
	for _, have := range o.have {
		if have {
			n++
		}
	}
	return n
}

func (o *oracle) at(b bt.Block) *slot { return &o.blocks[b.Piece][b.Begin/bt.BlockSize] }

// pieces are those that satisfy f, in order.
func (o *oracle) pieces(f func(uint32) bool) (list []uint32) {
	for i := range o.g.NumPieces() {
		if f(i) {
			list = append(list, i)
		}
	}
	return list
}

// exclusive tells whether every block of the piece that is not free is that peer's alone.
func (o *oracle) exclusive(piece uint32, who bt.ConnID) bool {
	for _, b := range o.blocks[piece] {
		switch {
		case b.state == requested && (len(b.asked) != 1 || b.asked[0] != who),
			b.state > requested && b.sender != who:
			return false
		}
	}
	return true
}

// part tells whether the peer is asked for a block of the piece, or has sent one.
func (o *oracle) part(piece uint32, who bt.ConnID) bool {
	return slices.ContainsFunc(o.blocks[piece], func(b slot) bool {
		return slices.Contains(b.asked, who) || b.state > requested && b.sender == who
	})
}

// choices are the pieces of which a peer may be asked for the first free block next, and why. [PCK-3]
func (o *oracle) choices(w *Want) ([]uint32, Reason) {
	open := func(f func(uint32) bool) []uint32 {
		return o.pieces(func(i uint32) bool { return o.open(i) && w.has(i) && f(i) })
	}
	asked := func(i uint32) bool { return o.count(i, requested) > 0 }
	own := open(func(i uint32) bool {
		switch {
		case w.Parole:
			return o.exclusive(i, w.Peer) // PCK-9
		case i != w.Last || !o.part(i, w.Peer):
			return false
		case w.Snubbed:
			return o.slow[i] || !asked(i)
		}
		return true
	})
	switch {
	case slices.Contains(own, w.Last):
		return []uint32{w.Last}, Own
	case own != nil:
		if left := slices.DeleteFunc(slices.Clone(own), asked); len(left) > 0 {
			own = left
		}
		return o.bestBegun(w, own), Own
	case w.Parole:
		return o.fresh(w)
	}
	steps := []step{{open(func(i uint32) bool { return !asked(i) }), Left}}
	if w.Snubbed {
		steps = append(steps, step{open(func(i uint32) bool { return asked(i) && o.slow[i] && !o.kept[i] }), Clustered})
	}
	fresh, why := o.fresh(w)
	join := Crowded
	if !o.crowded() {
		steps = append(steps, step{fresh, why})
		join = Joined
	}
	steps = append(steps,
		step{open(func(i uint32) bool { return asked(i) && !o.kept[i] }), join},
		step{fresh, why},
		step{open(asked), Shared})
	for _, s := range steps {
		switch {
		case s.pieces == nil:
		case s.why == why:
			return s.pieces, why
		default:
			return o.bestBegun(w, s.pieces), s.why
		}
	}
	return nil, Nothing
}

// step is one step of the order in which pieces are chosen.
type step struct {
	pieces []uint32
	why    Reason
}

// crowded tells whether the begun pieces with free blocks have too many blocks for more. [PCK-14]
func (o *oracle) crowded() bool {
	return len(o.pieces(o.open))*len(o.blocks[0]) > 2048
}

// bestBegun is the one begun piece of a list that comes first. [PCK-15]
func (o *oracle) bestBegun(w *Want, list []uint32) []uint32 {
	list = o.rarest(w, list)
	slices.SortStableFunc(list, func(a, b uint32) int { return o.count(a, free) - o.count(b, free) })
	return list[:1]
}

// fresh are the pieces that may be begun for the peer, and why. [PCK-2] [PCK-6] [FST-10]
func (o *oracle) fresh(w *Want) ([]uint32, Reason) {
	list := o.pieces(func(i uint32) bool { return o.untouched(i) && w.has(i) })
	for _, s := range w.Suggest {
		if slices.Contains(list, s) {
			return []uint32{s}, Suggested
		}
	}
	switch {
	case list == nil:
		return nil, Nothing
	case w.Only == nil && o.verified() < 4:
		return list, AtRandom
	case w.Snubbed:
		return o.rarest(w, list), Commonest
	}
	return o.rarest(w, list), Rarest
}

// rarest are the rarest of the pieces, or the most common for a snubbed peer.
func (o *oracle) rarest(w *Want, list []uint32) (best []uint32) {
	for _, i := range list {
		x, y := int(o.avail(i)), 0
		if best != nil {
			y = int(o.avail(best[0]))
		}
		if w.Snubbed {
			x, y = -x, -y
		}
		switch {
		case best == nil || x < y:
			best = []uint32{i}
		case x == y:
			best = append(best, i)
		}
	}
	return best
}

// endGame tells whether every missing block is here or asked for.
func (o *oracle) endGame() bool {
	if o.verified() == len(o.have) {
		return false
	}
	return o.pieces(func(i uint32) bool { return !o.have[i] && o.count(i, free) > 0 }) == nil
}

// contested tells whether a block is asked of others, and a peer may be asked for it in end-game. [PCK-5] [PCK-9] [PCK-6]
func (o *oracle) contested(w *Want, b bt.Block) bool {
	s := o.at(b)
	return o.endGame() && w.has(b.Piece) && !w.Parole && !w.Snubbed && !o.have[b.Piece] &&
		s.state == requested && !slices.Contains(s.asked, w.Peer)
}

// repeatable tells whether a peer may be asked for a block that another is asked for. [PCK-12]
func (o *oracle) repeatable(w *Want, b bt.Block) bool {
	return o.contested(w, b) && len(o.at(b).asked) == 1
}

// replaceable tells whether a peer may be asked for a block in place of another. [PCK-18]
func (o *oracle) replaceable(w *Want, b bt.Block, who bt.ConnID) bool {
	return o.contested(w, b) && slices.Contains(o.at(b).asked, who)
}

// firstFree is the first free block of a piece; there must be one.
func (o *oracle) firstFree(piece uint32) bt.Block {
	k := slices.IndexFunc(o.blocks[piece], func(b slot) bool { return b.state == free })
	return o.g.BlockAt(piece, uint32(k))
}

// give notes that a peer is asked for a block.
func (o *oracle) give(w *Want, b bt.Block) {
	s := o.at(b)
	if s.state == free {
		o.slow[b.Piece] = w.Snubbed && (o.slow[b.Piece] || o.count(b.Piece, requested) == 0)
		o.kept[b.Piece] = w.Parole
	}
	s.state = requested
	s.asked = append(s.asked, w.Peer)
	w.Last = b.Piece
}

// abandon notes that a request is over.
func (o *oracle) abandon(b bt.Block, by bt.ConnID) {
	s := o.at(b)
	if i := slices.Index(s.asked, by); i >= 0 {
		if s.asked = slices.Delete(s.asked, i, i+1); len(s.asked) == 0 {
			o.free(b)
		}
	}
}

// receive notes that a block came.
func (o *oracle) receive(b bt.Block, by bt.ConnID) Outcome {
	s := o.at(b)
	if o.have[b.Piece] || s.state > requested {
		return Duplicate
	}
	others := slices.ContainsFunc(s.asked, func(who bt.ConnID) bool { return who != by })
	*s = slot{state: received, sender: by}
	if others {
		return Contested
	}
	return Fresh
}

// free makes a block free, and its piece untouched when it was the last.
func (o *oracle) free(b bt.Block) {
	*o.at(b) = slot{}
	if o.untouched(b.Piece) {
		o.slow[b.Piece], o.kept[b.Piece] = false, false
	}
}

// fail makes the whole piece untouched.
func (o *oracle) fail(piece uint32) {
	clear(o.blocks[piece])
	o.slow[piece], o.kept[piece] = false, false
}
