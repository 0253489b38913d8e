package peerfsm

import (
	"encoding/binary"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// retracted is the bit that tells in outbox.haves a piece that we lost from one that we have.
const retracted = 1 << 31

// Have tells the peer that we have piece i, also when it has the piece itself: else it would take us for poorer than
// we are, and never for a seed. Where it makes no difference now, that
// waits for something else to be said, or for Tell. [MSG-8] [MSG-29]
func (p *Peer) Have(i uint32) {
	if p.Open() && !p.unsay(i|retracted) && !p.untoldRest(i) {
		p.out.haves.push(&p.stock().pieces, i)
		p.out.urgent = p.out.urgent || p.awaits(i) || p.out.haves.len() >= MaxUntold
	}
	p.forget(&p.allowed, i)
	p.forget(&p.suggested, i)
	p.rearmNoRequest() // it may be the last
}

// awaits tells whether it makes a difference now that the peer hears of piece i: it may ask for it, or will be interested. A choked peer
// hears of it in time with the unchoke.
func (p *Peer) awaits(i uint32) bool {
	return !p.Has(i) && !(p.RemoteInterested() && p.Choked() && p.out.choking)
}

// Untold tells whether the peer is to be told of pieces.
func (p *Peer) Untold() bool { return !p.out.haves.empty() }

// Tell has the peer told of what it is to be told of, though nothing else is. [MSG-29]
func (p *Peer) Tell() {
	p.hit(clause.MSG29)
	p.out.urgent = true
}

// Retract tells the peer, if it was told of it and knows the message, that piece i is not ours any more, and refuses what it asked
// of it. [EXT-20] [MSG-27]
func (p *Peer) Retract(i uint32) {
	if !p.Open() {
		return
	}
	for k := 0; k < p.serves.len(); {
		b := p.serves.at(k).block()
		if b.Piece != i {
			k++
			continue
		}
		p.dropServe(k)
		p.reject(b)
	}
	if !p.unsay(i) && p.accepts.dontHave != 0 && !p.untoldRest(i) {
		p.out.haves.push(&p.stock().pieces, i|retracted)
		p.out.urgent = true
	}
}

// unsay takes the news v of a piece back if the peer was not told yet. Only where a piece was lost once can there be any to take back.
func (p *Peer) unsay(v uint32) bool {
	if p.local.Doubted == nil {
		return false
	}
	for k := range p.out.haves.len() {
		if *p.out.haves.at(k) == v {
			p.out.haves.remove(&p.stock().pieces, k)
			p.out.urgent = p.out.urgent && !p.out.haves.empty()
			return true
		}
	}
	return false
}

// sayHaves tells of what became ours, or is not any more.
func (p *Peer) sayHaves(now bt.Instant, w []byte) []byte {
	o := &p.out
	for !o.haves.empty() && room(w) {
		v := *o.haves.at(0)
		o.haves.remove(&p.stock().pieces, 0)
		w = p.sayHave(now, w, v)
	}
	o.urgent = !o.haves.empty()
	return w
}

// sayHave tells of a piece that is ours, or is not any more. [MSG-8] [EXT-20]
func (p *Peer) sayHave(now bt.Instant, w []byte, v uint32) []byte {
	i := v &^ retracted
	switch {
	case v == i:
		p.hit(clause.MSG8)
		p.showed(now, i)
		return wire.AppendHave(w, i)
	case p.accepts.dontHave == 0: // not any more
		return w
	}
	p.hit(clause.EXT20)
	return wire.AppendExtended(w, p.accepts.dontHave, binary.BigEndian.AppendUint32(nil, i))
}
