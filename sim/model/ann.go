package model

import (
	"encoding/binary"
	"fmt"
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
	if len(s.Said) == 0 && s.Token == 0 {
		w.transmittedNothing(c, s)
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
	if s.Last {
		c.endsWriting()
	}
	if rejects >= maxUnsaid && len(c.said.rejects) < maxUnsaid {
		w.withhold(c, false)
	}
}

// transmittedNothing follows a Transmit that gave nothing.
func (w *world) transmittedNothing(c *conn, s *Step) {
	if s.Last == (s.Room < minRoom) {
		w.fail(clause.ANN8, "%v: nothing is written into room for %d, and that it was the last is %t", c.id, s.Room, s.Last)
	}
	if s.Room < minRoom {
		return // it is only said that the transport takes something
	}
	c.endsWriting()
	w.revive(c)
	w.owesNothing(c)
}

// endsWriting takes it that there is nothing more to write: not even haves wait.
func (c *conn) endsWriting() { c.armed, c.said.untold.pieces = false, nil }

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
	if id, what := w.owed(c); what != "" {
		w.fail(id, "%v: %s", c.id, what)
	}
}

// owesMore wants that there is something to write: it is called when a Transmission was not the last. [ANN-8]
func (w *world) owesMore(c *conn, seen *Conn) {
	cancels := slices.ContainsFunc(c.asks, func(a ask) bool { return w.maybeCancelled(c, a) })
	if _, what := w.owed(c); what == "" && len(seen.Chosen) == 0 && len(c.said.untold.pieces) == 0 && !cancels {
		w.fail(clause.ANN8, "%v: all is written, and it is not said", c.id)
	}
}

// owed is what the peer must be told, and was not; empty when there is nothing.
func (w *world) owed(c *conn) (id clause.ID, what string) {
	s := &c.said
	if (c.stage == shaking && (c.outgoing || c.headed) || c.stage == open) && (!s.shaken || len(s.half) > 0) {
		return clause.HSK3, "our handshake is not written"
	}
	if c.stage != open || !s.shaken {
		return 0, ""
	}
	t := w.torrent(c.tor)
	switch {
	case c.ext && !s.greeted:
		return clause.HSK9, "the extension handshake is not written"
	case c.fast && !s.supplied:
		return clause.FST4, "our supply is not written"
	case s.unchoke != (c.slot != choked):
		return clause.ANN2, fmt.Sprintf("it was not told that choked is %t", c.slot == choked)
	case s.interested != w.interesting(c):
		return clause.MSG9, fmt.Sprintf("it was not told that interested is %t", !s.interested)
	case len(s.rejects) > 0:
		return clause.FST5, fmt.Sprintf("rejects that are not written: %v", s.rejects)
	case len(s.fast) > 0:
		return clause.FST16, fmt.Sprintf("allowed-fast pieces that are not written: %v", s.fast)
	case c.wants != 0 && t.complete() != s.finished:
		return clause.EXT14, "it was not told whether we download"
	case c.wantsDont != 0 && len(s.dont) > 0:
		return clause.EXT20, fmt.Sprintf("it was not told that we have %v no more", s.dont)
	case w.now >= s.at.Add(keepAliveEvery):
		return clause.TMR5, fmt.Sprintf("nothing was written since %v", s.at)
	case len(c.queue) > 0 && c.queue[0].state == ready:
		return clause.MSG16, fmt.Sprintf("%v is read, and not written", c.queue[0].block)
	}
	for i, has := range t.have {
		if has && s.have[i] != told && !slices.Contains(s.untold.pieces, uint32(i)) {
			return clause.MSG8, fmt.Sprintf("it was not told that we have piece %d", i)
		}
	}
	for _, b := range c.cancels {
		if i := c.asked(b); i >= 0 && c.asks[i].state == cancelled || slices.Contains(c.memory, b) {
			return clause.MSG22, fmt.Sprintf("the cancel of %v is not written", b)
		}
	}
	return 0, ""
}
