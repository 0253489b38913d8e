package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// mayAsk says why a block may not be requested on a connection now; empty when it may.
func (w *world) mayAsk(c *conn, b bt.Block) string {
	t := w.torrent(c.tor)
	switch {
	case !t.geometry.IsBlock(b):
		return "it is no block" // [MSG-11]
	case !t.lacks(b):
		return "it is here"
	case !c.supply[b.Piece]:
		return "the peer does not have its piece" // [MSG-10]
	case !c.unchokes && !slices.Contains(c.allowed, b.Piece):
		return "the peer chokes us" // [MSG-10]
	case t.stalled:
		return "the disk cannot take it" // [PCK-10]
	case c.restAt != 0:
		return "the peer rejects too much" // [FST-19]
	}
	return ""
}

// wroteRequest looks at a request of ours. [MSG-10] [MSG-11]
func (w *world) wroteRequest(c *conn, b bt.Block) {
	w.judgeRequest(c, b)
	i := c.asked(b)
	switch {
	case i >= 0 && (c.asks[i].state != timedOut || c.fast):
		w.fail(clause.MSG11, "%v: request %v is outstanding already", c.id, b)
	case i >= 0:
		c.withdraw(i)
	}
	w.enter(c, b)
}

// judgeRequest looks whether a request may be said.
func (w *world) judgeRequest(c *conn, b bt.Block) {
	if why := w.mayAsk(c, b); why != "" {
		w.fail(clause.MSG10, "%v: request %v: %s", c.id, b, why)
	}
	switch {
	case !c.said.interested:
		w.fail(clause.MSG10, "%v: request %v before our interest", c.id, b)
	case c.recv.on && c.recv.block == b:
		w.fail(clause.MSG11, "%v: request %v, and it is arriving", c.id, b)
	case !slices.Contains(c.chosen, b):
		w.fail(clause.ANN4, "%v: request %v was not to be said", c.id, b)
	}
}

// mostAsks is how many requests may be outstanding with a peer. [LIM-3]
func (c *conn) mostAsks() int {
	if c.reqq > 0 {
		return min(500, c.reqq)
	}
	return 500
}

// asksOf is all that a peer is asked for: said, or chosen to be.
func (w *world) asksOf(c *conn) []bt.Block { return append(c.liveBlocks(), c.chosen...) }

// asking counts the connections that are asked for a block.
func (w *world) asking(id bt.TorrentID, b bt.Block) (n int) {
	for i := range w.conns {
		if c := &w.conns[i]; c.tor == id && slices.Contains(w.asksOf(c), b) {
			n++
		}
	}
	return n
}

// busy tells whether a block is outstanding on some connection, or chosen to be.
func (w *world) busy(id bt.TorrentID, b bt.Block) bool { return w.asking(id, b) > 0 }

// anew tells whether a peer that was asked for a block before the step is to be asked for it again.
func (c *conn) anew(b bt.Block) bool {
	return slices.Contains(c.chosen, b) && (c.released || slices.Contains(c.liveBefore, b))
}

// choices looks at what was chosen in this step to be requested.
func (w *world) choices() {
	for i := range w.conns {
		c := &w.conns[i]
		if s := w.saw(c.id); s != nil {
			c.chosen = s.Chosen
		}
	}
	for i := range w.conns {
		c := &w.conns[i]
		if c.stage != open {
			continue
		}
		for _, b := range w.asksOf(c) {
			if !slices.Contains(c.asksBefore, b) || c.anew(b) {
				w.judgeChoice(c, b)
			}
		}
		if n := len(w.asksOf(c)); c.snubbed && n > 1 {
			w.fail(clause.PCK6, "%v is snubbed, and is asked for %d blocks", c.id, n)
		}
		w.idle(c)
	}
	for i := range w.torrents {
		w.note(&w.torrents[i])
	}
	for i := range w.conns {
		c := &w.conns[i]
		c.released = false
		c.supplyBefore, c.unchokedBefore, c.allowedBefore = slices.Clone(c.supply), c.unchokes, len(c.allowed)
		c.asksBefore, c.liveBefore, c.owedBefore = w.asksOf(c), c.liveBlocks(), c.blocksThatAre(cancelled)
	}
}

// judgeChoice looks at a block that a peer was not asked for before the step. [MSG-11] [LIM-3]
func (w *world) judgeChoice(c *conn, b bt.Block) {
	t := w.torrent(c.tor)
	if i := c.asked(b); i >= 0 && c.asks[i].state == cancelled {
		w.fail(clause.MSG11, "%v is to be asked for %v, which was cancelled and is not answered", c.id, b)
	}
	if n, most := len(w.asksOf(c)), c.mostAsks(); n > most {
		w.fail(clause.LIM3, "%v is asked for %d blocks, %d at most", c.id, n, most)
	}
	if c.parole {
		w.judgeParole(c, b)
	}
	if w.asking(t.id, b) > 1 {
		w.judgeTwice(c, b)
		return
	}
	begun := slices.ContainsFunc(t.blocks[b.Piece], func(at block) bool { return at.state != missing })
	for i := range w.conns { // another may have begun it in this step, before
		o := &w.conns[i]
		of := func(b2 bt.Block) bool { return b2.Piece == b.Piece }
		begun = begun || o.id != c.id && o.tor == c.tor && slices.ContainsFunc(w.asksOf(o), of)
	}
	if !t.begun[b.Piece] && !begun {
		w.judgeNew(c, b)
	}
}

