package model

import (
	"time"

	"peerwire/core/bt"
)

// The times of a connection.
const (
	connectTime    = 15 * time.Second  // [TMR-3]
	briefTime      = 3 * time.Second   // [TMR-21]
	handshakeTime  = 10 * time.Second  // [TMR-4] [TMR-20]
	inactiveTime   = 120 * time.Second // [TMR-6]
	pieceTime      = 20 * time.Second  // [TMR-8]
	noRequestTime  = 60 * time.Second  // [TMR-11]
	redundantTime  = 10 * time.Second  // [TMR-16]
	untakenTime    = 120 * time.Second // [TMR-15]
	noInterestTime = 600 * time.Second // [TMR-12]
	lateness       = 5 * time.Second   // [TMR-14]
)

// deadline is when something is due, and what.
type deadline struct {
	at   bt.Instant
	conn bt.ConnID // 0 when it is the session's own
	kind int       // of equals the smaller comes first
	name string
}

// The kinds of deadlines, in the order in which they fire at one time on one connection.
const (
	dueConnect = iota
	dueHandshake
	dueInactive
	dueNoRequest
	dueRequest
	dueRedundant
	dueUntaken
	dueRest
	dueKeepAlive
	dueHaves
	dueRound
	dueRotate
	dueDial
	dueNoInterest
	dueTwin
	dueTurnover
)

// deadlines lists all that will be due. [TMR-1]
func (w *world) deadlines() (list []deadline) {
	if w.rounds.rank != 0 {
		list = append(list, deadline{w.rounds.rank, 0, dueRound, "a round of the choker"})
	}
	if w.rounds.rotate != 0 {
		list = append(list, deadline{w.rounds.rotate, 0, dueRotate, "the optimistic slots"})
	}
	if at, _ := w.leastInteresting(); at != bt.Never {
		list = append(list, deadline{at, 0, dueNoInterest, "making room"})
	}
	if at := w.nextDial(); at != bt.Never {
		list = append(list, deadline{at, 0, dueDial, "a dial"})
	}
	if w.crowdedAt != before {
		list = append(list, deadline{w.crowdedAt.Add(turnoverEvery), 0, dueTurnover, "the turnover"})
	}
	for i := range w.conns {
		c := &w.conns[i]
		list = append(list, w.deadlinesOf(c)...)
		if c.doomed != 0 {
			list = append(list, deadline{c.doomed, 0, dueTwin, "the other side to decide"})
		}
	}
	return list
}

// deadlinesOf lists the deadlines of a connection. While we do not read from it, those that blame the peer stand still. [TMR-13]
func (w *world) deadlinesOf(c *conn) (list []deadline) {
	add := func(kind int, name string, from bt.Instant, d time.Duration) {
		list = append(list, deadline{from.Add(d), c.id, kind, name})
	}
	if c.stage == shaking || c.stage == open && !c.said.shaken { // [TMR-20]
		add(dueHandshake, "the handshake", c.openedAt, handshakeTime)
	}
	if w.brief(c) {
		add(dueConnect, "connecting", c.dialledAt, briefTime)
	} else if c.stage == connecting {
		add(dueConnect, "connecting", c.dialledAt, connectTime)
	}
	if !c.held {
		switch {
		case c.stage == shaking:
			add(dueInactive, "inactivity", c.heardAt, inactiveTime)
		case c.stage == open:
			add(dueInactive, "inactivity", c.heardAt, inactiveTime)
		}
		if c.stage == open && w.torrent(c.tor).complete() && c.slot != choked && c.interested && len(c.queue) == 0 {
			add(dueNoRequest, "asking for nothing", c.usedAt, noRequestTime)
		}
		if c.redundant {
			add(dueRedundant, "being of use", c.redundantAt, redundantTime)
		}
		if c.live() > 0 {
			add(dueRequest, "a request", min(c.clock.start.Add(c.clock.limit()), c.clock.flow.Add(pieceTime)), 0)
		}
	}
	if len(c.said.untold.pieces) > 0 && !c.armed {
		add(dueHaves, "telling of pieces", c.said.untold.since, haveTime)
	}
	if c.armed {
		add(dueUntaken, "taking what is written", c.takenAt, untakenTime)
	}
	if c.restAt != 0 {
		add(dueRest, "asking again", c.restAt, 0)
	}
	if at := c.said.at.Add(keepAliveEvery); c.stage == open && at > w.now {
		add(dueKeepAlive, "a keep-alive", at, 0)
	}
	return list
}

// forgive puts off the times that blame a peer, when time has jumped. [TMR-14]
func (w *world) forgive(late, gap time.Duration) {
	if late <= lateness {
		return
	}
	for i := range w.conns {
		c := &w.conns[i]
		c.takenAt, c.boringAt = c.takenAt.Add(gap), c.boringAt.Add(gap)
		if c.doomed != 0 {
			c.doomed = c.doomed.Add(gap)
		}
		if !c.held {
			c.postpone(gap)
		}
	}
}

// fire lets all happen that is due: in the order of time, connection, kind; of equals the session's own come first. [TMR-2]
func (w *world) fire() {
	for w.err == nil {
		first := deadline{at: bt.Never}
		for _, d := range w.deadlines() {
			if d.at < first.at || d.at == first.at && (d.conn < first.conn || d.conn == first.conn && d.kind < first.kind) {
				first = d
			}
		}
		if first.at > w.now || first.kind == dueDial {
			return
		}
		w.fireOne(first)
	}
}

func (w *world) fireOne(d deadline) {
	c := w.conn(d.conn)
	switch d.kind {
	case dueRound:
		w.round()
	case dueRotate:
		w.rotate()
	case dueNoInterest:
		w.makeRoom()
	case dueTurnover:
		w.turnover()
	case dueTwin:
		w.execute(d.at)
	case dueConnect:
		w.close(c, bt.Reason{Cause: bt.ConnectTimeout})
	case dueHandshake:
		w.close(c, bt.Reason{Cause: bt.HandshakeTimeout})
	case dueInactive:
		w.close(c, bt.Reason{Cause: bt.Inactive})
	case dueNoRequest:
		w.close(c, bt.Reason{Cause: bt.NoRequest})
	case dueRequest:
		w.overdue(c, d.at)
	case dueRedundant:
		w.close(c, bt.Reason{Cause: bt.Uninteresting})
	case dueUntaken:
		w.close(c, bt.Reason{Cause: bt.TakesNothing})
	case dueHaves:
		c.said.untold.pieces = nil
	case dueRest:
		c.restAt, c.rejects = 0, 0
	}
}
