package utp

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Dial begins a connection. Connected or Closed tells what came of it.
func (s *Socket) Dial(now bt.Instant, to netip.AddrPort) (ID, error) {
	s.advance(now)
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if !to.IsValid() || to.Port() == 0 || to.Addr().IsUnspecified() {
		return 0, ErrAddress
	}
	k := key{to, uint16(s.lots.Uint32())}
	for tries := 0; s.find[k] != nil; tries++ {
		if tries == dialTries {
			return 0, ErrFull
		}
		k.id = uint16(s.lots.Uint32())
	}
	c := s.add(k, k.id+1, uint16(s.lots.Uint32()))
	if c == nil {
		return 0, ErrFull
	}
	s.hit(clause.UTP3)
	s.hit(clause.UTP5)
	c.step(evDial)
	c.urgent, c.urge = c.flight.add(kindSyn, 0), true
	c.flight.move(c.urgent, lost) // to be sent
	s.wake(c)
	return c.id, nil
}

// dialTries is how many numbers are drawn for one that the address does not use yet.
const dialTries = 64

// Read takes out what has arrived, in order. It gives ErrWait when nothing has, and ErrEnd after the peer's last byte.
func (s *Socket) Read(now bt.Instant, id ID, bufs [][]byte) (int, error) {
	s.advance(now)
	c := s.lookup(id)
	if c == nil || !c.owned {
		return 0, ErrUnknown
	}
	n := 0
	for _, b := range bufs {
		n += c.in.take(&s.pool, b)
	}
	switch {
	case n > 0:
		c.opening()
		return n, nil
	case c.eof:
		return 0, ErrEnd
	case c.state == reset || c.state == over:
		return 0, c.broken()
	}
	c.starved = true
	return 0, ErrWait
}

// Write takes as many bytes as there is room for, in order, and ErrWait when there is none. After it took less than all, or none,
// Writable tells of room.
func (s *Socket) Write(now bt.Instant, id ID, bufs [][]byte) (int, error) {
	s.advance(now)
	c := s.lookup(id)
	switch {
	case c == nil || !c.owned:
		return 0, ErrUnknown
	case c.state == reset || c.state == over:
		return 0, c.broken()
	case c.finish:
		return 0, ErrFinished
	}
	n, all := 0, 0
	for _, b := range bufs {
		all += len(b)
		took := min(len(b), c.writeRoom())
		c.out.add(&s.pool, b[:took])
		n += took
	}
	if n < all {
		s.hit(clause.UTP37)
		c.blocked = true
	}
	if n == 0 && all > 0 {
		return 0, ErrWait
	}
	s.wake(c)
	return n, nil
}

// Finish ends our stream after what was written; the peer's goes on.
func (s *Socket) Finish(now bt.Instant, id ID) {
	s.advance(now)
	if c := s.lookup(id); c != nil && c.owned {
		c.finish = true
		s.wake(c)
	}
}

// Close gives a connection up: what was written is still delivered, if the peer takes it in time, and then it is told the code, a
// reason of libtorrent's list or 0. Nothing more is heard of the ID.
func (s *Socket) Close(now bt.Instant, id ID, code uint16) {
	s.advance(now)
	c := s.lookup(id)
	if c == nil || !c.owned {
		return
	}
	c.owned, c.finish, c.reason = false, true, code
	c.in.drop(&s.pool, c.in.size)
	c.reorder.drop(&s.pool)
	switch {
	case c.state == synSent:
		c.end(evGiveUp, bt.OK)
	case c.state == connected || c.state == finSent:
		c.endAt = s.now.Add(closingLimit)
		c.ended(s.now)
	}
	s.wake(c)
}

// broken is the error of a connection that is over.
func (c *conn) broken() error {
	switch c.fault {
	case bt.OK:
		return ErrFinished
	case bt.TimedOut:
		return ErrTimeout
	}
	return ErrReset
}

// opening tells the peer of room that reading has made, when it knew of little.
func (c *conn) opening() {
	if c.state != connected && c.state != finSent || c.eof {
		return
	}
	more := c.room() - c.told
	if more >= c.s.cfg.Receive/4 || c.told < littleRoom && more >= muchRoom {
		c.s.hit(clause.UTP20)
		c.ackWanted = true
		c.s.wake(c)
	}
}

const (
	littleRoom = 128 << 10 // [UTP-20] who knows of less
	muchRoom   = 16 << 10  // [UTP-20] is told of so much more
)
