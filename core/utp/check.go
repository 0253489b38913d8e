package utp

import (
	"errors"
	"fmt"
	"slices"

	"peerwire/core/bt"
)

// Check gives the first thing that is wrong with the Socket, or nil. Nothing that anybody does can make it fail; tests,
// simulation and fuzzing call it after every event.
func (s *Socket) Check() error {
	lent, live := 0, 0
	for _, c := range s.slots {
		if c == nil {
			continue
		}
		live++
		if err := c.check(); err != nil {
			return fmt.Errorf("%s: %w", c.id, err)
		}
		lent += (len(c.in.chunks)-c.in.first+len(c.out.chunks)-c.out.first)*chunkSize + c.reorder.held
	}
	switch {
	case live != len(s.find) || live > s.cfg.Conns || live+len(s.free) != len(s.slots):
		return fmt.Errorf("%d connections, %d to be found, %d slots free of %d", live, len(s.find), len(s.free), len(s.slots))
	case lent != s.pool.lent:
		return fmt.Errorf("%d bytes are lent, and %d counted", lent, s.pool.lent)
	case s.replies.n > mostReplies:
		return fmt.Errorf("%d replies wait", s.replies.n)
	case s.resets.n != len(s.resets.last):
		return fmt.Errorf("%d resets are remembered, of %d sites", s.resets.n, len(s.resets.last))
	}
	return errors.Join(s.porch.check(), s.schedule.check())
}

// check counts the half-open connections anew. [UTP-7]
func (p *porch) check() error {
	n := 0
	for i := range p.places {
		h := &p.places[i]
		if h.state != synReceived {
			continue
		}
		n++
		if at, ok := p.find[h.key]; !ok || at != i {
			return fmt.Errorf("%s waits half open and cannot be found", h.key.from)
		}
		if of := p.sites[bt.Site(h.key.from.Addr())]; !slices.Contains(of.places[:of.n], uint16(i)) {
			return fmt.Errorf("%s waits half open, and its site does not know", h.key.from)
		}
	}
	if n != len(p.find) {
		return fmt.Errorf("%d wait half open, %d can be found", n, len(p.find))
	}
	return nil
}

// check looks at the order of the heap.
func (s *schedule) check() error {
	for i, c := range s.heap {
		if !c.scheduled || c.place != i || i > 0 && sooner(c, s.heap[(i-1)/2]) {
			return fmt.Errorf("%s is out of order in the schedule", c.id)
		}
	}
	return nil
}

// check finds what contradicts itself in a connection.
func (c *conn) check() error {
	if err := c.flight.check(); err != nil {
		return err
	}
	idle := c.flight.idle()
	switch {
	case c.flight.span > c.out.size || c.flight.count() > packetsAhead:
		return fmt.Errorf("%d bytes in %d packets were sent of %d", c.flight.span, c.flight.count(), c.out.size)
	case (c.state == connected || c.state == finSent) && !idle && c.rtoAt == bt.Never && c.flight.out.n > 0:
		return errors.New("something flies, and nothing is waited for")
	case c.in.size > c.s.cfg.Receive || c.reorder.held > 2*c.s.cfg.Receive+poolSizes[len(poolSizes)-1]:
		return fmt.Errorf("%d bytes unread, and %d kept out of order", c.in.size, c.reorder.held)
	case c.window.bytes < 1 || c.window.bytes > mostWindow:
		return fmt.Errorf("a window of %d", c.window.bytes)
	case c.search.good >= c.search.bad || c.search.good > c.search.most:
		return fmt.Errorf("datagrams of %d pass, of %d do not, and of %d are not tried", c.search.good, c.search.bad, c.search.most)
	case c.finCut && (c.state == connected || c.waiting() > 0):
		return errors.New("the FIN went before the end")
	case c.runts < 0 || c.runts > c.flight.count():
		return fmt.Errorf("%d small packets of %d", c.runts, c.flight.count())
	}
	return c.reorder.check(c.ack)
}

// check counts what is kept out of order.
func (r *reorder) check(ack uint16) error {
	n, bytes, held := 0, 0, 0
	for i, b := range r.packets {
		if b != nil {
			n, bytes, held = n+1, bytes+len(b), held+cap(b)
		}
		if seq := ack + 1 + uint16(i); r.here.has(seq) != (r.packets[int(seq)&(len(r.packets)-1)] != nil) {
			return fmt.Errorf("packet %d is kept and not marked, or the other way round", seq)
		}
	}
	if n != r.count || bytes != r.bytes || held != r.held {
		return fmt.Errorf("%d packets of %d bytes are kept in %d, %d of %d in %d counted", n, bytes, held, r.count, r.bytes, r.held)
	}
	return nil
}

// check counts everything anew.
func (f *flight) check() error {
	var n [3]int
	bytes, span := 0, 0
	for seq := f.una; seq != f.end; seq++ {
		p := f.at(seq)
		n[p.place]++
		span += p.size
		if p.place == flying {
			bytes += p.size
		}
	}
	if n[flying] != f.out.n || n[lost] != f.back.n || bytes != f.bytes || span != f.span {
		return fmt.Errorf("flight holds %d flying, %d lost, %d bytes, %d in all; counted were %d, %d, %d, %d",
			n[flying], n[lost], bytes, span, f.out.n, f.back.n, f.bytes, f.span)
	}
	if order := f.orders; slices.ContainsFunc(f.ring, func(p sent) bool { return p.order > order }) {
		return errors.New("a packet has an order that was not given out")
	}
	return nil
}
