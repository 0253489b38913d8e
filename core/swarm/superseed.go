package swarm

import (
	"math/rand/v2"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// superSeed is what a torrent needs to choose the pieces that it shows to each peer. [SUP-1]
type superSeed struct {
	lots    *rand.Rand
	pieces  uint32
	rare    *bitset.BitSet // pieces that no peer has and none awaits [SUP-4]
	rares   uint32         // how many they are
	stale   bool           // there may be more of them by now
	unfit   *bitset.BitSet // memory of the last choice: pieces not to be shown to the peer
	awaited *bitset.BitSet // and pieces that some peer awaits
}

func newSuperSeed(pieces uint32, lots *rand.Rand) *superSeed {
	set := func() *bitset.BitSet { return bitset.New(uint(pieces)) }
	return &superSeed{lots: lots, pieces: pieces, rare: set(), stale: true, unfit: set(), awaited: set()}
}

// common takes a piece from the rare ones.
func (s *superSeed) common(i uint32) {
	if s.rare.Test(uint(i)) {
		s.rare.Clear(uint(i))
		s.rares--
	}
}

// show shows a peer what it is time to show: first two pieces, whatever they are, and then a rare one wherever a place is free. What has
// all been shown needs no more pretence. [SUP-3] [SUP-5] [SUP-7]
func (t *Torrent) show(p *peerfsm.Peer) {
	if !p.Pretending() || p.Seed() {
		return
	}
	if !p.Shown() {
		for n := 0; n < peerfsm.MaxAwaited && p.Unshown() > 0; n++ {
			t.showOne(p)
		}
	}
	for len(p.Awaited()) < peerfsm.MaxAwaited {
		i, ok := t.rarePiece(p)
		if !ok {
			break
		}
		t.showPiece(p, i)
	}
	if p.Unshown() == 0 {
		p.Reveal()
	}
}

// ShowAnother shows one more piece to a peer that wants none of those it was shown. [SUP-6]
func (t *Torrent) ShowAnother(p *peerfsm.Peer) {
	t.rec.Hit(clause.SUP6)
	t.showOne(p)
	t.super.stale = true // it may be that it awaits another one no more
	t.showMore()
}

// showOne shows a piece to a peer, which there is: a rare one, or else any. [SUP-4]
func (t *Torrent) showOne(p *peerfsm.Peer) {
	i, ok := t.rarePiece(p)
	if !ok {
		i = t.anyPiece(p)
	}
	t.showPiece(p, i)
}

func (t *Torrent) showPiece(p *peerfsm.Peer, i uint32) {
	t.rec.Hit(clause.SUP4)
	t.super.common(i)
	p.Show(i, t.picker.Availability(i) == 0)
}

// supplyTold follows a change of what a peer has. [SUP-5]
func (t *Torrent) supplyTold(f peerfsm.Fact) {
	if t.super == nil {
		return
	}
	if f.Kind == peerfsm.Gained {
		t.super.common(f.Piece)
	} else {
		t.super.stale = true
	}
	t.showMore()
}

// showMore looks which awaited pieces have spread, and shows rare ones for them. Whom the change came from is pumped after it, and
// needs no more than that where nothing is rare. [SUP-5]
func (t *Torrent) showMore() {
	alone := t.open() == 1
	for _, p := range t.members {
		if len(p.Awaited()) > 0 {
			p.Spread(func(i uint32) bool { return t.hasSpread(p, i, alone) })
		}
	}
	if t.recount(); t.super.rares == 0 {
		return
	}
	for _, m := range t.members {
		t.show(m)
		t.Arm(m)
	}
}

// open counts the open connections.
func (t *Torrent) open() (n int) {
	for _, m := range t.members {
		if m.Open() {
			n++
		}
	}
	return n
}

// hasSpread tells whether a piece that was shown to a peer has spread: another has it. Where there is no other, it is enough that the
// peer has it itself. [SUP-5]
func (t *Torrent) hasSpread(p *peerfsm.Peer, i uint32, alone bool) bool {
	n := t.picker.Availability(i)
	if p.Has(i) {
		return n > 1 || alone
	}
	return n > 0
}

// rarePiece finds a rare piece to show to a peer, by chance: the search begins anywhere. [SUP-4]
func (t *Torrent) rarePiece(p *peerfsm.Peer) (uint32, bool) {
	t.recount()
	s := t.super
	if s.rares == 0 {
		return 0, false
	}
	p.Unfit(s.unfit)
	fit := s.awaited // its memory
	fit.ClearAll()
	fit.InPlaceUnion(s.rare)
	fit.InPlaceDifference(s.unfit)
	i, ok := fit.NextSet(uint(s.lots.Uint32N(s.pieces)))
	if !ok {
		i, ok = fit.NextSet(0)
	}
	return uint32(i), ok
}

// recount finds the rare pieces anew, when there may be more than before.
func (t *Torrent) recount() {
	s := t.super
	if !s.stale {
		return
	}
	s.stale = false
	t.listAwaited()
	s.rare.ClearAll()
	s.rares = 0
	for i := range s.pieces {
		if t.picker.Availability(i) == 0 && !s.awaited.Test(uint(i)) {
			s.rare.Set(uint(i))
			s.rares++
		}
	}
}

func (t *Torrent) listAwaited() {
	t.super.awaited.ClearAll()
	for _, m := range t.members {
		for _, i := range m.Awaited() {
			t.super.awaited.Set(uint(i))
		}
	}
}

// anyPiece finds the piece to show to a peer, which there is, when none is rare: one that nobody awaits before one that somebody does, and of
// such the one that the fewest have. It is by chance which of equals it is, as the search begins anywhere. [SUP-4]
func (t *Torrent) anyPiece(p *peerfsm.Peer) (best uint32) {
	s := t.super
	p.Unfit(s.unfit)
	t.listAwaited()
	const much = 1 << 32 // more than any availability
	least := int64(2 * much)
	first := s.lots.Uint32N(s.pieces)
	for k := range s.pieces {
		i := (first + k) % s.pieces
		if s.unfit.Test(uint(i)) {
			continue
		}
		rank := int64(t.picker.Availability(i))
		if s.awaited.Test(uint(i)) {
			rank += much
		}
		if rank < least {
			best, least = i, rank
		}
	}
	return best
}
