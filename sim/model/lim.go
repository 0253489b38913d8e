package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// The limits of connections. [TMR-12] [LIM-10] [LIM-12] [LIM-15]
const (
	spare         = 5  // with fewer places free, those of no interest make room
	dialsKeep     = 10 // percent of the places
	perAddress    = 8
	turnoverEvery = 300 * time.Second
	turnoverFrom  = 90 // percent of the places
	turnoverPart  = 4  // percent of the connections
	turnoverLeast = 5  // places
	turnoverYouth = 60 * time.Second
)

// seated is how many connections hold a place, of a torrent or of all when it is 0: all but the incoming ones that are in handshake.
// [LIM-1]
func (w *world) seated(of bt.TorrentID) (n int) {
	for i := range w.conns {
		c := &w.conns[i]
		if (c.outgoing || c.stage == open && !c.mirror) && (of == 0 || c.tor == of) {
			n++
		}
	}
	return n
}

// full tells whether an address has as many connections with a torrent as it may have. [LIM-12]
func (w *world) full(c *conn, id bt.TorrentID) bool {
	n := 0
	for i := range w.conns {
		if o := &w.conns[i]; o.tor == id && site(o.addr.Addr()) == site(c.addr.Addr()) {
			n++
		}
	}
	return n >= perAddress && !c.addr.Addr().Unmap().IsLoopback()
}

// seat finds a place for an incoming connection whose handshake is done; when there is none, it or another ends: who was queued last, who has
// been connecting longest, or who has the lowest canonical priority. Priorities are not modelled: any that may end for another is right.
// It tells whether the connection stays. [LIM-10] [LIM-11]
func (w *world) seat(id bt.ConnID) bool {
	if c := w.conn(id); c.outgoing || w.seated(0) <= w.cfg.MaxConns {
		return true
	}
	var last, longest *conn
	halfOpen := 0
	for i := range w.conns {
		o := &w.conns[i]
		if o.stage == connecting {
			halfOpen++
		}
		switch {
		case w.byHand(o):
		case o.stage == queued:
			if last == nil || o.id > last.id {
				last = o
			}
		case o.stage == connecting:
			if longest == nil || o.dialledAt < longest.dialledAt || o.dialledAt == longest.dialledAt && w.saw(o.id) == nil {
				longest = o
			}
		}
	}
	switch {
	case last != nil:
		w.close(last, bt.Reason{Cause: bt.Evicted})
		return true
	case 100*halfOpen > w.cfg.MaxConns*dialsKeep && longest != nil:
		w.close(longest, bt.Reason{Cause: bt.Evicted})
		return true
	}
	return w.rankOut(id)
}

// rankOut follows who of those that have a place, and the newcomer, ends for its priority. [LIM-10] [LIM-11]
func (w *world) rankOut(id bt.ConnID) bool {
	for _, e := range w.seen.Effects {
		c := w.conn(e.Conn)
		switch {
		case e.Kind != bt.Close || c == nil:
		case e.Conn == id && e.Reason.Cause == bt.TooMany:
			w.close(c, bt.Reason{Cause: bt.TooMany})
			return false
		case e.Reason.Cause == bt.Evicted:
			if c.stage != open || c.slot != choked || w.byHand(c) {
				w.fail(clause.LIM11, "%v makes room for %v, and may not", e.Conn, id)
			}
			w.close(c, bt.Reason{Cause: bt.Evicted})
			return true
		}
	}
	w.fail(clause.LIM10, "nobody ends for %v", id)
	return true
}

// leastInteresting is when the connection of least interest must make room, and which these are; never when connections are not
// short, or each is of interest to somebody. [TMR-12]
func (w *world) leastInteresting() (at bt.Instant, ids []bt.ConnID) {
	at = bt.Never
	if w.seated(0) <= w.cfg.MaxConns-spare {
		return at, nil
	}
	for i := range w.conns {
		c := &w.conns[i]
		if due := c.boringAt.Add(noInterestTime); c.boring && due <= at {
			if due < at {
				at, ids = due, nil
			}
			ids = append(ids, c.id)
		}
	}
	return at, ids
}

