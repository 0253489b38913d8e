package core

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
)

// dialling is who is dialled, and who is next.
type dialling struct {
	queue *dial.Queue
	limit int  // half-open places; as many may wait for one
	turn  int  // the torrent whose known peers are looked at first
	due   bool // something has changed that may let another dial start
}

func newDialling(limit int) dialling { return dialling{queue: dial.NewQueue(limit), limit: limit} }

// dialMore queues known peers while there is room for connections, and dials while there are half-open places. [DIA-1]
func (s *Session) dialMore(now bt.Instant) {
	for len(s.conns) < s.cfg.MaxConns && s.dialling.queue.Waiting() < s.dialling.limit && s.enqueue(now) {
	}
	for {
		id, ok := s.dialling.queue.Next()
		if !ok {
			break
		}
		s.hit(clause.DIA1)
		c := s.conns[id]
		c.peer.Dial(now)
		s.schedule.touch(c)
		s.out.Emit(bt.Effect{Kind: bt.Dial, Conn: id, Torrent: c.torrent.Local().Torrent, Addr: c.peer.Addr(), Transport: c.peer.Transport()})
	}
	s.schedule.own[bt.TimerDial] = min(s.nextDial(now), s.askForPeers(now))
}

// A torrent that has so few connections, and nobody to dial, asks for more peers so often. [DIA-12]
const (
	fewPeers = 8                // [DIA-12]
	askAgain = 60 * time.Second // [DIA-12]
)

// askForPeers asks for more peers where they are few, and tells when it will have to again.
func (s *Session) askForPeers(now bt.Instant) (again bt.Instant) {
	again = bt.Never
	for _, t := range s.torrents {
		if t.Finished() || t.Len() >= fewPeers {
			continue
		}
		if at, asked := t.AskedForPeers(); !asked || now >= at.Add(askAgain) {
			s.hit(clause.DIA12)
			t.AskForPeers(now)
		}
		at, _ := t.AskedForPeers()
		again = min(again, at.Add(askAgain))
	}
	return again
}

// enqueue queues the best known peer of the torrent whose turn it is; false when no torrent has one.
func (s *Session) enqueue(now bt.Instant) bool {
	for range s.torrents {
		s.dialling.turn = (s.dialling.turn + 1) % len(s.torrents)
		t := s.torrents[s.dialling.turn]
		addr, ok := t.Known().Next(now, t.Finished(), s.bans)
		if !ok {
			continue
		}
		s.lastID++
		queued := bt.NewWhy(now, bt.WaitsForPlace, int64(s.dialling.queue.Waiting()), int64(s.dialling.limit))
		c := &conn{torrent: t, peer: peerfsm.NewOutgoing(queued, s.lastID, addr, bt.TCP, &s.self, t.Local())}
		c.ticket = s.dialling.queue.Join(t.Local().Torrent, s.lastID, t.Known().ByHand(addr))
		t.Join(c.peer)
		s.admit(c)
		return true
	}
	return false
}

// nextDial is when a known peer may be dialled that may not now.
func (s *Session) nextDial(now bt.Instant) bt.Instant {
	if len(s.conns) >= s.cfg.MaxConns || s.dialling.queue.Waiting() >= s.dialling.limit {
		return bt.Never // a close, or the end of a dial, comes first
	}
	soonest := bt.Never
	for _, t := range s.torrents {
		soonest = min(soonest, t.Known().NextAt(now, t.Finished(), s.bans))
	}
	if soonest <= now {
		return bt.Never
	}
	return soonest
}

// dialled takes the answer to a dial.
func (s *Session) dialled(now bt.Instant, c *conn, ev *bt.Event) {
	if !c.peer.Connecting() {
		return
	}
	if ev.Fault != bt.OK {
		s.close(now, c, bt.Reason{Cause: bt.Transported, Fault: ev.Fault})
		return
	}
	c.local = ev.Addr
	s.release(c)
	c.peer.Connected(now)
	c.torrent.Arm(c.peer)
	s.schedule.touch(c)
}

// release gives back the places that a connection holds while it is not open yet.
func (s *Session) release(c *conn) {
	s.dialling.queue.Leave(c.ticket)
	s.dialling.due = true
	c.ticket = 0
	if c.shaking {
		c.shaking = false
		s.shaking--
	}
}

// remember notes in the book of known peers how a connection ended. [DIA-6] [DUP-5]
func (s *Session) remember(now bt.Instant, c *conn, why bt.Reason) {
	failed := why.Cause == bt.Misbehaved || why.Cause == bt.ConnectTimeout || why.Cause == bt.HandshakeTimeout ||
		(why.Cause == bt.Transported && !c.peer.Open())
	if failed {
		s.hit(clause.DIA6)
	}
	if why.Cause == bt.Duplicate || why.Cause == bt.SelfConnection {
		s.hit(clause.DUP5)
	}
	book := c.torrent.Known()
	book.SetUploadOnly(c.peer.Known(), c.peer.UploadOnly())
	book.Closed(now, c.peer.Known(), failed)
}

// introduced notes where an incoming peer listens. [EXT-7] [DIA-8]
func (s *Session) introduced(c *conn) {
	if port := c.peer.ListenPort(); port != 0 && c.peer.Known().Port() == 0 {
		s.hit(clause.DIA8)
		c.torrent.Listens(c.peer, port)
	}
}
