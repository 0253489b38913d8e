package model

import (
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// wrote looks at a message that we wrote, and follows what it announces.
func (w *world) wrote(c *conn, m *message, s *Step) {
	if m.id == idHandshake {
		w.wroteHandshake(c, m.body)
		return
	}
	if c.stage != open {
		w.fail(clause.HSK9, "%v: message %d before the handshakes are done", c.id, m.id)
		return
	}
	if w.wroteFirst(c, m) {
		return
	}
	said := &c.said
	switch m.id {
	case idChoke, idUnchoke: // [ANN-2]
		if on := m.id == idUnchoke; on == said.unchoke || on != (c.slot != choked) {
			w.fail(clause.ANN2, "%v: message %d, where it is told unchoked %t, and it is %t", c.id, m.id, said.unchoke, c.slot != choked)
		}
		w.wroteSlot(c, m.id == idUnchoke)
	case idInterested, idNotInterested: // [MSG-9]
		if on := m.id == idInterested; on == said.interested || on != w.interesting(c) {
			w.fail(clause.ANN2, "%v: message %d, where it is told interested %t, and it is %t", c.id, m.id, said.interested, w.interesting(c))
		}
		said.interested = m.id == idInterested
	case idHave:
		w.wroteHave(c, m.block.Piece)
	case idRequest:
		w.wroteRequest(c, m.block)
	case idCancel:
		w.wroteCancel(c, m.block)
	case idPiece:
		w.wrotePiece(c, m.block, s)
	case idReject:
		if i := slices.Index(said.rejects, m.block); i >= 0 {
			said.rejects = slices.Delete(said.rejects, i, i+1)
		} else {
			w.fail(clause.FST5, "%v: the reject of %v answers nothing", c.id, m.block)
		}
	case idAllowedFast:
		if i := slices.Index(said.fast, m.block.Piece); i >= 0 {
			said.fast = slices.Delete(said.fast, i, i+1)
		} else {
			w.fail(clause.FST16, "%v: piece %d is not to be allowed fast", c.id, m.block.Piece)
		}
	case idExtended:
		w.wroteExtended(c, m)
	case idKeepAlive:
		if w.now < said.at.Add(keepAliveEvery) {
			w.fail(clause.TMR5, "%v: a keep-alive, and something was written at %v", c.id, said.at)
		}
	default:
		w.fail(clause.FRM5, "%v: message %d is not ours to write", c.id, m.id)
	}
}

// wroteSlot follows an announced choke or unchoke.
func (w *world) wroteSlot(c *conn, unchoke bool) {
	if !unchoke {
		w.choke(c)
		return
	}
	c.said.unchoke, c.said.unchoked = true, true
	c.usedAt, c.early = w.now, false
}

// wroteHave looks at a have: each piece once, and verified. [MSG-8] [PCK-11]
func (w *world) wroteHave(c *conn, piece uint32) {
	t := w.torrent(c.tor)
	switch {
	case int(piece) >= t.pieces() || !t.have[piece]:
		w.fail(clause.PCK11, "%v: piece %d is announced, and is not verified", c.id, piece)
	case c.said.have[piece] == told:
		w.fail(clause.MSG8, "%v: piece %d is announced twice", c.id, piece)
	default:
		c.said.have[piece] = told
		c.said.untold.end(piece)
	}
}

// wroteCancel looks at a cancel: of a request that was said, and that was taken back. [MSG-22] [ANN-4]
func (w *world) wroteCancel(c *conn, b bt.Block) {
	if i := slices.Index(c.cancels, b); i >= 0 {
		c.cancels = slices.Delete(c.cancels, i, i+1)
		return
	}
	i := c.asked(b)
	if i < 0 || !w.maybeCancelled(c, c.asks[i]) {
		w.fail(clause.MSG22, "%v: the cancel of %v takes nothing back", c.id, b)
		return
	}
	c.asks[i].state = cancelled
	if !c.fast {
		c.withdraw(i)
	}
}

// maybeCancelled tells of a request that has timed out whether it may have been taken back since.
func (w *world) maybeCancelled(c *conn, a ask) bool {
	return a.state == timedOut && (!w.torrent(c.tor).lacks(a.block) || slices.Contains(c.cancelable, a.block))
}

// wrotePiece looks at the header of a piece message. [MSG-16] [MSG-17]
func (w *world) wrotePiece(c *conn, b bt.Block, s *Step) {
	i := slices.IndexFunc(c.queue, func(q serve) bool { return q.block == b && q.state == ready && q.token == s.Token })
	if i < 0 {
		w.fail(clause.MSG16, "%v: piece %v, token %d, answers no request: %+v", c.id, b, s.Token, c.queue)
		return
	}
	if !c.said.unchoke && !c.allowsFast(b.Piece) {
		w.fail(clause.MSG17, "%v: piece %v, and it knows itself choked", c.id, b)
	}
	if s.Size != int(b.Length) {
		w.fail(clause.MSG16, "%v: piece %v has %d bytes", c.id, b, s.Size)
	}
	w.take(s.Token, fetching)
	c.queue = slices.Delete(c.queue, i, i+1)
	c.up += int64(b.Length)
	c.usedAt = w.now
}
