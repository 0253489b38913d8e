package utp

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// arrived takes a packet.
func (c *conn) arrived(now bt.Instant, p *packet) {
	switch {
	case c.state == synSent && p.kind == kindState && p.ack == c.flight.una:
		c.answered(now, p)
	case c.state == over:
		c.ackWanted = c.ackWanted || c.eof && p.kind == kindFin // ours may have been lost [UTP-23]
	case p.kind == kindReset:
		c.resetBy(p)
	case c.state == synSent, c.state == reset:
	case !c.flight.covers(p.ack):
		c.s.hit(clause.UTP10)
		c.s.stats.Ignored++
	default:
		c.heard(now, p)
		c.acknowledged(now, p)
		c.take(p)
		c.ended(now)
		c.readable()
		c.writable()
	}
}

// answered takes the STATE that answers our SYN. It uses up no number: the first packet that carries something has the same.
func (c *conn) answered(now bt.Instant, p *packet) {
	c.s.hit(clause.UTP4)
	c.step(evAnswered)
	c.ack, c.peerLargest, c.short = p.seq-1, int(p.largest), p.short()
	if c.short {
		c.s.hit(clause.UTP39)
	}
	c.heard(now, p)
	c.acknowledged(now, p)
	c.opened()
	c.s.events.push(Event{Kind: Connected, ID: c.id})
}

// resetBy takes a reset, if it knows what we have sent: a STATE carries the number that is next.
func (c *conn) resetBy(p *packet) {
	if p.ack != c.flight.end && !c.flight.covers(p.ack) || c.state == reset {
		c.s.hit(clause.UTP10)
		c.s.stats.Ignored++
		return
	}
	c.s.hit(clause.UTP11)
	c.theirs = p.reason
	fault := bt.Reset
	if c.state == synSent {
		fault = bt.Refused
	}
	c.end(evReset, fault)
}

// heard takes what every packet says.
func (c *conn) heard(now bt.Instant, p *packet) {
	c.difference = micros(now) - p.stamp
	known := p.difference != 0 && p.difference != noDifference
	if c.delays.arrived(now, c.difference, p.difference, known) {
		c.s.hit(clause.UTP29)
	}
	if known {
		c.s.hit(clause.UTP28)
	}
	if p.reason != 0 {
		c.s.hit(clause.UTP25)
		c.theirs = p.reason
	}
	if !before(p.ack, c.flight.una-1) {
		c.peerRoom = int(min(p.window, mostWindow))
		if c.peerRoom > 0 {
			c.pollAt = bt.Never
		} else {
			c.silence = 0 // it is there, and has no room
		}
	}
}

// take puts in order what a packet carries.
func (c *conn) take(p *packet) {
	if p.kind == kindState {
		return
	}
	ahead := int(p.seq - c.ack - 1)
	if ahead >= packetsAhead && !before(p.seq, c.ack+1) {
		c.s.stats.Ignored++
		return
	}
	c.s.hit(clause.UTP13)
	c.ackWanted = true
	if before(p.seq, c.ack+1) || c.eofKnown && before(c.eofSeq, p.seq) {
		return // it came before, or lies beyond the end
	}
	if p.kind == kindFin && !c.eofKnown {
		c.s.hit(clause.UTP22)
		c.eofKnown, c.eofSeq = true, p.seq
	}
	if ahead > 0 {
		if len(p.payload) <= c.room() && c.reorder.held < 2*c.s.cfg.Receive && c.owned {
			c.reorder.put(&c.s.pool, c.ack+1, p.seq, p.payload)
		}
		return
	}
	if !c.deliver(p.payload) {
		return
	}
	for b, ok := c.reorder.next(c.ack + 1); ok && c.deliver(b); b, ok = c.reorder.next(c.ack + 1) {
		c.reorder.done(&c.s.pool, c.ack)
	}
	if c.eof {
		c.reorder.drop(&c.s.pool)
	}
}

// deliver takes the payload of the packet that is next, if there is room. What lies out of order does not count: the packet that is
// missing must have room, or the others were never delivered.
func (c *conn) deliver(b []byte) bool {
	if c.eof {
		return false
	}
	if c.owned {
		if len(b) > c.room()+c.reorder.bytes {
			c.s.hit(clause.UTP19)
			return false
		}
		c.s.hit(clause.UTP12)
		c.in.add(&c.s.pool, b)
	}
	c.ack++
	if c.eofKnown && c.ack == c.eofSeq {
		c.eof = true
	}
	return true
}

// ended finds whether both streams have come to their ends.
func (c *conn) ended(now bt.Instant) {
	if c.state != finSent || !c.flight.idle() {
		return
	}
	if !c.eof {
		if !c.owned {
			c.linger(now)
		}
		return
	}
	c.s.hit(clause.UTP23)
	c.end(evEnded, bt.OK)
	c.linger(now)
}
