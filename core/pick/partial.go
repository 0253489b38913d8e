package pick

import (
	"slices"

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

// block is one block of a begun piece.
type block struct {
	who   bt.ConnID // requested: the first who is asked for it; then: who sent it
	state state
	twice bool // requested: somebody else is asked for it too
}

// ask is a second request for a block. [PCK-12]
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
	at     uint32 // its index in the list that it stands in
	in     listed
	blocks []block
	extra  *[]ask // nil before the first, which most never see
	low    uint32 // no block before this one is free

	frees, asks, stores uint32 // blocks in state free, requested, stored

	age      uint8 // rounds since a block came, or since it was begun; at most staleAge
	reserved bool  // who was given a free block last was on parole: the piece is kept for it while it works on it
	slow     bool  // all that were given free blocks since nobody worked on it were snubbed

	sole   bt.ConnID // a peer with a claim, if there is one
	solely uint32    // claims of that peer
	claims uint32    // claims of all peers
}

// reset makes the partial one of the given piece, of which every block is free.
func (pt *partial) reset(piece, size uint32) {
	n := (size-1)/bt.BlockSize + 1
	*pt = partial{
		piece: piece, size: size, frees: n,
		blocks: pt.blocks[:n], extra: pt.extra,
	}
	clear(pt.blocks)
	if pt.extra != nil {
		*pt.extra = (*pt.extra)[:0]
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
	for pt.blocks[pt.low].state != free {
		pt.low++
	}
	return pt.low
}

// setFree makes block k free.
func (pt *partial) setFree(k uint32) {
	pt.blocks[k] = block{}
	pt.low = min(pt.low, k)
	pt.frees++
}

// request notes that a peer is asked for block k, which is free or requested of one other.
func (pt *partial) request(k uint32, who bt.ConnID) {
	if b := &pt.blocks[k]; b.state == free {
		pt.frees--
		pt.asks++
		*b = block{who: who, state: requested}
	} else {
		b.twice = true
		if pt.extra == nil {
			pt.extra = new([]ask)
		}
		*pt.extra = append(*pt.extra, ask{k, who})
	}
	pt.claim(who)
}

// asked tells whether the peer is asked for block k.
func (pt *partial) asked(k uint32, who bt.ConnID) bool {
	b := &pt.blocks[k]
	return b.state == requested && (b.who == who || b.twice && (*pt.extra)[pt.second(k)].who == who)
}

// seconds lists the second requests.
func (pt *partial) seconds() []ask {
	if pt.extra == nil {
		return nil
	}
	return *pt.extra
}

// second is the index in extra of the second request for block k; there must be one.
func (pt *partial) second(k uint32) int {
	for i, a := range pt.seconds() {
		if a.block == k {
			return i
		}
	}
	panic("BUG: a block is asked of a second peer that is not known")
}

// dropSecond ends the second request for block k and tells whose it was.
func (pt *partial) dropSecond(k uint32) bt.ConnID {
	i, extra := pt.second(k), *pt.extra
	end, who := len(extra)-1, extra[i].who
	extra[i] = extra[end]
	*pt.extra = extra[:end]
	pt.blocks[k].twice = false
	return who
}

// withdraw ends a peer's request for block k; when it was the only one, the block is free. It does
// nothing when the peer is not asked for it.
func (pt *partial) withdraw(k uint32, who bt.ConnID) {
	b := &pt.blocks[k]
	switch {
	case !pt.asked(k, who):
		return
	case !b.twice:
		pt.asks--
		pt.setFree(k)
	case b.who == who:
		b.who = pt.dropSecond(k)
	default:
		pt.dropSecond(k)
	}
	pt.unclaim(who)
}

// receive notes that a peer sent block k, which is free or requested. Every request for it
// ends; it tells whether another peer was asked.
func (pt *partial) receive(k uint32, who bt.ConnID) (others bool) {
	b := &pt.blocks[k]
	before := *b
	*b = block{who: who, state: received}
	pt.age = 0
	pt.claim(who)
	if before.state == free {
		pt.frees--
		return false
	}
	pt.asks--
	pt.unclaim(before.who)
	if before.twice {
		pt.unclaim(pt.dropSecond(k))
	}
	return before.who != who || before.twice
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
	for _, a := range pt.seconds() {
		if a.who == pt.sole {
			pt.solely++
		}
	}
}

// only tells whether every claim is that peer's.
func (pt *partial) only(who bt.ConnID) bool { return pt.sole == who && pt.solely == pt.claims }

// hasPart tells whether the peer has a claim: it is asked for a block, or has sent one.
func (pt *partial) hasPart(who bt.ConnID) bool {
	if pt.sole == who {
		return pt.solely > 0
	}
	for i := range pt.blocks {
		if b := &pt.blocks[i]; b.state != free && b.who == who {
			return true
		}
	}
	return slices.ContainsFunc(pt.seconds(), func(a ask) bool { return a.who == who })
}
