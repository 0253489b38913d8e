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
	have   []bool      // by piece
	peers  []peerHas   // those counted in availability
	blocks [][]slot    // by piece, by block
	last   []bt.ConnID // by piece: who was given a block last since it was begun
	kept   []bool      // by piece: and that was on parole
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
	o := &oracle{g: g, have: make([]bool, n), blocks: make([][]slot, n), last: make([]bt.ConnID, n), kept: make([]bool, n)}
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

// choices are the blocks that may be chosen for a peer next, when so many were chosen for it in the
// same call before.
func (o *oracle) choices(w *Want, before int) []bt.Block {
	if list := o.begun(w); list != nil {
		return list
	}
	if list := o.fresh(w); list != nil {
		return firstBlocks(o, list)
	}
	usable := func(i uint32) bool { return o.open(i) && w.has(i) && !w.Parole }
	if list := o.pieces(usable); list != nil {
		return firstBlocks(o, o.bestBegun(w, list))
	}
	if before == 0 && w.EndGame && !w.Parole && o.endGame() {
		return o.again(w)
	}
	return nil
}

// begun are the choices among the pieces that are begun and not kept for another peer.
func (o *oracle) begun(w *Want) []bt.Block {
	suits := func(i uint32) bool {
		return o.open(i) && w.has(i) && (!w.Parole || o.exclusive(i, w.Peer))
	}
	mine := o.pieces(func(i uint32) bool { return suits(i) && o.last[i] == w.Peer })
	if mine != nil {
		return firstBlocks(o, mine)
	}
	shared := o.pieces(func(i uint32) bool { return suits(i) && (!o.kept[i] || o.count(i, requested) == 0) })
	if shared != nil {
		return firstBlocks(o, o.bestBegun(w, shared))
	}
	return nil
}

// bestBegun is the one begun piece of a list that comes first.
func (o *oracle) bestBegun(w *Want, list []uint32) []uint32 {
	list = o.rarest(w, list)
	slices.SortStableFunc(list, func(a, b uint32) int { return o.count(a, free) - o.count(b, free) })
	return list[:1]
}

// fresh are the pieces that may be begun for the peer.
func (o *oracle) fresh(w *Want) []uint32 {
	list := o.pieces(func(i uint32) bool { return o.untouched(i) && w.has(i) })
	for _, s := range w.Suggest {
		if slices.Contains(list, s) {
			return []uint32{s}
		}
	}
	if w.Only == nil && o.verified() < RandomFirst {
		return list
	}
	return o.rarest(w, list)
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

// again are the blocks that others are asked for and the fewest of each piece.
func (o *oracle) again(w *Want) (list []bt.Block) {
	for _, i := range o.pieces(func(i uint32) bool { return !o.have[i] && w.has(i) }) {
		fewest := 1 << 30
		for pass := range 2 {
			for k, b := range o.blocks[i] {
				if b.state != requested || slices.Contains(b.asked, w.Peer) {
					continue
				}
				if pass == 0 {
					fewest = min(fewest, len(b.asked))
				} else if len(b.asked) == fewest {
					list = append(list, o.g.BlockAt(i, uint32(k)))
				}
			}
		}
	}
	return list
}

// firstBlocks is the first free block of each piece.
func firstBlocks(o *oracle, pieces []uint32) (list []bt.Block) {
	for _, i := range pieces {
		k := slices.IndexFunc(o.blocks[i], func(b slot) bool { return b.state == free })
		list = append(list, o.g.BlockAt(i, uint32(k)))
	}
	return list
}

// give notes that a peer is asked for a block.
func (o *oracle) give(w *Want, b bt.Block) {
	s := o.at(b)
	if s.state == free {
		o.last[b.Piece], o.kept[b.Piece] = w.Peer, w.Parole
	}
	s.state = requested
	s.asked = append(s.asked, w.Peer)
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
		o.last[b.Piece], o.kept[b.Piece] = 0, false
	}
}

// fail makes the whole piece untouched.
func (o *oracle) fail(piece uint32) {
	clear(o.blocks[piece])
	o.last[piece], o.kept[piece] = 0, false
}
