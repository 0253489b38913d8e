package utp

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// transmit writes the connection's next datagram, if it has one.
func (c *conn) transmit(now bt.Instant, buf []byte) (Datagram, bool) {
	switch {
	case c.dead || c.state == over && !c.ackWanted:
		return Datagram{}, false
	case c.state == reset:
		return c.sayReset(now, buf), true
	case c.state != over:
		if seq, ok := c.next(now); ok {
			return c.say(now, seq, buf), true
		}
	}
	if c.ackWanted || c.nudge {
		return c.sayState(now, buf), true
	}
	return Datagram{}, false
}

// next is the packet to be sent now, if one may be.
func (c *conn) next(now bt.Instant) (uint16, bool) {
	if c.urge {
		c.urge = false
		switch {
		case c.urgent == c.flight.end && c.flight.idle() && c.waiting() > 0:
			return c.cut(1), true // asks whether there is room
		case int(c.urgent-c.flight.una) < c.flight.count() && c.flight.at(c.urgent).place == lost:
			return c.urgent, true
		}
	}
	if c.flight.back.n == 0 && c.waiting() == 0 && !c.finWaits() {
		return 0, false
	}
	if ok, at := c.pacer.ready(now); !ok {
		c.s.hit(clause.UTP34)
		c.paceAt = at
		return 0, false
	}
	if c.flight.back.n > 0 {
		seq := c.flight.back.head
		return seq, c.flight.bytes == 0 || c.flight.bytes+c.flight.at(seq).size <= c.window.bytes
	}
	return c.fresh(now)
}

// waiting is how many bytes are written that have no number yet.
func (c *conn) waiting() int { return c.out.size - c.flight.span }

// finWaits tells whether the FIN is next.
func (c *conn) finWaits() bool {
	return c.finish && !c.finCut && c.waiting() == 0 && c.state == connected
}

// fresh cuts the next packet, if there is something to be sent and the windows allow it.
func (c *conn) fresh(now bt.Instant) (uint16, bool) {
	if c.flight.full() || c.state != connected {
		return 0, false
	}
	if c.finWaits() {
		c.finCut = true
		c.s.hit(clause.UTP22)
		c.step(evFinish)
		return c.flight.add(kindFin, 0), true
	}
	size := min(c.waiting(), c.packet())
	if c.flight.bytes > 0 && c.flight.bytes+size > c.window.bytes {
		return 0, false
	}
	if c.flight.span+size > c.peerRoom {
		c.s.hit(clause.UTP19)
		if size = c.peerRoom; c.flight.span > 0 || size == 0 {
			c.poll(now)
			return 0, false
		}
	}
	if size < c.packet() && c.runts >= mostRunts && !c.finish {
		c.s.hit(clause.UTP27)
		return 0, false
	}
	if c.flight.idle() && now.Sub(c.lastSent) >= c.trip.timeout(0) {
		c.window.idle(c.packet())
	}
	return c.cut(size), true
}

// mostRunts is how many packets that are smaller than they might be may fly: small messages wait for one another while
// that many are on their way.
const mostRunts = 4 // [UTP-27]

// cut gives a number to so many bytes.
func (c *conn) cut(size int) uint16 {
	start := c.done + int64(c.flight.span)
	seq := c.flight.add(kindData, size)
	p := c.flight.at(seq)
	p.start, p.runt = start, size < c.packet()
	if p.runt {
		c.runts++
	}
	return seq
}

// poll has a peer without room be asked again: it may have told us of room, and the telling been lost.
func (c *conn) poll(now bt.Instant) {
	if c.pollAt == bt.Never && c.flight.idle() {
		c.pollAt = now.Add(c.trip.timeout(c.row))
	}
}

// head is the header of a packet that is sent now.
func (c *conn) head(now bt.Instant, k kind) packet {
	c.told = c.room()
	c.lastSent = now
	return packet{
		kind: k, id: c.sendID, stamp: micros(now), difference: c.difference, window: uint32(c.told), seq: c.flight.end, ack: c.ack,
	}
}

// say writes a packet that has a number.
func (c *conn) say(now bt.Instant, seq uint16, buf []byte) Datagram {
	p := c.flight.at(seq)
	h := c.head(now, p.kind)
	h.seq = seq
	if p.kind == kindSyn {
		h.id = c.key.id
	}
	w := h.put(buf)
	switch {
	case p.kind == kindSyn:
		c.s.hit(clause.UTP36)
		c.s.hit(clause.UTP38)
		w.largest(c.s.cfg.Datagram)
	case p.kind == kindFin && c.reason != 0:
		c.s.hit(clause.UTP25)
		w.reason(c.reason)
	case p.kind == kindData && p.times == 0:
		c.probe(now, p, &w)
	}
	c.out.at(int(p.start-c.done), buf[w.n:w.n+p.size])
	if p.times > 0 {
		c.s.stats.Resent++
	}
	c.flight.send(now, seq)
	if c.rtoAt == bt.Never {
		c.rtoAt = now.Add(c.trip.timeout(c.row))
	}
	if c.reorder.count == 0 {
		c.ackWanted = false
	}
	c.nudge = false
	n := w.n + p.size
	c.pacer.sent(now, n, &c.window, c.trip.mean)
	return Datagram{N: n, To: c.key.from, Probe: p.probe > 0 && p.times == 1, id: c.id, order: p.order}
}

// probe pads a full packet to the size that the search wants to try, when the window is large enough for the loss not to matter.
func (c *conn) probe(now bt.Instant, p *sent, w *writer) {
	if p.size < c.packet() || c.flight.back.n > 0 {
		return
	}
	size := c.search.next(now, c.ordinary())
	if size == 0 || c.window.bytes < 2*size {
		return
	}
	room := size - w.n - p.size
	if room < bitsSize { // no padding is so small, nor are so few bytes worth a search
		c.search.rest(now)
		return
	}
	c.s.hit(clause.UTP35)
	w.pad(room)
	p.probe, c.search.trying = size, size
}

// sayState writes a packet that carries nothing: what has arrived, or that we are still there.
func (c *conn) sayState(now bt.Instant, buf []byte) Datagram {
	h := c.head(now, kindState)
	if !c.ackWanted {
		h.ack-- // it says nothing new, so it says something old
	}
	w := h.put(buf)
	if n := c.reorder.sackSize(c.ack); n > 0 && c.ackWanted {
		c.s.hit(clause.UTP14)
		c.reorder.sack(c.ack, w.extension(extSack, n))
	}
	c.ackWanted, c.nudge = false, false
	return Datagram{N: w.n, To: c.key.from, id: c.id, order: -1}
}

// sayReset writes the last packet of a connection that is broken.
func (c *conn) sayReset(now bt.Instant, buf []byte) Datagram {
	h := c.head(now, kindReset)
	w := h.put(buf)
	if c.reason != 0 {
		w.reason(c.reason)
	}
	c.s.hit(clause.UTP11)
	c.step(evTold)
	return Datagram{N: w.n, To: c.key.from, id: c.id, order: -1}
}

// unsentBy takes that the system did not send a datagram, one of the latest.
func (c *conn) unsentBy(now bt.Instant, d Datagram, why Refusal) {
	seq, ok := c.flight.find(d.order)
	if !ok {
		return
	}
	p := c.flight.at(seq)
	switch {
	case why == NoRoom:
		c.pacer.hold(now)
	case d.Probe:
		c.search.refused(p.probe)
	default:
		return // it cannot be made smaller: it is lost on the way like any
	}
	c.flight.move(seq, lost)
	p.probe = 0
}
