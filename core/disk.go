package core

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/swarm"
)

// maxUnstored is how many bytes of received blocks may wait for the disk before we stop reading from the peers
// that bring more.
const maxUnstored = 16 << 20 // [LIM-9]

// diskLoad is what the disk has to do still.
type diskLoad struct {
	waiting int     // bytes of blocks given to it and not stored yet
	paused  []*conn // in the order in which they were stopped
}

// pauseForDisk stops reading from a peer that brings more than the disk can take.
func (s *Session) pauseForDisk(now bt.Instant, c *conn) {
	if s.disk.waiting > maxUnstored && !c.paused {
		s.hit(clause.LIM9)
		c.paused = true
		s.disk.paused = append(s.disk.paused, c)
		s.hold(now, c, true)
	}
}

// resumeFromDisk goes on reading when half of what waited is stored.
func (s *Session) resumeFromDisk(now bt.Instant) {
	if s.disk.waiting > maxUnstored/2 || len(s.disk.paused) == 0 {
		return
	}
	for _, c := range s.disk.paused {
		if s.conn(c.peer.ID()) != c {
			continue
		}
		c.paused = false
		s.hold(now, c, c.clogged)
	}
	s.disk.paused = s.disk.paused[:0]
}

// answered takes the disk's answer to Store or Fetch. What it was for may be gone. [TOR-3]
func (s *Session) answered(now bt.Instant, ev *bt.Event) {
	if w, ok := s.out.Stored(ev.Token); ok {
		s.stored(now, ev, &w)
	} else if to, ok := s.out.Fetched(ev.Token); ok {
		s.fetched(now, ev, to)
	}
}

func (s *Session) stored(now bt.Instant, ev *bt.Event, w *swarm.Storing) {
	s.disk.waiting -= int(w.Block.Length)
	switch t := s.torrent(w.Torrent); {
	case t == nil || !t.Gave(ev.Token):
	case ev.Fault == bt.OK && s.bans.Banned(now, w.From):
		t.Shunned(w.Block)
	default:
		t.Stored(w.Block, ev.Fault)
	}
	s.resumeFromDisk(now)
}

func (s *Session) fetched(now bt.Instant, ev *bt.Event, to bt.ConnID) {
	c := s.conn(to)
	if c == nil || c.torrent == nil {
		return
	}
	c.torrent.Fetched(&c.peer, ev.Token, ev.Fault)
	s.schedule.touch(c)
	if ev.Fault != bt.OK { // something is missing again
		s.dialling.due = true
		s.touchAll(c.torrent)
	}
}

// verified takes the verdict on a piece.
func (s *Session) verified(now bt.Instant, ev *bt.Event) {
	t := s.torrent(ev.Torrent)
	if t == nil || !t.Awaits(ev.Piece) {
		return
	}
	if ev.Sums != nil {
		s.hit(clause.TRU10)
	}
	switch {
	case ev.Fault != bt.OK:
		t.Unverified(ev.Piece, ev.Fault)
	case ev.Good:
		s.banAll(now, t, ev.Piece, t.Passed(ev.Piece, ev.Sums))
		if t.Finished() {
			s.closePointless(now, t)
		}
		s.touchAll(t)
	default:
		s.banAll(now, t, ev.Piece, t.Failed(ev.Piece, ev.Sums))
	}
}

// touchAll is touch for all connections of a torrent: a piece that is ours, or not any more, concerns them all. [TMR-11] [TMR-16]
func (s *Session) touchAll(t *swarm.Torrent) {
	for i := range s.schedule.heap { // who moves up in it changes places with some that were touched
		if c := s.schedule.heap[i].conn; c.torrent == t {
			s.schedule.touch(c)
		}
	}
}

// closePointless closes the connections that no side can use any more, now that we have every piece. [DIA-9]
func (s *Session) closePointless(now bt.Instant, t *swarm.Torrent) {
	for _, p := range peersOf(t) {
		if c := s.conn(p.ID()); c != nil && t.Pointless(p) {
			s.hit(clause.DIA9)
			s.close(now, c, bt.Reason{Cause: bt.BothSeeds})
		}
	}
}
