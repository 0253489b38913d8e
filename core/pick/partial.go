package pick

import (
	"math"
	"math/bits"

	"peerwire/core/bt"
)

// state is what has become of one block of a begun piece.
type state uint8

const (
	free      state = iota // neither here nor asked for
	requested              // asked for, of at least one peer
	received               // here, but not on disk
	stored                 // on disk
)

// maxAsked is how many peers are asked for one block at a time, at most. Only end-game asks
// more than one.
const maxAsked = math.MaxUint8

// block is one block of a begun piece.
type block struct {
	who   bt.ConnID // requested: the first of those asked for it; then: who sent it
	state state
	asked uint8 // requested: how many are asked for it
}

// ask is a request for a block beside the first one for it.
type ask struct {
	block uint32
	who   bt.ConnID
}

// partial is a begun piece: at least one of its blocks is not free.
//
// A claim is one peer's part in one block: a request, or the block itself once it is here. It is
// counted whether all claims are one peer's, which is what parole asks.
type partial struct {
	piece  uint32
	size   uint32 // bytes
	slot   uint32 // its index in partials.slots
	at     uint32 // its index in partials.open, or in partials.full when no block is free
	blocks []block
	free   []uint64 // bit k is set while block k is free
	low    uint32   // no word of free before this one has a bit set
	extra  []ask

	frees, asks, stores uint32 // blocks in state free, requested, stored

	age uint8 // rounds since a block came, or since it was begun; at most staleAge

	last     bt.ConnID // the peer that was given a block last
	reserved bool      // that peer was on parole: the piece is kept for it while it works on it

	sole   bt.ConnID // a peer with a claim, if there is one
	solely uint32    // claims of that peer
	claims uint32    // claims of all peers
}

// reset makes the partial one of the given piece, of which every block is free.
func (pt *partial) reset(piece, size uint32) {
	n := (size-1)/bt.BlockSize + 1
	*pt = partial{
		piece: piece, size: size, slot: pt.slot, frees: n,
		blocks: pt.blocks[:n], free: pt.free[:(n+63)/64], extra: pt.extra[:0],
	}
	clear(pt.blocks)
	for i := range pt.free {
		pt.free[i] = math.MaxUint64
	}
	if rest := n % 64; rest != 0 {
		pt.free[len(pt.free)-1] = 1<<rest - 1
	}
}

// name is block k as everybody else names it.
func (pt *partial) name(k uint32) bt.Block {
	begin := k * bt.BlockSize
	return bt.Block{Piece: pt.piece, Begin: begin, Length: min(bt.BlockSize, pt.size-begin)}
}

// find is the number of the block, and whether it is one of this piece, whole and aligned.
func (pt *partial) find(b bt.Block) (uint32, bool) {
	k := b.Begin / bt.BlockSize
	return k, k < uint32(len(pt.blocks)) && b == pt.name(k)
}

// lowest is the free block that comes first; there must be one.
func (pt *partial) lowest() uint32 {
	for pt.free[pt.low] == 0 {
		pt.low++
	}
	return pt.low*64 + uint32(bits.TrailingZeros64(pt.free[pt.low]))
}

// setFree makes block k free.
func (pt *partial) setFree(k uint32) {
	pt.blocks[k] = block{}
	pt.free[k/64] |= 1 << (k % 64)
	pt.low = min(pt.low, k/64)
	pt.frees++
}

// clearFree takes block k from the free ones; the caller sets its state.
func (pt *partial) clearFree(k uint32) {
	pt.free[k/64] &^= 1 << (k % 64)
	pt.frees--
}

// request notes that a peer is asked for block k, which is free or requested of others only.
func (pt *partial) request(k uint32, who bt.ConnID) {
	b := &pt.blocks[k]
	if b.state == free {
		pt.clearFree(k)
		pt.asks++
		*b = block{who: who, state: requested}
	} else {
		pt.extra = append(pt.extra, ask{k, who})
	}
	b.asked++
	pt.claim(who)
}

// asked tells whether the peer is asked for block k.
func (pt *partial) asked(k uint32, who bt.ConnID) bool {
	b := &pt.blocks[k]
	if b.state != requested {
		return false
	}
	return b.who == who || b.asked > 1 && pt.findExtra(k, who) >= 0
}

// findExtra is the index in extra of that peer's request for block k, or -1.
func (pt *partial) findExtra(k uint32, who bt.ConnID) int {
	for i, a := range pt.extra {
		if a.block == k && a.who == who {
			return i
		}
	}
	return -1
}

// anyExtra is the index in extra of some request for block k, which is asked of several peers.
func (pt *partial) anyExtra(k uint32) int {
	for i, a := range pt.extra {
		if a.block == k {
			return i
		}
	}
	panic("BUG: a block is asked of more peers than are known")
}

// dropExtra takes the request at index i from extra and tells whose it was.
func (pt *partial) dropExtra(i int) bt.ConnID {
	who, end := pt.extra[i].who, len(pt.extra)-1
	pt.extra[i] = pt.extra[end]
	pt.extra = pt.extra[:end]
	return who
}

// withdraw ends a peer's request for block k; when it was the last, the block is free. It does
// nothing when the peer is not asked for it.
func (pt *partial) withdraw(k uint32, who bt.ConnID) {
	b := &pt.blocks[k]
	switch {
	case !pt.asked(k, who):
		return
	case b.asked == 1:
		pt.asks--
		pt.setFree(k)
	case b.who == who:
		b.who = pt.dropExtra(pt.anyExtra(k))
		b.asked--
	default:
		pt.dropExtra(pt.findExtra(k, who))
		b.asked--
	}
	pt.unclaim(who)
}

// receive notes that a peer sent block k, which is free or requested. Every request for it
// ends; it tells whether another peer was asked.
func (pt *partial) receive(k uint32, who bt.ConnID) (others bool) {
	b := &pt.blocks[k]
	before := *b
	if before.state == free {
		pt.clearFree(k)
	}
	*b = block{who: who, state: received}
	pt.age = 0
	pt.claim(who)
	if before.state == free {
		return false
	}
	pt.asks--
	pt.unclaim(before.who)
	for before.asked > 1 {
		pt.unclaim(pt.dropExtra(pt.anyExtra(k)))
		before.asked--
		others = true
	}
	return others || before.who != who
}

// claim counts one more claim of a peer.
func (pt *partial) claim(who bt.ConnID) {
	if pt.claims == 0 {
		pt.sole = who
	}
	if pt.sole == who {
		pt.solely++
	}
	pt.claims++
}

// unclaim counts one claim less of a peer, after the claim itself is gone.
func (pt *partial) unclaim(who bt.ConnID) {
	pt.claims--
	if pt.sole != who {
		return
	}
	if pt.solely--; pt.solely == 0 && pt.claims > 0 {
		pt.elect()
	}
}

// elect makes the first claimant the one whose claims are counted.
func (pt *partial) elect() {
	for i := range pt.blocks {
		b := &pt.blocks[i]
		if b.state == free {
			continue
		}
		if pt.solely == 0 {
			pt.sole = b.who
		}
		if b.who == pt.sole {
			pt.solely++
		}
	}
	for _, a := range pt.extra {
		if a.who == pt.sole {
			pt.solely++
		}
	}
}

// only tells whether every claim is that peer's.
func (pt *partial) only(who bt.ConnID) bool { return pt.sole == who && pt.solely == pt.claims }
