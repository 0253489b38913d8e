package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// heard takes a message of an open connection.
func (w *world) heard(c *conn, m *message) {
	id := c.id
	was := c.interested
	if m.id == idHave && int(m.block.Piece) >= len(c.supply) { // [MSG-2]
		w.breach(c, clause.HaveOutOfRange)
		return
	}
	if !c.supplied && m.id != idExtended && m.id != idKeepAlive {
		w.first(c, m)
	}
	switch m.id {
	case idKeepAlive:
		w.heardKeepAlive(c)
	case idChoke:
		c.unchokes, c.released = false, true
		c.void(func(uint32) bool { return true })
	case idUnchoke:
		c.unchokes = true
	case idInterested:
		w.interest(c)
	case idNotInterested:
		c.interested = false
		if c.slot != choked { // [CHK-3]
			c.slot = choked
			w.slotLost(c)
		}
	case idHave:
		c.supply[m.block.Piece] = true // [MSG-3]
	case idBitfield, idHaveAll, idHaveNone:
		w.heardSupply(c, m)
	case idRequest:
		w.request(c, m.block)
	case idPiece:
		w.began(c, m.block)
	case idCancel:
		w.cancelled(c, m.block)
	case idReject:
		w.rejected(c, m.block)
	case idSuggest:
		if int(m.block.Piece) >= len(c.supply) {
			w.breach(c, clause.SuggestOutOfRange)
		}
		c.suggests = true // [FST-10]
	case idAllowedFast:
		w.heardAllowed(c, m.block.Piece)
	case idExtended:
		w.heardExtended(c, m)
	}
	w.afterMessage(id, was)
}

// afterMessage does what follows from a message, before the next one. [FRM-2]
func (w *world) afterMessage(id bt.ConnID, wasInterested bool) {
	c := w.conn(id)
	if c == nil {
		return
	}
	w.watch(c)
	if w.pointless(c) {
		w.close(c, bt.Reason{Cause: bt.BothSeeds})
		return
	}
	if wasInterested != c.interested {
		w.fill()
	} else {
		w.mayFill()
	}
	if c := w.conn(id); c != nil && c.strikes > maxStrikes { // the message that drew the last one was taken [LIM-5]
		w.breach(c, clause.TooManyStrikes)
		return
	}
	w.clog(id)
}

// clog stops reading from a peer for whom too many answers wait. [LIM-7]
func (w *world) clog(id bt.ConnID) {
	if c := w.conn(id); c != nil && len(c.said.rejects) >= maxUnsaid {
		w.withhold(c, true)
	}
}

// first takes the first message of a peer, extended messages and keep-alives not counted. [MSG-7] [FST-2]
func (w *world) first(c *conn, m *message) {
	if m.id == idBitfield || m.id == idHaveAll || m.id == idHaveNone {
		return
	}
	c.supplied = true
	if c.fast {
		w.breach(c, clause.SupplyMissing)
	}
}

// heardKeepAlive takes a keep-alive. [FRM-7]
func (w *world) heardKeepAlive(c *conn) {
	if len(c.keptAlive) > 0 && w.now.Sub(c.keptAlive[0]) < time.Second {
		w.breach(c, clause.KeepAliveFlood)
	}
	c.keptAlive = []bt.Instant{w.now}
}

// heardSupply takes the whole supply of a peer; a later one replaces it all the same. [MSG-5] [MSG-7] [FST-3]
func (w *world) heardSupply(c *conn, m *message) {
	if c.supplied {
		w.breach(c, clause.SupplyLate)
	}
	c.supplied = true
	for i := range c.supply {
		c.supply[i] = m.id == idHaveAll || m.id == idBitfield && m.body[i/8]&(0x80>>(i%8)) != 0
	}
	for i := len(c.supply); m.id == idBitfield && i < 8*len(m.body); i++ {
		if m.body[i/8]&(0x80>>(i%8)) != 0 {
			w.breach(c, clause.BitfieldSpareBits)
			break
		}
	}
	c.void(func(piece uint32) bool { return !c.supply[piece] })
}

// interest takes it that the peer is interested. [FST-16]
func (w *world) interest(c *conn) {
	if c.interested {
		return
	}
	c.interested = true
	w.allowFast(c)
}

// breach does what a violation costs.
func (w *world) breach(c *conn, v clause.Violation) {
	if !slices.Contains(c.noticed, v) {
		c.noticed = append(c.noticed, v)
		w.want("noticed %v %v", c.id, v)
	}
	switch v.Consequence() {
	case clause.Count, clause.Reject:
		c.strikes++
	case clause.Close, clause.Ban:
		w.close(c, bt.Reason{Cause: bt.Misbehaved, Violation: v})
	}
}

// maxStrikes is how many strikes a connection may draw. [LIM-5]
const maxStrikes = 300
