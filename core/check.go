package core

import (
	"fmt"

	"peerwire/core/bt"
	"peerwire/core/peerfsm"
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

// checkConns wants every connection counted once, and no limit passed. [LIM-1] [LIM-8] [DIA-1]
func (s *Session) checkConns() error {
	bound, halfOpen := 0, 0
	var err error
	for _, t := range s.torrents {
		t.Peers(func(p *peerfsm.Peer) {
			bound++
			if c := s.conns[p.ID()]; c == nil || c.peer != p || c.torrent != t {
				err = fmt.Errorf("%v is not a connection of its torrent", p.ID())
			}
			if p.Connecting() {
				halfOpen++
			}
		})
	}
	unbound, shaking := 0, 0
	for _, c := range s.schedule.heap {
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
	case bound+unbound != len(s.conns) || len(s.conns) != len(s.schedule.heap):
		return fmt.Errorf("%d connections, %d bound, %d not, %d scheduled", len(s.conns), bound, unbound, len(s.schedule.heap))
	case len(s.conns) > s.cfg.MaxConns, halfOpen > s.cfg.MaxHalfOpen:
		return fmt.Errorf("%d connections, %d half-open", len(s.conns), halfOpen)
	case shaking != s.shaking || shaking > maxShaking:
		return fmt.Errorf("%d in handshake, counted as %d", shaking, s.shaking)
	case s.disk.waiting < 0:
		return fmt.Errorf("%d bytes wait for the disk", s.disk.waiting)
	}
	return nil
}

// checkSchedule wants a heap, no entry of which is later than its connection's deadline.
func (s *Session) checkSchedule() error {
	h := &s.schedule
	for i, c := range h.heap {
		at, name := c.peer.Deadline()
		switch {
		case c.place != i, i > 0 && h.less(i, (i-1)/2):
			return fmt.Errorf("%v stands at %d of the schedule, and thinks at %d", c.peer.ID(), i, c.place)
		case at < c.deadline:
			return fmt.Errorf("%v: %v is due at %v, and looked at only at %v", c.peer.ID(), name, at, c.deadline)
		}
	}
	for k, at := range h.own {
		if at < 0 || at == bt.Never && bt.Timer(k) != bt.TimerDial {
			return fmt.Errorf("%v is due at %v", bt.Timer(k), at)
		}
	}
	return nil
}
