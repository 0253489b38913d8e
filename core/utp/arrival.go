package utp

import (
	"math/bits"
	"time"

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
	c.ack, c.peerLargest = p.seq-1, int(p.largest)
	c.heard(now, p)
	c.acknowledged(now, p)
	c.opened()
	c.s.events.push(Event{Kind: Connected, ID: c.id})
}

// resetBy takes a reset, if it knows what we have sent.
func (c *conn) resetBy(p *packet) {
	if !c.flight.covers(p.ack) || c.state == reset {
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

// spurious tells whether an acknowledgement of a packet that was sent again comes too soon to be for the last sending.
func (c *conn) spurious(now bt.Instant, p *sent) bool {
	return p.times > 1 && now.Sub(p.at) < c.trip.least
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
	if !c.spurious(a.now, p) {
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

// repeated counts acknowledgements that say nothing new, for peers that do not acknowledge selectively.
func (c *conn) repeated(now bt.Instant, p *packet) {
	if p.kind != kindState || p.ack != c.flight.una-1 || len(p.sack) > 0 || c.flight.idle() {
		return
	}
	if c.dups++; c.dups == lossDistance && c.flight.at(c.flight.una).place == flying {
		c.lose(c.flight.una)
	}
}

// lossDistance is how many packets that were sent later arrive before one is thought lost.
const lossDistance = 3 // [UTP-16]

// findLost finds what is lost: what was sent so long before something that has arrived, or before the packet that
// went out at a timeout and has arrived.
func (c *conn) findLost() {
	for c.flight.out.n > 0 {
		p := c.flight.at(c.flight.out.head)
		if p.order+lossDistance > c.reached && (p.order >= c.retried || c.reached < c.retried) {
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
	c.urgent, c.urge = first, true
	c.judged, c.retried = c.flight.orders, c.flight.orders
	if c.peerRoom > 0 || c.state == synSent {
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
