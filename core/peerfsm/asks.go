package peerfsm

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// LastAsked is the piece that the peer was asked for last; before the first it is one that no torrent has.
func (p *Peer) LastAsked() uint32 { return p.down.last }

// TakenBack is how many requests were cancelled, or released while they were being answered, and are not answered yet: their blocks
// may still come.
func (p *Peer) TakenBack() (n int) {
	d := p.down
	if d.sent.len() == int(d.live) {
		return 0
	}
	for _, a := range d.sent.all() {
		if a.state == askCancelled || a.state == askTimedOut && d.recv.is(p.blockOf(a)) {
			n++
		}
	}
	return n
}

// Allowance is how many bytes of the peer may wait for us: the blocks that were asked for and may still come, with their headers, and
// what other messages can need. [LIM-16]
func (p *Peer) Allowance() int {
	const block = wire.PieceHeaderLen + bt.BlockSize
	d := p.down
	n := MaxAhead + (d.sent.len()+d.withdrawn.len())*block
	if d.recv.active {
		n += int(d.recv.left)
		if find(&d.sent, d.recv.block()) >= 0 {
			n -= block
		}
	}
	return n
}

// Quiet is for how long nothing has come of the blocks that the peer is asked for, or 0 when it is asked for none, or we do not read
// from it. [PCK-18] [TMR-13]
func (p *Peer) Quiet(now bt.Instant) time.Duration {
	if p.down.live == 0 || p.Held() {
		return 0
	}
	return now.Sub(p.down.flow)
}

// Withdraw lets a request for b count no more, of which nothing has come: it is not cancelled, and should the block come, it is
// welcome. [PCK-18]
func (p *Peer) Withdraw(b bt.Block) {
	if i := find(&p.unsent, b); i >= 0 {
		p.unsent.remove(&p.stock().asks, i)
	} else if i := find(&p.down.sent, b); i >= 0 {
		p.release(i)
	}
	p.rearmRequest()
}

// EachAskBack calls f for each block that is asked of the peer and not given up, the last first, with how many of them come before it,
// until f is false.
func (p *Peer) EachAskBack(f func(b bt.Block, ahead int) bool) {
	ahead := p.Outstanding()
	for i := p.unsent.len() - 1; i >= 0; i-- {
		if ahead--; !f(p.blockOf(p.unsent.at(i)), ahead) {
			return
		}
	}
	for i := p.down.sent.len() - 1; i >= 0; i-- {
		a := p.down.sent.at(i)
		if a.state != askLive {
			continue
		}
		if ahead--; !f(p.blockOf(a), ahead) {
			return
		}
	}
}
