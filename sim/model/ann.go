package model

import (
	"encoding/binary"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// said is what the peer was told: what we have announced. [ANN-1]
type said struct {
	half       []byte // written, and not a whole message yet
	shaken     bool   // our handshake
	greeted    bool   // the extension handshake, or another first message
	supplied   bool   // our supply
	unchoke    bool
	unchoked   bool       // ever
	chokeAt    bt.Instant // when the last choke was written
	interested bool
	finished   bool     // that we download no more
	have       []news   // by piece
	dont       []uint32 // pieces that are to be taken back
	untold     untoldHaves
	rejects    []bt.Block
	fast       []uint32   // allowed fast, to be written
	allowed    bool       // the allowed-fast set was chosen
	at         bt.Instant // when something was last written; not before the connection was open
}

func (s said) clone() said {
	s.half, s.have = slices.Clone(s.half), slices.Clone(s.have)
	s.rejects, s.fast, s.dont = slices.Clone(s.rejects), slices.Clone(s.fast), slices.Clone(s.dont)
	s.untold.pieces = slices.Clone(s.untold.pieces)
	return s
}

// keepAliveEvery is how long nothing may be written. [TMR-5]
const keepAliveEvery = 60 * time.Second

// transmitted follows what Transmit gave.
func (w *world) transmitted(s *Step) {
	c := w.conn(s.Conn)
	if c == nil {
		if len(s.Said) > 0 || s.Token != 0 {
			w.fail(clause.FLG4, "%v is not there, and is written to", s.Conn)
		}
		return
	}
	if len(s.Said) > s.Room {
		w.fail(clause.ANN6, "%d bytes in room for %d", len(s.Said), s.Room)
	}
	c.takenAt = w.now
	if s.Room < minRoom && len(s.Said) == 0 && s.Token == 0 {
		return // it is only said that the transport takes something
	}
	if len(s.Said) == 0 && s.Token == 0 {
		c.armed, c.said.untold.pieces = false, nil
		w.revive(c)
		w.owesNothing(c)
		return
	}
	rejects := len(c.said.rejects)
	if c.wantsDont == 0 {
		c.said.dont = nil // it cannot be told any more
	}
	c.said.half = append(c.said.half, s.Said...)
	var last message
	for w.err == nil {
		m, ok := w.nextSaid(c)
		if !ok {
			break
		}
		if last.id == idPiece && last.length > 0 {
			w.fail(clause.ANN6, "%v: bytes behind the header of a piece message", c.id)
		}
		w.wrote(c, &m, s)
		last = m
	}
	if (last.id == idPiece && last.length > 0) != (s.Token != 0) || s.Token != 0 && len(c.said.half) > 0 {
		w.fail(clause.ANN6, "%v: token %d behind %+v", c.id, s.Token, last)
	}
	c.said.at = w.now
	w.revive(c)
	if rejects >= maxUnsaid && len(c.said.rejects) < maxUnsaid {
		w.withhold(c, false)
	}
}

// minRoom is the least room that something must be written into.
const minRoom = 64

// maxUnsaid is how many answers may wait for a peer before we stop reading from it. [LIM-7]
const maxUnsaid = 1000

// revive lets requests that timed out and were chosen again be outstanding again: with Fast they are answered still, and are not written
// twice. [TMR-9] [MSG-11]
func (w *world) revive(c *conn) {
	s := w.saw(c.id)
	for i := 0; c.fast && s != nil && i < len(c.asks); i++ {
		if a := c.asks[i]; a.state == timedOut && slices.Contains(c.chosen, a.block) && slices.Contains(s.Live, a.block) {
			w.judgeRequest(c, a.block)
			w.enter(c, a.block)
		}
	}
}

// nextSaid takes the first whole message of what was written: handshake, frame, or header of a piece message. [FRM-1]
func (w *world) nextSaid(c *conn) (m message, ok bool) {
	half := c.said.half
	if !c.said.shaken {
		if len(half) < 68 {
			return m, false
		}
		c.said.half = half[68:]
		return message{id: idHandshake, body: half[:68]}, true
	}
	if len(half) < 4 {
		return m, false
	}
	size := int(binary.BigEndian.Uint32(half))
	n := 4 + size
	if size >= 9 && len(half) > 4 && half[4] == idPiece {
		n = 13
	}
	if len(half) < n {
		return m, false
	}
	c.said.half = half[n:]
	return parse(half[:n]), true
}

// owesNothing wants everything said that a peer must be told: it is called when there is nothing more to write. [ANN-2] [ANN-5]
func (w *world) owesNothing(c *conn) {
	s := &c.said
	if (c.stage == shaking && (c.outgoing || c.headed) || c.stage == open) && (!s.shaken || len(s.half) > 0) {
		w.fail(clause.HSK3, "%v: our handshake is not written", c.id)
	}
	if c.stage != open || !s.shaken {
		return
	}
	t := w.torrent(c.tor)
	switch {
	case c.ext && !s.greeted:
		w.fail(clause.HSK9, "%v: the extension handshake is not written", c.id)
	case c.fast && !s.supplied:
		w.fail(clause.FST4, "%v: our supply is not written", c.id)
	case s.unchoke != (c.slot != choked):
		w.fail(clause.ANN2, "%v: it was not told that choked is %t", c.id, c.slot == choked)
	case s.interested != w.interesting(c):
		w.fail(clause.MSG9, "%v: it was not told that interested is %t", c.id, !s.interested)
	case len(s.rejects) > 0:
		w.fail(clause.FST5, "%v: rejects that are not written: %v", c.id, s.rejects)
	case len(s.fast) > 0:
		w.fail(clause.FST16, "%v: allowed-fast pieces that are not written: %v", c.id, s.fast)
	case c.wants != 0 && t.complete() != s.finished:
		w.fail(clause.EXT14, "%v: it was not told whether we download", c.id)
	case c.wantsDont != 0 && len(s.dont) > 0:
		w.fail(clause.EXT20, "%v: it was not told that we have %v no more", c.id, s.dont)
	case w.now >= s.at.Add(keepAliveEvery):
		w.fail(clause.TMR5, "%v: nothing was written since %v", c.id, s.at)
	case len(c.queue) > 0 && c.queue[0].state == ready:
		w.fail(clause.MSG16, "%v: %v is read, and not written", c.id, c.queue[0].block)
	}
	for i, has := range t.have {
		if has && s.have[i] != told && !slices.Contains(s.untold.pieces, uint32(i)) {
			w.fail(clause.MSG8, "%v: it was not told that we have piece %d", c.id, i)
		}
	}
	for _, b := range c.cancels {
		if i := c.asked(b); i >= 0 && c.asks[i].state == cancelled || slices.Contains(c.memory, b) {
			w.fail(clause.MSG22, "%v: the cancel of %v is not written", c.id, b)
		}
	}
}
