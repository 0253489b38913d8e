package model

import (
	"encoding/binary"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// loss is what has become of a piece that was ours, and could not be read. [MSG-27] [MSG-28]
type loss struct {
	since  bool // it was ours, and is not any more
	hashed bool // it is to be hashed when the disk is ready
	asked  bool // it is being hashed
	held   bool // nothing of it may be requested before
	tries  int  // how often it could not be hashed either
}

// maxStops is how often a piece that cannot be hashed stops the requests. [MSG-28]
const maxStops = 3

// news is what a peer was told of a piece of ours.
type news uint8

const (
	untold news = iota
	told        // that we have it
	stale       // that, and we lost it since
)

// lose takes it that a piece of ours cannot be read: it is not ours any more, and what is queued for it is rejected. [MSG-27] [EXT-20]
func (w *world) lose(t *torrent, piece uint32, fault bt.Fault) {
	if !t.have[piece] {
		return
	}
	t.have[piece] = false
	t.lost[piece] = loss{since: true, hashed: true, held: true}
	for k := range t.blocks[piece] {
		t.blocks[piece][k] = block{state: written}
	}
	for _, id := range w.of(t.id) {
		c := w.conn(id)
		if c.stage != open {
			continue
		}
		c.said.untold.end(piece)
		for i := 0; i < len(c.queue); {
			s := c.queue[i]
			if s.block.Piece != piece {
				i++
				continue
			}
			w.dropped = append(w.dropped, s)
			c.queue = slices.Delete(c.queue, i, i+1)
			w.reject(c, s.block)
		}
		if c.said.have[piece] == told || !c.said.supplied { // what it will be told first was settled when the connection opened
			c.said.have[piece] = stale
			if c.wantsDont != 0 {
				c.said.dont = append(c.said.dont, piece)
			}
		}
		w.watch(c)
	}
	w.stall(t, fault)
}

// regain takes it that a piece is ours: what the peer was not told yet of its loss is not said.
func (s *said) regain(piece uint32) {
	if i := slices.Index(s.dont, piece); i >= 0 {
		s.dont = slices.Delete(s.dont, i, i+1)
		s.have[piece] = told
	}
}

// diskReady lets requests go on, and has the pieces hashed that could not be read: each of which nothing is requested. [MSG-28]
func (w *world) diskReady(id bt.TorrentID) {
	t := w.torrent(id)
	if t == nil {
		return
	}
	t.stalled = false
	for i := range t.lost {
		l := &t.lost[i]
		if !l.hashed || l.asked {
			continue
		}
		if !l.held && t.begun[i] {
			l.hashed = false
			continue
		}
		l.asked, l.held = true, true
		for k := range t.blocks[i] {
			t.blocks[i][k] = block{state: written}
		}
		w.want("verify %d %d %t", id, i, t.onRecord(uint32(i)))
	}
}

// unhashed takes it that a piece cannot be hashed. That stops the requests, but not for ever for one and the same piece. [MSG-28]
// [TRU-8]
func (w *world) unhashed(t *torrent, piece uint32, fault bt.Fault) {
	if l := &t.lost[piece]; l.hashed {
		l.hashed = l.asked // what has come anew is like any other piece
		l.asked, l.held = false, false
		if l.tries++; l.hashed && l.tries > maxStops {
			return
		}
	}
	w.stall(t, fault)
}

// heardDontHave takes it that the peer takes a piece back. [EXT-17] [EXT-18] [EXT-19] [MSG-26]
func (w *world) heardDontHave(c *conn, body []byte) {
	if len(body) != 4 {
		w.breach(c, clause.ExtensionMalformed)
		return
	}
	piece := binary.BigEndian.Uint32(body)
	switch {
	case int(piece) >= len(c.supply):
		w.breach(c, clause.DontHaveOutOfRange)
		return
	case !c.supply[piece]:
		return
	}
	if c.takenBack++; c.takenBack > max(100, len(c.supply)) {
		w.breach(c, clause.DontHaveFlood)
	}
	c.supply[piece] = false
	c.void(func(of uint32) bool { return of == piece })
}

// wroteDontHave looks at an lt_donthave of ours. [EXT-20]
func (w *world) wroteDontHave(c *conn, body []byte) {
	if len(body) == 4 {
		if i := slices.Index(c.said.dont, binary.BigEndian.Uint32(body)); i >= 0 {
			c.said.have[c.said.dont[i]] = untold
			c.said.dont = slices.Delete(c.said.dont, i, i+1)
			return
		}
	}
	w.fail(clause.EXT20, "%v: it is told that we lost %x, of %v", c.id, body, c.said.dont)
}