// judgeParole wants a peer on parole to be asked only for pieces that it has to itself. [PCK-9]
func (w *world) judgeParole(c *conn, b bt.Block) {
	t := w.torrent(c.tor)
	for k, at := range t.blocks[b.Piece] {
		if at.state != missing && at.from != c.known && at.conn != c.id {
			w.fail(clause.PCK9, "%v is on parole, and is to be asked for %v, where block %d is from %v", c.id, b, k, at.from)
		}
	}
	for i := range w.conns {
		o := &w.conns[i]
		if o.id == c.id || o.tor != c.tor || o.known == c.known {
			continue
		}
		for _, other := range w.asksOf(o) {
			if other.Piece == b.Piece && slices.Contains(o.asksBefore, other) && !o.anew(other) {
				w.fail(clause.PCK9, "%v is on parole, and is to be asked for %v, where %v is asked for %v", c.id, b, o.id, other)
			}
		}
	}
}

// judgeTwice looks at a block that several peers are asked for: in end-game, two at most, and the second had nothing else to do. How fast they are
// expected to be is not modelled. [PCK-4] [PCK-5] [PCK-6] [PCK-9] [PCK-12]
func (w *world) judgeTwice(c *conn, b bt.Block) {
	t := w.torrent(c.tor)
	older, busy := 0, 0
	for i := range w.conns {
		o := &w.conns[i]
		switch asks := w.asksOf(o); {
		case o.tor != c.tor || !slices.Contains(asks, b):
		case slices.Contains(o.asksBefore, b) && !o.anew(b):
			older++
		case slices.ContainsFunc(asks, func(a bt.Block) bool { return slices.Contains(o.asksBefore, a) && !o.anew(a) }):
			busy++ // it has been asked for something all the time
		}
	}
	switch n := w.asking(t.id, b); {
	case n > 2:
		w.fail(clause.PCK12, "%v: %v is asked of %d", c.id, b, n)
	case c.parole && older > 0:
		w.fail(clause.PCK9, "%v is on parole, and is to be asked for %v, like others", c.id, b)
	case c.snubbed && older > 0:
		w.fail(clause.PCK6, "%v is snubbed, and is to be asked for %v, like others", c.id, b)
	case busy > 1 || busy > 0 && older > 0:
		w.fail(clause.PCK5, "%v: %v is asked of others, and it has something to do", c.id, b)
	}
	if free := w.freeBlocks(t); len(free) > 0 {
		w.fail(clause.PCK4, "%v: %v is asked of others, and nobody is asked for %v", c.id, b, free)
	}
}

// freeBlocks lists the missing blocks that nobody is asked for, nor was before the step.
func (w *world) freeBlocks(t *torrent) (list []bt.Block) {
	for _, b := range t.freeBefore {
		if t.lacks(b) && !w.busy(t.id, b) {
			list = append(list, b)
		}
	}
	return list
}

// takenOver finds requests that were withdrawn for another peer, in end-game: nothing has come from the first for 3 s. [PCK-18]
func (w *world) takenOver() {
	for i := range w.conns {
		c := &w.conns[i]
		s := w.saw(c.id)
		if s == nil || c.live() == 0 || c.held || w.now.Sub(c.clock.flow) < takeOverTime {
			continue
		}
		for k := range c.asks {
			a := &c.asks[k]
			if a.state == live && !slices.Contains(s.Live, a.block) && w.newlyAsked(c, a.block) {
				a.state = timedOut
			}
		}
	}
}

// takeOverTime is how long nothing may have come from a peer. [PCK-18]
const takeOverTime = 3 * time.Second

// newlyAsked tells whether another peer, which was asked for nothing, is to be asked for a block. In the same step the block may have begun to come from
// it, so that it need not be asked (adopt), or what was chosen for it may have been taken back.
func (w *world) newlyAsked(c *conn, b bt.Block) bool {
	return slices.ContainsFunc(w.conns, func(o conn) bool {
		s := w.saw(o.id)
		if s == nil || o.id == c.id || o.tor != c.tor || o.parole || o.snubbed {
			return false
		}
		chosen := len(s.Live) == 0 && slices.Contains(s.Chosen, b)
		comes := slices.Equal(s.Live, []bt.Block{b}) && !slices.Contains(o.asksBefore, b)
		return chosen || comes || o.released && len(o.asksBefore) == 0
	})
}

