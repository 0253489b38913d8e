package utp

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// repeated counts acknowledgements that say nothing new, for peers that do not acknowledge selectively.
func (c *conn) repeated(now bt.Instant, p *packet) {
	if p.kind != kindState || p.ack != c.flight.una-1 || len(p.sack) > 0 || c.flight.idle() {
		return
	}
	if c.dups++; c.dups == lossDistance && c.flight.at(c.flight.una).place == flying {
		c.lose(c.flight.una)
	}
}

// How many packets that were sent later arrive before one is thought lost: so many, and more on a path where they overtake one another.
const (
	lossDistance = 3    // [UTP-16]
	mostDistance = 1024 // [UTP-16]
)

// findLost finds what is lost: what was sent so long before something that has arrived, or before the packet that
// went out at a timeout and has arrived.
func (c *conn) findLost() {
	waits := min(c.distance, max(lossDistance, int64(c.flight.out.n/2))) // of few that fly, many would never come
	for c.flight.out.n > 0 {
		p := c.flight.at(c.flight.out.head)
		if p.order+waits > c.reached && (p.order >= c.retried || c.reached < c.retried) {
			return
		}
		c.lose(c.flight.out.head)
	}
}

// lose takes that a packet is lost. It costs half the window once a round trip; a probe costs nothing, it was too large.
func (c *conn) lose(seq uint16) {
	c.s.hit(clause.UTP16)
	p := c.flight.at(seq)
	c.flight.move(seq, lost)
	if p.probe > 0 && p.times == 1 {
		c.search.missed(p.probe)
		return
	}
	c.s.stats.Lost++
	if p.order >= c.judged {
		c.s.hit(clause.UTP32)
		c.judged = c.flight.orders
		c.blamed = seq
		c.urgent, c.urge = seq, true // the first goes out whatever the window, which what flies may fill for long
		c.window.lost(c.packet(), c.delays.queueing)
		c.slowdown.lost()
	}
}

// timedOut takes that nothing was acknowledged for too long. One packet is sent again, the first: its acknowledgement tells what
// became of the others.
func (c *conn) timedOut(now bt.Instant) {
	c.rtoAt = bt.Never
	c.row++
	c.silence++
	c.s.stats.Timeouts++
	c.s.hit(clause.UTP17)
	if c.silence >= c.sends() {
		c.s.hit(clause.UTP18)
		c.end(evGiveUp, bt.TimedOut)
		return
	}
	c.rtoAt = now.Add(c.trip.timeout(c.row))
	first := c.flight.una
	for first != c.flight.end && c.flight.at(first).place == gone {
		first++
	}
	if first == c.flight.end {
		return
	}
	if p := c.flight.at(first); p.place == flying {
		c.flight.move(first, lost)
		if p.probe > 0 && p.times == 1 {
			c.search.missed(p.probe)
		}
	}
	c.blamed = first
	c.urgent, c.urge = first, true
	c.judged, c.retried = c.flight.orders, c.flight.orders
	if c.row == 1 && (c.peerRoom > 0 || c.state == synSent) {
		c.window.silent(c.packet())
	}
}

// sends is how often what goes unanswered is sent.
func (c *conn) sends() int {
	if c.state == synSent {
		return synSends
	}
	return dataSends
}
