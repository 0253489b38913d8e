package utp

import (
	"encoding/binary"
	"math/rand/v2"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Socket is all uTP connections of one UDP socket. It belongs to one goroutine.
type Socket struct {
	cfg      Config
	now      bt.Instant
	lots     *rand.Rand
	slots    []*conn // by the lower bits of an ID
	free     []int   // slots that nobody has
	born     uint64  // connections so far
	find     map[key]*conn
	porch    *porch
	cookies  *Cookies
	resets   resets
	replies  queue[reply]
	events   queue[Event]
	ready    queue[*conn] // those that may have something to send
	schedule schedule
	pool     pool
	stats    Stats
}

// reply is a packet without payload that belongs to no connection.
type reply struct {
	to     netip.AddrPort
	packet packet
}

// slotBits is how many bits of an ID tell the slot.
const slotBits = 16

// New makes a Socket. All that is random in it, the numbers that a stranger must not guess among them, follows from the seed.
func New(cfg Config, seed uint64) *Socket {
	var secret [32]byte
	binary.LittleEndian.PutUint64(secret[:], seed)
	s := &Socket{cfg: cfg.withDefaults(), lots: rand.New(rand.NewChaCha8(secret)), find: map[key]*conn{}, porch: newPorch(cfg.Recorder)}
	s.cookies = NewCookies(secret)
	s.resets.last = map[netip.Addr]bool{}
	s.pool.limit = s.cfg.Memory
	return s
}

// Arrived takes a datagram, which it does not keep. It is false for one that is not uTP, and so may be for somebody else.
func (s *Socket) Arrived(now bt.Instant, from netip.AddrPort, datagram []byte) bool {
	s.advance(now)
	if !belongs(datagram) {
		s.hit(clause.UTP1)
		return false
	}
	s.stats.Arrived++
	from = netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	var p packet
	if !p.parse(datagram) {
		s.hit(clause.UTP2)
		s.stats.Malformed++
		return true
	}
	if p.kind == kindSyn {
		s.syn(from, &p)
	} else if c := s.owner(from, &p); c != nil && !c.broke() {
		c.arrived(s.now, &p)
		s.wake(c)
	} else {
		s.stranger(from, &p)
	}
	return true
}

// owner is the connection that a packet is for. A reset may carry the id of either direction.
func (s *Socket) owner(from netip.AddrPort, p *packet) *conn {
	if c := s.find[key{from, p.id}]; c != nil || p.kind != kindReset {
		return c
	}
	for _, id := range [...]uint16{p.id - 1, p.id + 1} {
		if c := s.find[key{from, id}]; c != nil && c.sendID == p.id {
			return c
		}
	}
	return nil
}

// Tick takes nothing but the passing of time.
func (s *Socket) Tick(now bt.Instant) { s.advance(now) }

// NextDeadline is when Tick wants to be called, if nothing is before. Transmit has to be called first after any other call.
func (s *Socket) NextDeadline() bt.Instant { return s.schedule.next() }

// advance lets everything happen that is due.
func (s *Socket) advance(now bt.Instant) {
	s.now = max(s.now, now)
	for c, ok := s.schedule.first(s.now); ok; c, ok = s.schedule.first(s.now) {
		c.fire(s.now)
		s.wake(c)
	}
}

// hit counts a clause that was obeyed.
func (s *Socket) hit(id clause.ID) { s.cfg.Recorder.Hit(id) }

// wake has Transmit look at a connection.
func (s *Socket) wake(c *conn) {
	if !c.queued {
		c.queued = true
		s.ready.push(c)
	}
}

// Transmit writes the next datagram that is to be sent into buf, which has room for the largest that Config allows. It is false when there
// is none. What the system does not take is lost like any datagram, and may be reported by Unsent.
func (s *Socket) Transmit(now bt.Instant, buf []byte) (Datagram, bool) {
	if len(buf) < s.cfg.Datagram {
		panic("BUG: no room for a datagram")
	}
	s.advance(now)
	if r, ok := s.replies.pop(); ok {
		r.packet.stamp = micros(s.now)
		w := r.packet.put(buf)
		if r.packet.largest > 0 {
			w.largest(int(r.packet.largest))
		}
		return s.count(Datagram{N: w.n, To: r.to}), true
	}
	for c, ok := s.ready.peek(); ok; c, ok = s.ready.peek() {
		if d, ok := c.transmit(s.now, buf); ok {
			return s.count(d), true
		}
		s.ready.pop()
		c.queued = false
		if c.dead {
			continue
		}
		if c.finished(s.now) {
			s.remove(c)
			continue
		}
		s.schedule.arm(c, c.deadline())
	}
	return Datagram{}, false
}

// count notes a datagram that is sent.
func (s *Socket) count(d Datagram) Datagram {
	s.stats.Sent++
	s.stats.BytesSent += int64(d.N)
	return d
}

// Unsent takes that the system did not send a datagram. It need not be told, but then it takes longer until the datagram is sent again.
func (s *Socket) Unsent(now bt.Instant, d Datagram, why Refusal) {
	s.advance(now)
	if c := s.lookup(d.id); c != nil {
		c.unsentBy(s.now, d, why)
		s.wake(c)
	}
}

// Poll gives the next event, if there is one.
func (s *Socket) Poll(e *Event) bool {
	var ok bool
	*e, ok = s.events.pop()
	return ok
}

// lookup finds a connection by its ID, nil when it is over.
func (s *Socket) lookup(id ID) *conn {
	slot := int(id & (1<<slotBits - 1))
	if slot >= len(s.slots) || s.slots[slot] == nil || s.slots[slot].id != id {
		return nil
	}
	return s.slots[slot]
}

// add makes a connection of the key, or none when there are too many.
func (s *Socket) add(k key, sendID, seq uint16) *conn {
	if len(s.find) >= s.cfg.Conns {
		return nil
	}
	slot := len(s.slots)
	if n := len(s.free); n > 0 {
		slot, s.free = s.free[n-1], s.free[:n-1]
	} else {
		s.slots = append(s.slots, nil)
	}
	s.born++
	c := newConn(s, ID(s.born<<slotBits|uint64(slot)), k, sendID, seq)
	s.slots[slot], s.find[k] = c, c
	return c
}

// remove forgets a connection.
func (s *Socket) remove(c *conn) {
	c.release()
	c.dead = true
	s.schedule.remove(c)
	delete(s.find, c.key)
	s.cookies.Spend(s.now, c.key.from, c.key.id)
	slot := int(c.id & (1<<slotBits - 1))
	s.slots[slot] = nil
	s.free = append(s.free, slot)
}
