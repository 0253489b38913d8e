package model

import (
	"time"

	"peerwire/core/bt"
)

// twinTime is how long the other side has to end one of two connections. [DUP-3] [DUP-7]
const twinTime = 10 * time.Second

// meetSelf takes a connection whose peer id is ours: it is closed, with its other end, and the address is not dialled again. When the other
// end is not to be found, and may be one that waits for its handshake, it is kept for a while so that that hears our peer id too. It tells
// whether the connection stays. [DUP-1] [DUP-7]
func (w *world) meetSelf(id bt.ConnID) bool {
	c := w.conn(id)
	t := w.torrent(c.tor)
	other, waiting := id, false
	for _, end := range w.of(c.tor) {
		o := w.conn(end)
		if end == id || !o.outgoing {
			continue
		}
		waiting = waiting || o.stage == shaking
		if o.local.IsValid() && o.local == c.addr {
			other = end
		}
	}
	if other == id && waiting && !c.outgoing {
		c.mirror, c.doomed = true, w.now.Add(twinTime)
		return true
	}
	if o := w.conn(other); o.outgoing {
		if k := t.find(o.known); k != nil {
			k.self = true
		}
	}
	if other != id {
		w.close(w.conn(other), bt.Reason{Cause: bt.SelfConnection})
	}
	w.close(w.conn(id), bt.Reason{Cause: bt.SelfConnection})
	return false
}

// unique settles which of several connections of a torrent with the same peer id stay. It tells whether the newest does. [DUP-2] [DUP-3]
func (w *world) unique(id bt.ConnID) bool {
	c := w.conn(id)
	ours := string(w.cfg.PeerID[:]) > string(c.peerID[:])
	var losers []bt.ConnID
	undecided := false
	for _, twin := range w.twins(id) {
		o := w.conn(twin)
		switch {
		case c.outgoing && o.outgoing:
			undecided = true
		case c.outgoing == o.outgoing || c.outgoing != ours:
			w.close(c, bt.Reason{Cause: bt.Duplicate})
			return false
		default:
			losers = append(losers, twin)
		}
	}
	for _, twin := range w.inOrder(losers) {
		w.close(w.conn(twin), bt.Reason{Cause: bt.Duplicate})
	}
	if undecided {
		w.conn(id).doomed = w.now.Add(twinTime)
	}
	return true
}

// twins lists the other open connections of a torrent with the same peer id.
func (w *world) twins(id bt.ConnID) (ids []bt.ConnID) {
	c := w.conn(id)
	for _, other := range w.of(c.tor) {
		if o := w.conn(other); other != id && o.stage == open && o.peerID == c.peerID {
			ids = append(ids, other)
		}
	}
	return ids
}

// execute closes the connections that had so long to end otherwise: those to ourselves, and those that have an older twin still. [DUP-3]
// [DUP-7]
func (w *world) execute(at bt.Instant) {
	for i := range w.conns {
		c := &w.conns[i]
		if c.doomed != at {
			continue
		}
		c.doomed = 0
		older := false
		for _, twin := range w.twins(c.id) {
			older = older || w.conn(twin).doomed == 0
		}
		switch {
		case c.mirror:
			w.close(c, bt.Reason{Cause: bt.SelfConnection})
		case older:
			w.close(c, bt.Reason{Cause: bt.Duplicate})
		}
		return
	}
}

// dropDials ends the dials of a known peer that turns out to be connected. [DUP-6]
func (w *world) dropDials(c *conn) {
	id, known := c.id, c.known
	for _, other := range w.of(c.tor) {
		if o := w.conn(other); other != id && o.known == known && (o.stage == queued || o.stage == connecting) {
			w.close(o, bt.Reason{Cause: bt.Duplicate})
		}
	}
}
