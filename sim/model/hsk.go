package model

import (
	"bytes"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// protocol is how every handshake begins. [HSK-1]
const protocol = "\x13BitTorrent protocol"

// shake takes what it can of a handshake: the first 48 bytes, which name the torrent, and then the peer id; more is false when they
// are not there. [HSK-4] [HSK-8]
func (w *world) shake(c *conn, b []byte) (n int, more bool) {
	if c.headed {
		if len(b) < 20 {
			return 0, false
		}
		copy(c.peerID[:], b)
		w.shaken(c.id)
		return 20, true
	}
	begun := b[:min(len(b), len(protocol))]
	if string(begun) != protocol[:len(begun)] { // at 20 bytes at the latest [HSK-5]
		closed := w.saw(c.id) == nil
		if len(begun) == len(protocol) || w.whether(closed) {
			w.breach(c, clause.NotBitTorrent)
			return 0, true
		}
		return 0, false
	}
	if len(b) < 48 {
		return 0, false
	}
	c.headed = true
	c.ext, c.fast = b[25]&0x10 != 0, b[27]&0x04 != 0 // [HSK-6]
	hash := bt.InfoHash(b[28:48])
	if !c.outgoing {
		w.bind(c.id, hash)
		return 48, true
	}
	if hash != w.torrent(c.tor).hash { // [HSK-7]
		w.breach(c, clause.InfoHashMismatch)
	}
	return 48, true
}

// shaken takes a connection whose handshake is done.
func (w *world) shaken(id bt.ConnID) {
	c := w.conn(id)
	w.opened(c)
	if c.peerID == w.cfg.PeerID {
		w.meetSelf(id)
		return
	}
	if !w.unique(id) || !w.seat(id) {
		return
	}
	c = w.conn(id)
	if k := w.torrent(c.tor).find(c.known); k != nil {
		k.failures = 0               // [DIA-6]
		k.tcpNext = c.over == bt.TCP // [DIA-17]
	}
	w.greet(c)
	w.startRounds()
}

// wroteHandshake looks at our handshake. [HSK-1] [HSK-2] [HSK-3] [HSK-4]
func (w *world) wroteHandshake(c *conn, b []byte) {
	c.said.shaken = true
	t := w.torrent(c.tor)
	if t == nil {
		w.fail(clause.HSK4, "%v is written to before it has named a torrent", c.id)
		return
	}
	want := append([]byte(protocol), 0, 0, 0, 0, 0, 0x10, 0, 0x04)
	want = append(append(want, t.hash[:]...), w.cfg.PeerID[:]...)
	if !bytes.Equal(b, want) {
		w.fail(clause.HSK1, "%v: the handshake %x should be %x", c.id, b, want)
	}
}

// wroteFirst looks at the first messages on an open connection: the extension handshake, if extensions are negotiated, then our
// supply. It tells whether the message is one of these. [HSK-9] [MSG-6] [FST-4]
func (w *world) wroteFirst(c *conn, m *message) bool {
	s := &c.said
	switch {
	case c.ext && !s.greeted:
		s.greeted = true
		if m.id != idExtended || m.ext != 0 {
			w.fail(clause.HSK9, "%v: message %d before the extension handshake", c.id, m.id)
			return true
		}
		w.wroteIntroduction(c, m.body)
		return true
	case s.supplied:
		return false
	}
	s.supplied = true
	t := w.torrent(c.tor)
	has := make([]bool, t.pieces())
	switch m.id {
	case idHaveAll:
		for i := range has {
			has[i] = true
		}
	case idBitfield:
		for i := range 8 * len(m.body) {
			switch on := m.body[i/8]&(0x80>>(i%8)) != 0; {
			case i < len(has):
				has[i] = on
			case on:
				w.fail(clause.MSG6, "%v: spare bits of the bitfield are set", c.id)
			}
		}
	case idHaveNone:
	default:
		if c.fast {
			w.fail(clause.FST4, "%v: message %d before our supply", c.id, m.id)
		}
		return false
	}
	w.wroteSupply(c, m, has)
	return true
}

// wroteSupply looks at the message that tells our supply.
func (w *world) wroteSupply(c *conn, m *message, has []bool) {
	n := 0
	for i, on := range has {
		if on {
			n++
		}
		switch t := w.torrent(c.tor); {
		case on && c.said.have[i] == stale: // it was lost since this was settled
		case on && !t.have[i]:
			w.fail(clause.PCK11, "%v: piece %d is announced, and is not verified", c.id, i)
		case on:
			c.said.have[i] = told
		}
	}
	want := idBitfield
	switch {
	case c.fast && n == len(has):
		want = idHaveAll
	case c.fast && n == 0:
		want = idHaveNone
	}
	if m.id != want || !c.fast && n == 0 {
		w.fail(clause.FST4, "%v: message %d tells of %d pieces", c.id, m.id, n)
	}
}
