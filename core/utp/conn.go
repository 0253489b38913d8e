package utp

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// conn is one connection.
type conn struct {
	s      *Socket
	id     ID
	key    key    // the peer, and the id that its packets carry
	sendID uint16 // what ours carry
	state  fsm.State
	owned  bool // our owner has not closed it
	dead   bool // forgotten
	fault  bt.Fault

	// Our stream.
	out      stream // what is written and not acknowledged
	done     int64  // bytes of it that were, since the beginning
	flight   flight // what of it was sent, in packets
	finish   bool   // our owner writes no more
	finCut   bool   // the FIN has its number
	reason   uint16 // why we close
	blocked  bool   // our owner waits for Writable
	runts    int    // packets not acknowledged that are smaller than they might be
	peerRoom int    // what the peer has said that it takes

	// The peer's stream.
	in       stream // what has arrived in order and was not read
	reorder  reorder
	ack      uint16 // the last that arrived in order
	eofKnown bool   // the FIN has arrived, in order or not
	eofSeq   uint16 // its number
	eof      bool   // it is in order
	starved  bool   // our owner waits for Readable
	told     int    // the room that the peer was told last
	short    bool   // the peer's queue of packets is
	theirs   uint16 // why the peer closes

	// What is to be said besides.
	ackWanted  bool   // what has arrived
	nudge      bool   // that we are there, by a packet that says nothing new
	difference uint32 // how long the peer's last packet took

	// How fast, and in what portions.
	trip        rtt
	delays      delays
	window      window
	slowdown    slowdown
	pacer       pacer
	search      search
	peerLargest int // the largest datagram that the peer takes, 0 when it has not said

	// What became of what was sent.
	row      int    // timeouts since something was acknowledged
	silence  int    // the same, or since the peer said that it has no room
	dups     int    // acknowledgements in a row that acknowledge nothing
	distance int64  // how many that were sent later arrive before one is thought lost
	blamed   uint16 // the packet that the last decrease was for
	reached  int64  // the highest order that was acknowledged
	judged   int64  // what was sent before this order and is lost has been paid for
	retried  int64  // the order of the packet that went out at a timeout: when it arrives, what was sent before it is lost
	urgent   uint16 // a packet that is to be sent whatever the window says,
	urge     bool   // if this is set

	// When something is due; Never when it is not.
	rtoAt    bt.Instant // nothing was acknowledged for too long
	paceAt   bt.Instant // the pacer lets more through
	pollAt   bt.Instant // the peer is asked whether it has room now
	endAt    bt.Instant // it is given up, or forgotten
	lastSent bt.Instant // when we were heard of last

	// Its places in the Socket's lists.
	due       bt.Instant // in the schedule
	place     int        // there
	scheduled bool
	queued    bool // Transmit will look at it
}

// newConn makes a connection that has said nothing yet.
func newConn(s *Socket, id ID, k key, sendID, seq uint16) *conn {
	return &conn{
		s: s, id: id, key: k, sendID: sendID, owned: true, flight: newFlight(seq), window: newWindow(baseDatagram - headerSize),
		search: newSearch(baseDatagram), starved: true, lastSent: s.now, retried: -1, reached: -1, distance: lossDistance,
		rtoAt: bt.Never, paceAt: bt.Never, pollAt: bt.Never, endAt: bt.Never,
	}
}

// step moves the machine.
func (c *conn) step(ev fsm.Event) {
	to, ok := machine.Next(c.state, ev)
	if !ok {
		panic("BUG: " + machineEvents[ev] + " in " + machine.StateName(c.state))
	}
	c.state = to
}

// opened prepares a connection whose peer is known to be there.
func (c *conn) opened() {
	most := c.ordinary()
	if c.peerLargest > 0 {
		most = max(c.peerLargest, baseDatagram)
	}
	if most = min(most, c.s.cfg.Datagram); most <= ordinaryDatagram4 {
		most = min(most, c.ordinary()) // the ends think of an Ethernet, where IPv6 leaves less
	}
	c.search = newSearch(most)
	c.ackWanted = true
}

// ordinary is the size of datagram that an Ethernet takes.
func (c *conn) ordinary() int {
	if c.key.from.Addr().Is4() {
		return ordinaryDatagram4
	}
	return ordinaryDatagram6
}

// packet is how many bytes of payload a packet takes.
func (c *conn) packet() int { return c.search.good - headerSize }

// room is how many bytes the peer may send.
func (c *conn) room() int {
	held := c.in.size + c.reorder.bytes
	own := c.s.cfg.Receive - held
	all := max(c.s.pool.limit-c.s.pool.lent, leastShare-held)
	return max(roomFor(min(own, all), c.short), 0)
}

