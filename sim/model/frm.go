package model

import (
	"encoding/binary"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// The messages, by their ids. [FRM-4]
const (
	idChoke         = 0
	idUnchoke       = 1
	idInterested    = 2
	idNotInterested = 3
	idHave          = 4
	idBitfield      = 5
	idRequest       = 6
	idPiece         = 7
	idCancel        = 8
	idPort          = 9
	idSuggest       = 13
	idHaveAll       = 14
	idHaveNone      = 15
	idReject        = 16
	idAllowedFast   = 17
	idExtended      = 20
	idKeepAlive     = -1
	idHandshake     = -2
)

// message is a message, or the header of a piece message.
type message struct {
	id     int
	length int      // of the whole, without its length field
	block  bt.Block // of it the piece only, where a message names no more
	ext    int      // the id of an extended message
	body   []byte
}

// parse takes a frame apart that is whole and of a length that fits.
func parse(b []byte) (m message) {
	m.length = int(binary.BigEndian.Uint32(b))
	if m.length == 0 {
		return message{id: idKeepAlive}
	}
	m.id, m.body = int(b[4]), b[5:]
	number := func(i int) uint32 { return binary.BigEndian.Uint32(m.body[4*i:]) }
	switch m.id {
	case idHave, idSuggest, idAllowedFast:
		m.block.Piece = number(0)
	case idRequest, idCancel, idReject:
		m.block = bt.Block{Piece: number(0), Begin: number(1), Length: number(2)}
	case idPiece:
		m.block = bt.Block{Piece: number(0), Begin: number(1), Length: uint32(m.length - 9)}
	case idExtended:
		m.ext, m.body = int(m.body[0]), m.body[1:]
	}
	return m
}

// fits tells whether the length of a message fits its id, and what is wrong with it if not: any of the clauses that it breaks. [FRM-3]
// [FRM-4] [FRM-5] [FST-1] [MSG-4] [EXT-4]
func misfits(c *conn, id, length int) (broken []clause.Violation) {
	least, most := 1, 1
	switch id {
	case idChoke, idUnchoke, idInterested, idNotInterested, idHaveAll, idHaveNone:
	case idHave, idSuggest, idAllowedFast:
		least, most = 5, 5
	case idBitfield:
		least, most = 1+(len(c.supply)+7)/8, 1+(len(c.supply)+7)/8
	case idRequest, idCancel, idReject:
		least, most = 13, 13
	case idPiece:
		least, most = 10, 9+bt.BlockSize
	case idPort:
		least, most = 3, 3
	case idExtended:
		least, most = 2, 2+65536
	default:
		return []clause.Violation{clause.UnknownMessage}
	}
	if id >= idSuggest && id <= idAllowedFast && !c.fast {
		broken = append(broken, clause.FastUnnegotiated)
	}
	switch {
	case length >= least && length <= most:
	case id == idBitfield:
		broken = append(broken, clause.BitfieldLength)
	case id == idExtended && length > most:
		broken = append(broken, clause.ExtensionTooLarge)
	default:
		broken = append(broken, clause.WrongLength)
	}
	return broken
}

// received takes bytes: what stood there before and was not taken, and what has come behind it.
func (w *world) received(id bt.ConnID, data []byte) {
	c := w.conn(id)
	if c == nil {
		return
	}
	c.heardAt = w.now
	for taken := 0; c != nil; c = w.conn(id) {
		if c.mirror { // [DUP-7]
			w.want("need %v %d bytes", id, len(data))
			return
		}
		n, more := 0, false
		if c.stage == open {
			n, more = w.frame(c, data[taken:])
		} else {
			n, more = w.shake(c, data[taken:])
		}
		taken += n
		c = w.conn(id)
		switch {
		case c == nil:
			return
		case c.recv.on:
			w.expectPayload(c, taken)
			return
		case !more:
			w.want("need %v %d bytes", id, taken)
			return
		}
	}
}

// expectPayload wants the payload of a block asked for: into a buffer when it is missing still, to be dropped when not. [MSG-20] [FRM-6]
func (w *world) expectPayload(c *conn, taken int) {
	stored := slices.ContainsFunc(w.seen.Effects, func(e bt.Effect) bool { return e.Kind == bt.Need && e.Conn == c.id && e.Want == bt.WantPayload })
	if !w.takes(c, c.recv.block, stored) {
		w.want("need %v %d discard %d", c.id, taken, c.recv.left)
		return
	}
	for _, e := range w.seen.Effects {
		if e.Kind == bt.Need && e.Conn == c.id {
			c.recv.token = e.Token
		}
	}
	w.want("need %v %d payload %d %d", c.id, taken, c.recv.left, c.recv.token)
	w.buffers = append(w.buffers, buffer{token: c.recv.token, use: receiving, conn: c.id, torrent: c.tor, block: c.recv.block})
}

// frame takes the first message of an open connection's bytes; more is false when it is not whole. [FRM-1]
func (w *world) frame(c *conn, b []byte) (n int, more bool) {
	if len(b) < 4 {
		return 0, false
	}
	length := int(binary.BigEndian.Uint32(b))
	switch {
	case length > 1<<20:
		w.breach(c, clause.MessageTooLarge)
		return 0, true
	case length > 0 && len(b) < 5:
		return 0, false
	}
	n = 4 + length
	if length > 0 {
		if broken := misfits(c, int(b[4]), length); len(broken) > 0 {
			w.breach(c, broken[w.closing(broken)])
			return 0, true
		}
		if b[4] == idPiece {
			n = 13
		}
	}
	if len(b) < n {
		return 0, false
	}
	m := parse(b[:n])
	w.heard(c, &m)
	return n, true
}

// closing is which of several violations a connection is closed for: the one that was seen, if one was.
func (w *world) closing(broken []clause.Violation) int {
	return w.which(len(broken), func(i int) bool {
		for _, e := range w.seen.Effects {
			if e.Kind == bt.Close && e.Reason.Violation == broken[i] {
				return true
			}
		}
		return false
	})
}
