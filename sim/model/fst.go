package model

import (
	"crypto/sha1"
	"encoding/binary"
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// serve is a request of the peer that was accepted and not answered.
type serve struct {
	block bt.Block
	token bt.Token
	state serveState
}

// serveState is how far the answer has come.
type serveState uint8

const (
	accepted serveState = iota
	reading             // from the disk
	ready               // read, and to be sent
)

// fastPiece is a piece that we gave the peer as allowed fast, and what it has cost.
type fastPiece struct {
	piece uint32
	bytes int64
}

// The limits of what a peer may ask. [LIM-2] [MSG-15] [FST-17]
const (
	maxQueue  = 500
	grace     = 2 * time.Second
	fastTimes = 3
)

// request takes a request of the peer. Of several things that are wrong with it any is noticed; it costs one strike. [MSG-12] [MSG-13]
// [MSG-14] [MSG-15] [LIM-2]
func (w *world) request(c *conn, b bt.Block) {
	w.interest(c) // [MSG-24]
	c.usedAt = w.now
	t := w.torrent(c.tor)
	var broken []clause.Violation
	if b.Length > bt.BlockSize {
		broken = append(broken, clause.RequestTooLong)
	}
	if !t.geometry.Contains(b) {
		broken = append(broken, clause.RequestOutOfRange)
	} else if t.lost[b.Piece].since && len(broken) == 0 { // we had announced it [MSG-27]
		w.reject(c, b)
		return
	} else if !t.have[b.Piece] {
		broken = append(broken, clause.RequestNotHad)
	}
	if len(c.queue) >= maxQueue {
		broken = append(broken, clause.RequestQueueFull)
	}
	crossing := c.said.unchoked && w.now.Sub(c.said.chokeAt) < grace
	fast := slices.IndexFunc(c.fastd, func(f fastPiece) bool { return f.piece == b.Piece })
	refused := !c.said.unchoke && c.slot == choked && fast < 0
	if refused && !crossing && len(broken) == 0 {
		broken = append(broken, clause.RequestWhileChoked)
	}
	if len(broken) > 0 || refused {
		w.reject(c, b)
	}
	if len(broken) > 0 {
		w.breach(c, broken[w.noticing(c, broken)])
		return
	}
	if refused {
		return
	}
	if !c.said.unchoke && c.slot == choked && !crossing {
		c.fastd[fast].bytes += int64(b.Length)
		if c.fastd[fast].bytes > fastTimes*int64(t.geometry.PieceSize(b.Piece)) {
			w.breach(c, clause.AllowedFastOveruse)
			return
		}
	}
	c.queue = append(c.queue, serve{block: b})
	c.early = c.early || !c.said.unchoke && c.slot != choked
}

// noticing is which of several violations is noticed: one that was seen to be.
func (w *world) noticing(c *conn, broken []clause.Violation) int {
	return w.which(len(broken), func(i int) bool {
		if slices.Contains(c.noticed, broken[i]) {
			return false
		}
		for _, e := range w.seen.Effects {
			if e.Kind == bt.Noticed && e.Conn == c.id && e.Reason.Violation == broken[i] {
				return true
			}
		}
		return false
	})
}

// reject owes the peer a no; without Fast silence is all there is. [FST-5]
func (w *world) reject(c *conn, b bt.Block) {
	if c.fast {
		c.said.rejects = append(c.said.rejects, b)
	}
}

// cancelled takes a cancel of the peer. [MSG-21] [FST-5]
func (w *world) cancelled(c *conn, b bt.Block) {
	i := slices.IndexFunc(c.queue, func(s serve) bool { return s.block == b })
	if i < 0 {
		return
	}
	w.dropped = append(w.dropped, c.queue[i])
	c.queue = slices.Delete(c.queue, i, i+1)
	w.reject(c, b)
}

// choke follows an announced choke: what is queued is refused, but for allowed-fast pieces. [FST-6] [FST-13] [ANN-3]
func (w *world) choke(c *conn) {
	c.said.unchoke, c.said.chokeAt = false, w.now
	w.refuse(c)
}

// slotLost follows a decision to choke. What was accepted in view of an unchoke that was not announced is refused; of what was to be sent
// before the choke is announced, nothing stays read ahead but allowed-fast pieces at the head of the queue. [ANN-3] [ANN-7]
func (w *world) slotLost(c *conn) {
	if c.early {
		c.early = false
		w.refuse(c)
		return
	}
	ahead := true
	for i := range c.queue {
		s := &c.queue[i]
		if ahead = ahead && c.allowsFast(s.block.Piece); !ahead && c.said.unchoke && s.state != accepted {
			w.dropped = append(w.dropped, *s)
			*s = serve{block: s.block}
		}
	}
}

// refuse rejects what is queued, but for allowed-fast pieces.
func (w *world) refuse(c *conn) {
	var kept []serve
	for _, s := range c.queue {
		if c.allowsFast(s.block.Piece) {
			kept = append(kept, s)
			continue
		}
		w.dropped = append(w.dropped, s)
		w.reject(c, s.block)
	}
	c.queue = kept
}

func (c *conn) allowsFast(piece uint32) bool {
	return slices.ContainsFunc(c.fastd, func(f fastPiece) bool { return f.piece == piece })
}

// fetched takes the disk's answer for a block that a peer asked for: one that cannot be read is rejected. [MSG-25]
func (w *world) fetched(token bt.Token, fault bt.Fault) {
	for i := range w.conns {
		c := &w.conns[i]
		for k, s := range c.queue {
			if s.token != token || s.state != reading {
				continue
			}
			c.queue[k].state = ready
			if fault != bt.OK {
				w.take(token, fetching)
				c.queue = slices.Delete(c.queue, k, k+1)
				w.reject(c, s.block)
				w.lose(w.torrent(c.tor), s.block.Piece, fault)
			}
			return
		}
	}
}

// heardAllowed takes a piece that may be asked for while the peer chokes us. [FST-12] [FST-14]
func (w *world) heardAllowed(c *conn, piece uint32) {
	switch {
	case int(piece) >= len(c.supply):
		w.breach(c, clause.AllowedFastOutOfRange)
	case len(c.allowed) < 64 && !slices.Contains(c.allowed, piece):
		c.allowed = append(c.allowed, piece)
	}
}

// allowFast chooses the allowed-fast set of a peer that is interested for the first time: of the canonical one, what we have and it
// lacks. [FST-15] [FST-16]
func (w *world) allowFast(c *conn) {
	t := w.torrent(c.tor)
	if !c.fast || c.said.allowed || w.uploadOnly(c) || t.count() == 0 {
		return
	}
	c.said.allowed = true
	for _, i := range allowedFast(c.addr.Addr(), t.hash, uint32(t.pieces())) {
		if t.have[i] && !c.supply[i] {
			c.fastd = append(c.fastd, fastPiece{piece: i})
			c.said.fast = append(c.said.fast, i)
		}
	}
}

// allowedFast is the set of BEP 6: of ten pieces, or of all. [FST-15]
func allowedFast(addr netip.Addr, hash bt.InfoHash, pieces uint32) (set []uint32) {
	addr = addr.Unmap()
	if !addr.Is4() {
		return nil
	}
	ip := addr.As4()
	sum := append([]byte{ip[0], ip[1], ip[2], 0}, hash[:]...)
	for uint32(len(set)) < min(10, pieces) {
		digest := sha1.Sum(sum)
		sum = digest[:]
		for k := 0; k < 20 && uint32(len(set)) < min(10, pieces); k += 4 {
			if i := binary.BigEndian.Uint32(sum[k:]) % pieces; !slices.Contains(set, i) {
				set = append(set, i)
			}
		}
	}
	return set
}
