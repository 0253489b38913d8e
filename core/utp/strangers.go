package utp

import (
	"net/netip"

	"peerwire/core/clause"
)

// syn takes a packet that wants to begin a connection. The answer is one STATE, no larger than the SYN was; until the number in
// it comes back there is nothing but a place on the porch.
func (s *Socket) syn(from netip.AddrPort, p *packet) {
	k := key{from, p.id + 1}
	if s.find[k] != nil {
		return // the connection is there already, or the id is taken
	}
	h, ok := s.porch.look(s.now, k)
	if !ok {
		if len(s.find) >= s.cfg.Conns {
			return
		}
		s.porch.add(newHalfOpen(s.now, k, s.cookies.Number(s.now, from, k.id, p.seq), p))
		h, _ = s.porch.look(s.now, k)
		s.hit(clause.UTP5)
	} else if h.ack != p.seq {
		return
	}
	answer := packet{
		kind: kindState, id: p.id, difference: micros(s.now) - p.stamp, window: uint32(roomFor(s.cfg.Receive, h.short)), seq: h.seq, ack: h.ack,
	}
	if h.short {
		s.hit(clause.UTP39)
	}
	if p.largest > 0 {
		answer.largest = uint16(s.cfg.Datagram)
		s.hit(clause.UTP36)
	}
	s.hit(clause.UTP6)
	s.reply(from, answer)
}

// stranger takes a packet of no connection: it opens the one that waits half open if it gives our number back, and else
// hears that there is none.
func (s *Socket) stranger(from netip.AddrPort, p *packet) {
	k := key{from, p.id}
	h, ok := s.porch.look(s.now, k)
	if !ok && p.kind != kindReset && s.now < s.porch.full && s.find[k] == nil {
		h, ok = s.recall(k, p)
	}
	switch {
	case ok && p.kind != kindReset && goesOn(h.seq, p.ack):
		s.accept(h, p)
	case ok:
		s.stats.Ignored++
		if h.wrong++; h.wrong == mostWrong {
			s.porch.leave(h, evExpired)
		}
	case p.kind == kindReset:
		s.stats.Ignored++
	case s.resets.allow(s.now, from.Addr()):
		s.hit(clause.UTP9)
		s.reply(from, packet{kind: kindReset, id: p.id, difference: micros(s.now) - p.stamp, seq: uint16(s.lots.Uint32()), ack: p.seq})
	}
}

// recall makes anew what was given up for others, if the packet shows that it was there. What the SYN said of datagrams and of its sender is
// forgotten, so it is taken for one that takes little. [UTP-7]
func (s *Socket) recall(k key, p *packet) (*halfOpen, bool) {
	syn, number, ok := s.cookies.Recall(s.now, k.from, k.id, p.seq, p.ack)
	if !ok {
		return nil, false
	}
	h := newHalfOpen(s.now, k, number, &packet{seq: syn})
	h.short, h.recalled = true, true
	return &h, true
}

// accept makes a connection of a half-open one, whose first packet p is. Some count our STATE as a packet, and some do not: the next
// number is the one that the peer waits for.
func (s *Socket) accept(h *halfOpen, p *packet) {
	c := s.add(h.key, h.key.id-1, p.ack+1)
	if c == nil {
		return
	}
	s.hit(clause.UTP3)
	s.hit(clause.UTP6)
	c.state = h.state
	c.step(evValidated)
	c.ack, c.peerLargest, c.short = h.ack, int(h.largest), h.short
	c.opened()
	if !h.recalled {
		s.porch.leave(h, evValidated)
	}
	s.events.push(Event{Kind: Accepted, ID: c.id, From: h.key.from})
	c.arrived(s.now, p)
	s.wake(c)
}

// reply has a packet sent, unless too many wait.
func (s *Socket) reply(to netip.AddrPort, p packet) {
	if s.replies.n >= mostReplies {
		return
	}
	s.hit(clause.UTP8)
	s.replies.push(reply{to: to, packet: p})
}
