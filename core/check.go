package core

import (
	"fmt"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
)

// Check gives the first thing that is wrong with the session or what belongs to it, or nil. Nothing that anybody
// does can make it fail; tests, simulation and fuzzing call it after every event.
func (s *Session) Check() error {
	for _, t := range s.torrents {
		if err := t.Check(); err != nil {
			return fmt.Errorf("torrent %d: %w", t.Local().Torrent, err)
		}
	}
	if err := s.checkConns(); err != nil {
		return err
	}
	if err := s.checkSlots(); err != nil {
		return err
	}
	return s.checkSchedule()
}

// checkConns wants every connection counted once, and no limit passed. [LIM-1] [LIM-8] [LIM-12] [LIM-13] [DIA-1]
func (s *Session) checkConns() error {
	bound, halfOpen := 0, 0
	var err error
	for _, t := range s.torrents {
		if fault := s.checkPlaces(t); fault != nil {
			return fault
		}
		t.Peers(func(p *peerfsm.Peer) {
			bound++
			if c := s.conn(p.ID()); c == nil || &c.peer != p || c.torrent != t {
				err = fmt.Errorf("%v is not a connection of its torrent", p.ID())
			}
			if p.Connecting() {
				halfOpen++
			}
		})
	}
	unbound, shaking := 0, 0
	for _, e := range s.schedule.heap {
		c := e.conn
		if c.torrent == nil {
			unbound++
		}
		if c.shaking {
			shaking++
		}
	}
	switch {
	case err != nil:
		return err
	case bound+unbound != s.conns.Len() || s.conns.Len() != len(s.schedule.heap):
		return fmt.Errorf("%d connections, %d bound, %d not, %d scheduled", s.conns.Len(), bound, unbound, len(s.schedule.heap))
	case s.seated() > max(0, s.cfg.MaxConns), halfOpen > s.cfg.MaxHalfOpen:
		return fmt.Errorf("%d connections, %d half-open", s.conns.Len(), halfOpen)
	case shaking != s.shaking.all || shaking > MaxHandshakes:
		return fmt.Errorf("%d in handshake, counted as %d", shaking, s.shaking.all)
	case s.disk.waiting < 0:
		return fmt.Errorf("%d bytes wait for the disk", s.disk.waiting)
	}
	return nil
}

// checkPlaces wants a torrent's connections to be no more than it may have, together and with each address.
func (s *Session) checkPlaces(t *swarm.Torrent) error {
	shaking := 0
	crowd := make(map[netip.Addr]int)
	var err error
	t.Peers(func(p *peerfsm.Peer) {
		if c := s.conn(p.ID()); c != nil && c.shaking {
			shaking++
		}
		a := p.Addr().Addr()
		crowd[bt.Site(a)]++
		if crowd[bt.Site(a)] > dial.MaxPerAddress && !a.IsLoopback() {
			err = fmt.Errorf("torrent %d has too many connections with %v", t.Local().Torrent, a)
		}
	})
	t.Peers(func(p *peerfsm.Peer) {
		if a := p.Addr().Addr(); t.Known().With(a) != crowd[bt.Site(a)] {
			err = fmt.Errorf("torrent %d counts %d connections with %v", t.Local().Torrent, t.Known().With(a), a)
		}
	})
	if n := s.shaking.of[t.Local().Torrent]; n != shaking {
		return fmt.Errorf("torrent %d has %d in handshake, counted as %d", t.Local().Torrent, shaking, n)
	}
	if n := s.seatedOf(t); t.MaxConns() > 0 && n > t.MaxConns() {
		return fmt.Errorf("torrent %d has %d connections", t.Local().Torrent, n)
	}
	return err
}

// checkSchedule wants a heap, no entry of which is later than its connection's deadline.
func (s *Session) checkSchedule() error {
	h := &s.schedule
	if len(h.heap) > 0 && h.heap[0].deadline != h.soonest || len(h.heap) == 0 && h.soonest != bt.Never {
		return fmt.Errorf("%d connections are scheduled, the first for %v", len(h.heap), h.soonest)
	}
	for i, e := range h.heap {
		c := e.conn
		at, name := c.peer.Deadline()
		switch {
		case int(c.place) != i, i > 0 && h.less(i, (i-1)/2):
			return fmt.Errorf("%v stands at %d of the schedule, and thinks at %d", c.peer.ID(), i, c.place)
		case at < e.deadline:
			return fmt.Errorf("%v: %v is due at %v, and looked at only at %v", c.peer.ID(), name, at, e.deadline)
		}
	}
	for i, o := range s.sentences {
		if s.conn(o.conn.peer.ID()) != o.conn || !o.conn.sentenced || i > 0 && o.at < s.sentences[i-1].at {
			return fmt.Errorf("%v is to end at %v", o.conn.peer.ID(), o.at)
		}
	}
	for k, at := range h.own {
		if at < 0 || at == bt.Never && bt.Timer(k) != bt.TimerDial {
			return fmt.Errorf("%v is due at %v", bt.Timer(k), at)
		}
	}
	return nil
}
