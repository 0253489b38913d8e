package peerfsm

import (
	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// pretence is what a super-seed has told one peer of what it has: the announced truth where that is not the whole. Connections that
// were never super-seeded have none. [SUP-1]
type pretence struct {
	shown   *bitset.BitSet // pieces whose have was written; nil when the pretence is over
	lacked  uint32         // of those, the ones that the peer lacks
	any     bool           // the peer was shown a piece, or is to be
	ending  bool           // what was not shown is to be told [SUP-7]
	next    uint           // where to look on for what was not told, when ending
	due     bt.Instant     // when the peer is to be shown another; Never while it has something to ask for [SUP-6]
	awaited []uint32       // pieces, the oldest first, at most MaxAwaited, kept when the pretence is over [SUP-5]
}

// pretend begins to super-seed the connection. [SUP-1] [SUP-2]
func (p *Peer) pretend() {
	p.hit(clause.SUP1)
	p.hit(clause.SUP2)
	p.super = &pretence{shown: bitset.New(uint(p.rules().Pieces)), due: bt.Never}
}

// hides tells whether the peer has not been told all that we have.
func (p *Peer) hides() bool { return p.super != nil && p.super.shown != nil }

// announced tells whether we have said that we have piece i, which is one of the torrent's. [MSG-14] [SUP-3]
func (p *Peer) announced(i uint32) bool {
	return p.local.Have.Test(uint(i)) && (!p.hides() || p.super.shown.Test(uint(i)))
}

// untoldRest tells whether piece i is one of those that the peer was not told of, and will be if it is ours by then. [SUP-7]
func (p *Peer) untoldRest(i uint32) bool {
	if !p.hides() || p.super.shown.Test(uint(i)) {
		return false
	}
	p.super.next = min(p.super.next, uint(i))
	return true
}

// Pretending tells whether the connection is super-seeded, and pieces can be shown to the peer: it has said what it has, or
// is not bound to. [SUP-3]
func (p *Peer) Pretending() bool {
	return p.hides() && !p.super.ending && (p.supply.told && p.supply.nextBy == bt.Unexplained || !p.speaksFast)
}

// Shown tells whether a piece was shown to the peer, or is to be.
func (p *Peer) Shown() bool { return p.super.any }

// Awaited are the pieces that the peer was shown last and that have not spread.
func (p *Peer) Awaited() []uint32 {
	if p.super == nil {
		return nil
	}
	return p.super.awaited
}

// Spread forgets the awaited pieces that have spread. [SUP-5]
func (p *Peer) Spread(spread func(piece uint32) bool) {
	s := p.super
	kept := s.awaited[:0]
	for _, i := range s.awaited {
		if spread(i) {
			p.hit(clause.SUP5)
		} else {
			kept = append(kept, i)
		}
	}
	s.awaited = kept
}

// Unshown is how many pieces could be shown to the peer: it lacks them, and was not shown them. [SUP-7]
func (p *Peer) Unshown() uint32 {
	n := p.rules().Pieces - p.supply.count - p.super.lacked
	for i := range p.out.haves.len() {
		if !p.Has(*p.out.haves.at(i)) {
			n--
		}
	}
	return n
}

// Unfit puts into set the pieces that are not to be shown to the peer: those it has, and those it was shown or is to be. [SUP-4]
func (p *Peer) Unfit(set *bitset.BitSet) {
	set.ClearAll()
	set.InPlaceUnion(&p.supply.pieces)
	set.InPlaceUnion(p.super.shown)
	for i := range p.out.haves.len() {
		set.Set(uint(*p.out.haves.at(i)))
	}
}

// Show decides to show the peer a piece, which it then may await. When no more can be awaited, the one that was awaited longest makes
// room. [SUP-6]
func (p *Peer) Show(i uint32, await bool) {
	s := p.super
	if len(s.awaited) >= MaxAwaited {
		s.awaited = append(s.awaited[:0], s.awaited[1:]...)
	}
	if await {
		s.awaited = append(s.awaited, i)
	}
	s.any, s.due = true, bt.Never
	p.out.haves.push(&p.stock().pieces, i)
	p.out.urgent = true
}

// Reveal decides to tell the peer all that it was not shown, where there is anything: the pretence ends. [SUP-7]
func (p *Peer) Reveal() {
	if !p.hides() {
		return
	}
	p.hit(clause.SUP7)
	p.super.ending, p.super.due = true, bt.Never
}

// showed notes that the have for piece i was written. [SUP-3]
func (p *Peer) showed(now bt.Instant, i uint32) {
	if !p.hides() {
		return
	}
	s := p.super
	p.hit(clause.SUP3)
	s.shown.Set(uint(i))
	s.due = bt.Never
	if !p.Has(i) {
		s.lacked++
		if !p.Choked() { // only now it can ask for it [SUP-8]
			p.uploads()
			p.up.since = now
			p.rearmNoRequest()
		}
	}
	p.settleShown(now)
}

// sayRest tells what was never shown, which the peer has itself. When all is told the connection is one like any other. [SUP-7]
func (p *Peer) sayRest(w []byte) []byte {
	s := p.super
	for s != nil && s.ending && room(w) {
		i, ok := s.shown.NextClear(s.next)
		if !ok {
			s.shown, s.ending = nil, false
			break
		}
		if s.next = i + 1; p.local.Have.Test(i) {
			s.shown.Set(i)
			if !p.Has(uint32(i)) {
				s.lacked++
			}
			w = wire.AppendHave(w, uint32(i))
		}
	}
	return w
}

// settleShown follows a change of what the peer can ask for: while that is nothing, or it does not want it, the time runs after which it
// is shown another piece. [SUP-6]
func (p *Peer) settleShown(now bt.Instant) {
	s := p.super
	switch {
	case !p.hides() || s.ending || !s.any || p.out.haves.len() > 0:
	case p.RemoteInterested() && s.lacked > 0:
		s.due = bt.Never
	case s.due == bt.Never:
		p.run(&s.due, now.Add(ShowInterval))
	}
}

// gainedShown counts a piece that the peer has now.
func (p *Peer) gainedShown(now bt.Instant, i uint32) {
	if p.hides() && p.super.shown.Test(uint(i)) {
		p.super.lacked--
		p.settleShown(now)
	}
}

// recountShown counts anew, after the peer's supply was replaced.
func (p *Peer) recountShown(now bt.Instant) {
	if p.hides() {
		p.super.lacked = uint32(p.super.shown.DifferenceCardinality(&p.supply.pieces))
		p.settleShown(now)
	}
}
