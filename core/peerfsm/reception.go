package peerfsm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// onPiece takes the header of a piece message. A block that is none of the torrent's, or that was never
// asked for, closes the connection, unless we cancelled, timed out or voided the request. [MSG-18] [MSG-19]
func (p *Peer) onPiece(now bt.Instant, b bt.Block) Fact {
	if !p.local.Geometry.IsBlock(b) {
		return broke(clause.BlockMalformed)
	}
	i := find(&p.down.sent, b)
	if i < 0 && !p.welcomed(b) {
		return broke(clause.BlockUnrequested)
	}
	if i < 0 || p.down.sent.at(i).state != askLive {
		p.adopt(now, b)
	}
	p.down.recv = receptionOf(b)
	return Fact{Kind: PieceBegan, Block: b}
}

// Expect says under which token the payload goes into a buffer, 0 that it is discarded.
func (p *Peer) Expect(t bt.Token) { p.down.recv.token = t }

// Token is that of the payload that is arriving; 0 when there is none, or it is discarded.
func (p *Peer) Token() bt.Token { return p.down.recv.token }

// adopt lets a request that was chosen, and not said, stand as said: the answer to an earlier one for the same block has begun,
// and to ask again would bring the block twice. That the earlier one was to be cancelled is not said any more.
func (p *Peer) adopt(now bt.Instant, b bt.Block) {
	i := find(&p.unsent, b)
	if i < 0 {
		return
	}
	a := *p.unsent.at(i)
	p.unsent.remove(&p.stock().asks, i)
	p.enter(now, a)
	p.rearmRequest()
	for k := 0; k < p.out.cancels.len(); {
		if *p.out.cancels.at(k) == b {
			p.out.cancels.remove(&p.stock().blocks, k)
		} else {
			k++
		}
	}
}

// Took notes that n bytes of the payload arrived, wanted or not. It tells whether that was all of it.
func (p *Peer) Took(now bt.Instant, n int) bool {
	r := &p.down.recv
	n = min(n, int(r.left))
	r.left -= uint16(n)
	if n > 0 {
		p.down.rate.add(now, n)
	}
	p.Heard(now)
	if n > 0 && p.down.live > 0 {
		p.down.flow = now
		p.rearmRequest()
	}
	return r.active && r.left == 0
}

// Receiving is the block whose payload is arriving; false when there is none.
func (p *Peer) Receiving() (bt.Block, bool) { return p.down.recv.block(), p.down.recv.active }

// Delivered ends a reception whose payload is whole: the request is answered. A needed block that comes in
// time makes good for a snub. [TMR-10]
func (p *Peer) Delivered(now bt.Instant, needed bool) {
	d := p.down
	b := d.recv.block()
	d.recv = reception{}
	d.rejects = 0
	if !needed {
		d.duplicate += int64(b.Length)
	}
	if i := find(&d.sent, b); i >= 0 {
		a := *d.sent.at(i)
		d.sent.remove(&p.stock().asks, i)
		if a.state == askLive {
			d.live--
			d.pace.answered(now, microsOf(now).since(a.at), d.rate.perSecond(now))
		}
	}
	if took, limit := now.Sub(d.clock), d.pace.limit(); needed && p.Snubbed() && took < limit {
		p.step(now, Unsnub, bt.BlockInTime, bt.Millis(took), bt.Millis(limit))
		d.pace.recovered()
	}
	d.clock, d.flow = now, now
	p.rearmRequest()
}
