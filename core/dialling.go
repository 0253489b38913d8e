package core

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
)

// dialling is who is dialled, and who is next.
type dialling struct {
	queue *dial.Queue
	limit int  // half-open places; as many may wait for one
	turn  int  // the torrent whose known peers are looked at first
	due   bool // something has changed that may let another dial start
}

func newDialling(limit int) dialling { return dialling{queue: dial.NewQueue(limit), limit: limit} }

// dialMore queues known peers while there is room for connections, and dials while there are half-open places: each that is given makes room
// in the queue. [DIA-1]
func (s *Session) dialMore(now bt.Instant) {
	for more := true; more; more = s.dialNext(now) {
		for s.seated() < s.cfg.MaxConns && (s.queueHasRoom() && s.enqueue(now, false) || s.enqueue(now, true)) {
		}
	}
	s.schedule.own[bt.TimerDial] = min(s.nextDial(now), s.askForPeers(now))
}

// dialNext dials who is next, if there is a half-open place; false when there is none, or nobody.
func (s *Session) dialNext(now bt.Instant) bool {
	id, ok := s.dialling.queue.Next()
	if !ok {
		return false
	}
	s.hit(clause.DIA1)
	s.hit(clause.DIA16)
	s.hit(clause.DIA17)
	c := s.conn(id)
	most := peerfsm.ConnectTimeout
	if s.yields(c) {
		most = peerfsm.UTPConnectTimeout
	}
	c.peer.Dial(now, c.because, most)
	s.schedule.touch(c)
	s.out.Emit(bt.Effect{Kind: bt.Dial, Conn: id, Torrent: c.torrent.Local().Torrent, Addr: c.peer.Addr(), Transport: c.peer.Transport()})
	return true
}