// makeRoom closes the connection of least interest, while connections are short. [TMR-12]
func (w *world) makeRoom() {
	for {
		at, ids := w.leastInteresting()
		if at > w.now {
			return
		}
		id := ids[w.which(len(ids), func(i int) bool { return w.saw(ids[i]) == nil })]
		w.close(w.conn(id), bt.Reason{Cause: bt.Uninteresting})
	}
}

// crowd notes since when nearly all places are taken. [LIM-15]
func (w *world) crowd() {
	switch full := w.cfg.MaxConns > turnoverLeast && w.seated(0)*100 >= w.cfg.MaxConns*turnoverFrom; {
	case !full:
		w.crowdedAt = before
	case w.crowdedAt == before:
		w.crowdedAt = w.now
	}
}

// turnover closes the least useful connections of the largest torrent, as far as there are known peers to take their places. [LIM-15]
func (w *world) turnover() {
	w.crowdedAt = before
	var of []bt.TorrentID // the largest
	for i := range w.torrents {
		id := w.torrents[i].id
		switch {
		case len(of) == 0 || w.seated(id) > w.seated(of[0]):
			of = []bt.TorrentID{id}
		case w.seated(id) == w.seated(of[0]):
			of = append(of, id)
		}
	}
	if len(of) == 0 || w.cfg.MaxConns <= turnoverLeast || w.seated(0)*100 < w.cfg.MaxConns*turnoverFrom {
		return
	}
	t := w.torrent(of[w.which(len(of), func(i int) bool {
		return slices.ContainsFunc(w.seen.Effects, func(e bt.Effect) bool {
			c := w.conn(e.Conn)
			return e.Kind == bt.Close && e.Reason.Cause == bt.TurnedOver && c != nil && c.tor == of[i]
		})
	})])
	ready := 0
	for i := range t.known {
		if w.due(t, &t.known[i]) <= w.now {
			ready++
		}
	}
	for n := min(max(1, w.seated(t.id)*turnoverPart/100), ready); n > 0; n-- {
		ids := w.best(func(c *conn) bool { return w.mayGo(c, t) }, func(a, b *conn) bool { return w.lessUseful(a, b, t.complete()) })
		if len(ids) == 0 {
			return
		}
		w.close(w.conn(ids[w.which(len(ids), func(i int) bool { return w.saw(ids[i]) == nil })]), bt.Reason{Cause: bt.TurnedOver})
	}
}

// byHand tells whether the user named a peer.
func (w *world) byHand(c *conn) bool {
	t := w.torrent(c.tor)
	if t == nil {
		return false
	}
	k := t.find(c.known)
	return k != nil && k.source == bt.Manual
}

// mayGo tells whether a connection of a torrent may make room. [LIM-15]
func (w *world) mayGo(c *conn, t *torrent) bool {
	return c.tor == t.id && c.stage == open && !c.mirror && w.now.Sub(c.shakenAt) >= turnoverYouth && !w.byHand(c)
}

// lessUseful tells whether one connection is less useful than another. [LIM-15]
func (w *world) lessUseful(a, b *conn, complete bool) bool {
	rate := func(c *conn) int64 {
		moved := c.down
		if complete {
			moved = c.up
		}
		return moved / max(1, int64(w.now.Sub(c.shakenAt)/time.Second))
	}
	switch {
	case w.interesting(a) != w.interesting(b):
		return w.interesting(b)
	case rate(a) != rate(b):
		return rate(a) < rate(b)
	case (a.slot == choked) != (b.slot == choked):
		return a.slot == choked
	}
	return a.shakenAt < b.shakenAt
}

// best finds, among connections that fit, those that come first.
func (w *world) best(fits func(*conn) bool, before func(a, b *conn) bool) (ids []bt.ConnID) {
	for i := range w.conns {
		c := &w.conns[i]
		beaten := func(o conn) bool { return fits(&o) && before(&o, c) }
		if fits(c) && !slices.ContainsFunc(w.conns, beaten) {
			ids = append(ids, c.id)
		}
	}
	return ids
}