// shortRoom is the most that a peer is told of whose queue of packets is short: libutp has places for 511 that wait to be sent or
// acknowledged, and when they are taken, sends one each half second. [UTP-39]
const shortRoom = 384 << 10

// roomFor is the room that a peer is told of.
func roomFor(room int, short bool) int {
	if short {
		return min(room, shortRoom)
	}
	return room
}

// short tells whether a peer that begins with this packet has a short queue.
func (p *packet) short() bool { return p.bits && p.largest == 0 }

// end makes the connection one that is over, or must only say so.
func (c *conn) end(ev fsm.Event, fault bt.Fault) {
	knows := ev == evReset || c.state == synSent // or nobody is there
	c.step(ev)
	c.fault = fault
	if knows && c.state == reset {
		c.step(evTold)
	}
	c.rtoAt, c.paceAt, c.pollAt, c.endAt = bt.Never, bt.Never, bt.Never, bt.Never
	c.out.drop(&c.s.pool, c.out.size)
	c.flight, c.runts = newFlight(c.flight.end), 0
	if c.owned {
		c.s.events.push(Event{Kind: Closed, ID: c.id, Fault: fault, Code: c.theirs})
	}
}

// broke tells whether the connection has ended for a reason: whoever goes on with it may not have heard, and is told as of one that
// is not there.
func (c *conn) broke() bool { return c.state == over && c.fault != bt.OK }

// finished tells whether nothing is left to be done, and the owner does not hold it.
func (c *conn) finished(now bt.Instant) bool {
	return !c.owned && c.state == over && (c.endAt == bt.Never || c.endAt <= now)
}

// deadline is when fire is to be called.
func (c *conn) deadline() bt.Instant {
	at := min(c.rtoAt, c.paceAt, c.pollAt, c.endAt)
	if c.state == connected || c.state == finSent {
		at = min(at, c.lastSent.Add(keepAlive))
	}
	return at
}

// fire lets happen what is due.
func (c *conn) fire(now bt.Instant) {
	if c.endAt <= now {
		c.expire()
		return
	}
	if c.paceAt <= now {
		c.paceAt = bt.Never
	}
	if c.rtoAt <= now {
		c.timedOut(now)
	}
	if c.pollAt <= now {
		c.s.hit(clause.UTP21)
		c.pollAt, c.urge, c.urgent = bt.Never, true, c.flight.end
	}
	if (c.state == connected || c.state == finSent) && c.lastSent.Add(keepAlive) <= now {
		c.s.hit(clause.UTP26)
		c.nudge = true
		c.rest()
	}
}

// rest gives back the places that a connection which has fallen silent had in full swing. [UTP-37]
func (c *conn) rest() {
	if c.flight.idle() && len(c.flight.ring) > leastFlight {
		c.flight.ring, c.flight.here = make([]sent, leastFlight), newBitRing(leastRing)
	}
	if c.reorder.count == 0 {
		c.reorder = reorder{}
	}
}

// expire ends a wait: for a peer that takes nothing, for its FIN, or for anything that it may still say.
func (c *conn) expire() {
	c.endAt = bt.Never
	switch {
	case c.state == finSent && c.flight.idle():
		c.s.hit(clause.UTP23)
		c.step(evEnded)
	case c.state == connected || c.state == finSent:
		c.s.hit(clause.UTP24)
		c.end(evGiveUp, bt.TimedOut)
	}
}

// release gives all memory back.
func (c *conn) release() {
	c.out.drop(&c.s.pool, c.out.size)
	c.in.drop(&c.s.pool, c.in.size)
	c.reorder.drop(&c.s.pool)
}

// linger ends a connection that has nothing more to say after a while. [UTP-23]
func (c *conn) linger(now bt.Instant) { c.endAt = min(c.endAt, now.Add(lingering)) }

// readable tells the owner that Read gives something.
func (c *conn) readable() {
	if c.starved && c.owned && (c.in.size > 0 || c.eof) {
		c.starved = false
		c.s.events.push(Event{Kind: Readable, ID: c.id})
	}
}

// writable tells the owner that Write takes something worth a call, which it does at the latest when little is left to be sent.
func (c *conn) writable() {
	if c.blocked && c.owned && !c.finish && (c.writeRoom() >= c.writeLimit()/4 || c.out.size <= leastShare/2) {
		c.blocked = false
		c.s.events.push(Event{Kind: Writable, ID: c.id})
	}
}

// writeLimit is how much may be written ahead: two windows, so that what is written late is decided late.
func (c *conn) writeLimit() int {
	return min(c.s.cfg.Send, max(leastShare, 2*c.window.bytes))
}

func (c *conn) writeRoom() int {
	all := max(c.s.pool.limit-c.s.pool.lent, leastShare-c.out.size)
	return max(min(c.writeLimit()-c.out.size, all), 0)
}