// yields tells whether a dial that fails is followed by one over TCP. [DIA-18]
func (s *Session) yields(c *conn) bool {
	return c.peer.Transport() == bt.UTP && s.cfg.Transports.Has(bt.TCP)
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
		if t.Finished() || t.Len() >= fewPeers || !s.roomFor(t) || t.Known().NextAt(now, s.terms(t)) <= now {
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

// queueHasRoom tells whether one more may wait for a half-open place, if not for the user's sake. [DIA-16]
func (s *Session) queueHasRoom() bool { return s.dialling.queue.Waiting() < s.dialling.limit }

// enqueue queues the best known peer of the torrent whose turn it is, or the best that the user named; false when no torrent
// has one.
func (s *Session) enqueue(now bt.Instant, byHand bool) bool {
	for range s.torrents {
		s.dialling.turn = (s.dialling.turn + 1) % len(s.torrents)
		t := s.torrents[s.dialling.turn]
		if !s.roomFor(t) {
			continue
		}
		terms := s.terms(t)
		terms.ByHand = byHand
		addr, ok := t.Known().Next(now, terms)
		if !ok {
			continue
		}
		s.lastID++
		ticket := s.dialling.queue.Join(t.Local().Torrent, s.lastID, t.Known().ByHand(addr))
		queued := bt.NewWhy(now, bt.WaitsForPlace, int64(s.dialling.queue.Ahead(ticket)), int64(s.dialling.limit))
		over, because := t.Known().Over(addr, s.cfg.Transports)
		c := &conn{torrent: t, ticket: ticket, because: because}
		c.peer.Queue(queued, s.lastID, addr, over, &s.self, t.Local())
		t.Join(&c.peer)
		s.admit(c)
		return true
	}
	return false
}

// nextDial is when a known peer may be dialled that may not now.
func (s *Session) nextDial(now bt.Instant) bt.Instant {
	if s.seated() >= s.cfg.MaxConns {
		return bt.Never // a close comes first
	}
	soonest := bt.Never
	for _, t := range s.torrents {
		if s.roomFor(t) {
			terms := s.terms(t)
			terms.ByHand = !s.queueHasRoom() // for others the end of a dial comes first
			soonest = min(soonest, t.Known().NextAt(now, terms))
		}
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
	s.ends = append(s.ends, end{c, ev.Addr})
	s.external.Seen(c.peer.Addr().Addr(), ev.Addr.Addr())
	s.release(c)
	c.peer.Connected(now)
	c.torrent.Arm(&c.peer)
	s.schedule.touch(c)
}

// release gives back the places that a connection holds while it is not open yet.
func (s *Session) release(c *conn) {
	s.seatings++
	s.dialling.queue.Leave(c.ticket)
	s.dialling.due = true
	c.ticket = 0
	if c.shaking {
		c.shaking = false
		s.shaking.end(c.torrent)
	}
}

// terms are what decides whom a torrent may dial, besides what it knows of its peers.
func (s *Session) terms(t *swarm.Torrent) dial.Terms {
	return dial.Terms{Finished: t.Finished(), Bans: s.bans, Own: s.external}
}

// addPeer makes a peer known. The peers of a private torrent are for its tracker to name, and for the user. [DIA-13]
func (s *Session) addPeer(ev *bt.Event) {
	t := s.torrent(ev.Torrent)
	if t == nil {
		return
	}
	if t.Private() && ev.Source == bt.Exchange {
		s.hit(clause.DIA13)
		return
	}
	s.dialling.due = true
	if t.Known().Add(ev.Addr, ev.Source) && ev.Source == bt.Manual {
		s.urge(t)
	}
}

// urge lets those go first whom the user named when they were queued or half-open already. [DIA-16] [LIM-11]
func (s *Session) urge(t *swarm.Torrent) {
	t.Peers(func(p *peerfsm.Peer) {
		if c := s.conn(p.ID()); c.ticket != 0 && t.Known().ByHand(p.Known()) {
			s.dialling.queue.Urge(c.ticket)
		}
	})
}

// remember notes in the book of known peers how a connection ended. A dial over uTP that failed is nothing but a reason to dial over
// TCP. [DIA-6] [DIA-17] [DIA-18] [DUP-5] [LIM-14]
func (s *Session) remember(now bt.Instant, c *conn, why bt.Reason) {
	book, who := c.torrent.Known(), c.peer.Known()
	if c.peer.Queued() {
		s.hit(clause.LIM14)
		book.Withdrawn(who)
		return
	}
	failed := why.Cause == bt.Misbehaved || why.Cause == bt.ConnectTimeout || why.Cause == bt.HandshakeTimeout ||
		(why.Cause == bt.Transported && !c.peer.Open())
	if failed && !c.peer.Open() {
		book.Missed(who, c.peer.Transport())
	}
	if failed && c.peer.Connecting() && s.yields(c) {
		s.hit(clause.DIA18)
		book.Withdrawn(who)
		return
	}
	if failed {
		s.hit(clause.DIA6)
	}
	if why.Cause == bt.Duplicate || why.Cause == bt.SelfConnection {
		s.hit(clause.DUP5)
	}
	if why.Cause == bt.Evicted || why.Cause == bt.TurnedOver || why.Cause == bt.TooMany {
		s.hit(clause.LIM14)
	}
	book.SetUploadOnly(who, c.peer.UploadOnly())
	book.Closed(now, who, failed)
}

// introduced notes where an incoming peer listens, and what it calls us. [EXT-7] [DIA-8] [DIA-15]
func (s *Session) introduced(now bt.Instant, c *conn) {
	p := &c.peer
	if says := p.YourIP(); says.IsValid() {
		s.hit(clause.DIA15)
		s.external.Told(p.Addr().Addr(), says)
	}
	if port := p.ListenPort(); port != 0 && p.Known().Port() == 0 {
		s.hit(clause.DIA8)
		c.torrent.Listens(p, port)
		s.withdraw(now, c)
	}
}

// withdraw gives up the dial of a peer that is connected, as it turns out. The peer cannot have heard of it, so that it is
// safe to end this one: it keeps the other. [DUP-6]
func (s *Session) withdraw(now bt.Instant, c *conn) {
	for _, p := range peersOf(c.torrent) {
		if p != &c.peer && p.Known() == c.peer.Known() && (p.Queued() || p.Connecting()) {
			s.hit(clause.DUP6)
			s.close(now, s.conn(p.ID()), bt.Reason{Cause: bt.Duplicate})
		}
	}
}