// judgeNew looks at a block of a piece that was not begun before the step, unless what the peer gives has changed in it. Blocks that were cancelled
// until then may have been answered after the choice, and do not count. While peers are on parole others leave pieces to them. [PCK-2] [PCK-3] [PCK-6]
func (w *world) judgeNew(c *conn, b bt.Block) {
	t := w.torrent(c.tor)
	changed := !slices.Equal(c.supply, c.supplyBefore) || len(c.allowed) != c.allowedBefore || c.unchokes != c.unchokedBefore && len(c.allowed) > 0
	if c.suggests || changed ||
		slices.ContainsFunc(w.conns, func(o conn) bool { return o.tor == t.id && o.parole }) {
		return
	}
	available := w.available(t)
	same := slices.Equal(available, t.availableBefore)
	for piece := range t.blocks {
		free := without(w.freeOf(c, t, uint32(piece)), c.owedBefore)
		switch {
		case len(free) == 0:
		case t.begun[piece] && w.begun(t, uint32(piece)):
			if !t.asked[piece] && !w.askedOf(t, uint32(piece)) && len(without(free, t.freeBefore)) < len(free) {
				w.fail(clause.PCK3, "%v is to be asked for %v, a new piece, and %v of a begun one is free", c.id, b, free)
			}
		case t.begun[piece] || len(free) < len(t.blocks[piece]) || t.count() < 4 || !same:
		case t.anyPiece: // [PCK-19]
		case !c.snubbed && available[piece] < available[b.Piece]:
			w.fail(clause.PCK2, "%v is to be asked for %v, which %d have, and %d have piece %d", c.id, b, available[b.Piece], available[piece], piece)
		case c.snubbed && available[piece] > available[b.Piece]:
			w.fail(clause.PCK6, "%v is to be asked for %v, which %d have, and %d have piece %d", c.id, b, available[b.Piece], available[piece], piece)
		}
	}
}

// askedOf tells whether somebody is asked for a block of a piece.
func (w *world) askedOf(t *torrent, piece uint32) bool {
	for k := range t.blocks[piece] {
		if w.busy(t.id, t.geometry.BlockAt(piece, uint32(k))) {
			return true
		}
	}
	return false
}

// freeOf lists the blocks of a piece that a peer could be asked for and nobody is.
func (w *world) freeOf(c *conn, t *torrent, piece uint32) (list []bt.Block) {
	for k := range t.blocks[piece] {
		b := t.geometry.BlockAt(piece, uint32(k))
		i := c.asked(b)
		taken := i >= 0 && (c.asks[i].state == cancelled || c.asks[i].moot)
		if t.lacks(b) && w.mayAsk(c, b) == "" && !w.busy(t.id, b) && !taken && !(c.recv.on && c.recv.block == b) {
			list = append(list, b)
		}
	}
	return list
}

// idle wants everybody asked for something who can be. [PCK-7] [LIM-4]
func (w *world) idle(c *conn) {
	t := w.torrent(c.tor)
	least := min(2, c.mostAsks())
	if c.snubbed {
		least = 1
	}
	if c.recv.on && !slices.Contains(w.asksOf(c), c.recv.block) {
		least-- // the next is asked for when it is here
	}
	if c.parole || len(w.asksOf(c)) >= least {
		return
	}
	for piece := range t.blocks {
		if free := w.freeOf(c, t, uint32(piece)); len(free) > 0 {
			w.fail(clause.PCK7, "%v is asked for %v, and could be asked for %v", c.id, w.asksOf(c), free)
		}
	}
}

// available counts how many have each piece. [PCK-1]
func (w *world) available(t *torrent) []int {
	n := make([]int, t.pieces())
	for i := range w.conns {
		if c := &w.conns[i]; c.tor == t.id && c.stage == open {
			for piece, has := range c.supply {
				if has {
					n[piece]++
				}
			}
		}
	}
	return n
}

// note keeps what the next step is compared with.
func (w *world) note(t *torrent) {
	t.availableBefore, t.freeBefore = w.available(t), nil
	was := t.begun
	t.begun, t.asked = make([]bool, t.pieces()), make([]bool, t.pieces())
	for piece := range t.blocks {
		t.begun[piece], t.asked[piece] = w.begun(t, uint32(piece)), w.askedOf(t, uint32(piece))
		if !t.begun[piece] || !was[piece] {
			t.age[piece] = 0
		}
		for k, at := range t.blocks[piece] {
			if b := t.geometry.BlockAt(uint32(piece), uint32(k)); at.state == missing && !t.have[piece] && !w.busy(t.id, b) {
				t.freeBefore = append(t.freeBefore, b)
			}
		}
	}
}

// begun tells whether something of a piece is here or asked for.
func (w *world) begun(t *torrent, piece uint32) bool {
	for k, at := range t.blocks[piece] {
		if at.state != missing || w.busy(t.id, t.geometry.BlockAt(piece, uint32(k))) {
			return true
		}
	}
	return false
}
