package utp

import (
	"math/bits"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// early takes that a packet which was thought lost had come. Packets overtake one another on this path, by so many at least: that
// many more are waited for from now on; and if it was the one that the last decrease was for, that is taken back. [UTP-16]
func (c *conn) early(seq uint16, by int64) {
	c.distance = min(max(c.distance, by), mostDistance)
	if seq == c.blamed {
		c.window.undo()
	}
}

// acknowledged takes what the packet says of ours.
func (c *conn) acknowledged(now bt.Instant, p *packet) {
	flew := c.flight.bytes
	a := acks{now: now, latest: -1}
	for last := p.ack + 1; before(c.flight.una, last); c.flight.una++ {
		c.landed(&a, c.flight.una)
		s := c.flight.at(c.flight.una)
		c.flight.span -= s.size
		c.out.drop(&c.s.pool, s.size)
		c.done += int64(s.size)
	}
	c.selective(&a, p)
	if a.n == 0 {
		c.repeated(now, p)
		return
	}
	if a.trip > 0 {
		c.s.hit(clause.UTP15)
		c.trip.measured(a.trip)
	}
	c.dups, c.row, c.silence = 0, 0, 0
	c.adjust(now, a.bytes, flew)
	c.rtoAt = bt.Never
	if !c.flight.idle() {
		c.rtoAt = now.Add(c.trip.timeout(0))
	}
	c.findLost()
}

// adjust lets the window follow what was acknowledged, when so many bytes flew.
func (c *conn) adjust(now bt.Instant, n, flew int) {
	c.s.hit(clause.UTP30)
	if c.window.slow {
		c.s.hit(clause.UTP31)
	}
	c.window.acked(n, c.packet(), min(c.delays.queueing, c.trip.last), c.window.used(flew+c.packet()) || c.paceAt != bt.Never)
	if c.slowdown.pass(now, &c.window, c.packet(), &c.trip, c.reached, c.flight.orders) {
		c.s.hit(clause.UTP33)
	}
}

// acks gathers what one packet acknowledges.
type acks struct {
	now      bt.Instant
	n, bytes int
	latest   int64         // order of the one that was sent last
	trip     time.Duration // its round trip, if it was sent once; the others may have arrived long ago, and the telling been lost
}

// landed takes that a packet has arrived there.
func (c *conn) landed(a *acks, seq uint16) {
	p := c.flight.at(seq)
	if p.place == gone {
		return
	}
	if p.order > a.latest {
		a.latest, a.trip = p.order, 0
		if p.times == 1 {
			a.trip = max(a.now.Sub(p.at), 1)
		}
	}
	if p.probe > 0 && p.times == 1 {
		c.search.passed(p.probe)
	}
	switch {
	case p.place == lost && p.order >= 0:
		c.early(seq, c.reached-p.order+1)
	case p.times > 1 && a.now.Sub(p.at) < c.trip.least: // too soon for what was sent last
		c.early(seq, 2*c.distance)
	default:
		c.reached = max(c.reached, p.order)
	}
	if p.runt {
		c.runts--
	}
	c.flight.move(seq, gone)
	a.n++
	a.bytes += p.size
}

// selective takes the bits of a selective acknowledgement, of any length.
func (c *conn) selective(a *acks, p *packet) {
	for i := 0; i < len(p.sack); i += 8 {
		c.s.hit(clause.UTP14)
		var word uint64
		for k, b := range p.sack[i:min(i+8, len(p.sack))] {
			word |= uint64(b) << (8 * k)
		}
		base := p.ack + 2 + uint16(8*i)
		for word &^= c.flight.here.from(base); word != 0; word &= word - 1 {
			seq := base + uint16(bits.TrailingZeros64(word))
			if int(seq-c.flight.una) < c.flight.count() {
				c.flight.here.set(seq)
				c.landed(a, seq)
			}
		}
	}
}
