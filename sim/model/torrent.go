package model

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// torrent is one torrent of the session.
type torrent struct {
	id       bt.TorrentID
	hash     bt.InfoHash
	geometry bt.Geometry
	have     []bool    // by piece: verified
	blocks   [][]block // by piece and block, of pieces that are not verified
	lost     []loss    // by piece
	stalled  bool
	reserved int  // slots [CHK-15]
	anyPiece bool // rarity does not count for a new one [PCK-19]
	removed  bool
	known    []known
	facts    []fact // of pieces that failed

	begun           []bool     // before the step, by piece: something of it was here or asked for
	asked           []bool     // before the step, by piece: somebody was asked for some of it
	age             []int      // by piece: rounds since a block of it came, or since it was begun
	availableBefore []int      // before the step, by piece
	freeBefore      []bt.Block // missing before the step, and nobody was asked for them
}

// block is what has become of one block of a piece that is not verified.
type block struct {
	state   blockState
	from    netip.AddrPort // the known peer that sent it
	conn    bt.ConnID      // on this connection
	shunned bool           // its address was banned since
}

// blockState is how far a block has come.
type blockState uint8

const (
	missing blockState = iota
	waiting            // here, and given to the disk
	written            // on the disk
)

func (t torrent) clone() torrent {
	t.have, t.known, t.lost, t.facts = slices.Clone(t.have), slices.Clone(t.known), slices.Clone(t.lost), slices.Clone(t.facts)
	t.blocks, t.age = slices.Clone(t.blocks), slices.Clone(t.age)
	for i := range t.blocks {
		t.blocks[i] = slices.Clone(t.blocks[i])
	}
	return t
}

func (t *torrent) pieces() int { return len(t.have) }

// count is how many pieces are verified.
func (t *torrent) count() (n int) {
	for _, has := range t.have {
		if has {
			n++
		}
	}
	return n
}

func (t *torrent) complete() bool { return t.count() == t.pieces() }

// block finds a block of a piece that is not verified; nil when it is none, or its piece is.
func (t *torrent) block(b bt.Block) *block {
	if !t.geometry.IsBlock(b) || t.have[b.Piece] {
		return nil
	}
	return &t.blocks[b.Piece][b.Begin/bt.BlockSize]
}

// lacks tells whether a block is still missing. [MSG-20]
func (t *torrent) lacks(b bt.Block) bool {
	at := t.block(b)
	return at != nil && at.state == missing
}

// addTorrent takes part in a torrent.
func (w *world) addTorrent(ev *bt.Event) {
	g := ev.Spec.Geometry
	t := torrent{id: ev.Torrent, hash: ev.Spec.InfoHash, geometry: g, reserved: ev.Spec.ReservedSlots, anyPiece: ev.Spec.AnyPiece}
	for i := range g.NumPieces() {
		t.have = append(t.have, ev.Spec.Have != nil && ev.Spec.Have.Test(uint(i)))
		t.blocks = append(t.blocks, make([]block, g.NumBlocks(i)))
	}
	t.lost, t.age = make([]loss, g.NumPieces()), make([]int, g.NumPieces())
	t.begun, t.asked = make([]bool, g.NumPieces()), make([]bool, g.NumPieces())
	w.torrents = append(w.torrents, t)
}

// removeTorrent closes what belongs to a torrent. [TOR-3]
func (w *world) removeTorrent(id bt.TorrentID) {
	t := w.torrent(id)
	if t == nil {
		return
	}
	t.removed, t.reserved = true, 0 // its connections take part in nothing any more
	for _, c := range w.inOrder(w.of(id)) {
		w.close(w.conn(c), bt.Reason{Cause: bt.Stopped})
	}
	w.torrents = slices.DeleteFunc(w.torrents, func(t torrent) bool { return t.id == id })
}

// of lists the connections of a torrent.
func (w *world) of(id bt.TorrentID) (ids []bt.ConnID) {
	for i := range w.conns {
		if w.conns[i].tor == id {
			ids = append(ids, w.conns[i].id)
		}
	}
	return ids
}

// bind gives an incoming connection the torrent that its info-hash names. It is false when there is none, and the connection
// is closed. [TOR-1] [TOR-2]
func (w *world) bind(id bt.ConnID, hash bt.InfoHash) bool {
	c := w.conn(id)
	for i := range w.torrents {
		if t := &w.torrents[i]; t.hash == hash && w.full(c, t.id) {
			w.close(c, bt.Reason{Cause: bt.AddressFull})
			return false
		} else if t.hash == hash {
			c.tor = t.id
			c.supply = make([]bool, t.pieces())
			c.said.have = make([]news, t.pieces())
			c.known = w.arrived(t, c.addr.Addr())
			return true
		}
	}
	w.close(c, bt.Reason{Cause: bt.UnknownTorrent})
	return false
}

// stored takes the disk's answer for a block. One that could not be written is missing again, and nobody is to blame for it;
// nothing is requested until the disk is ready. [TRU-8] [PCK-10]
func (w *world) stored(token bt.Token, fault bt.Fault) {
	b, ok := w.take(token, storing)
	t := w.torrent(b.torrent)
	if !ok || t == nil {
		return // what it was for is gone [TOR-3]
	}
	at := t.block(b.block)
	if at == nil || at.state != waiting {
		return
	}
	if fault == bt.OK && w.banned(b.from.Addr()) { // [TRU-15]
		*at = block{}
		return
	}
	if fault != bt.OK {
		*at = block{}
		t.forget(b.block.Piece)
		w.stall(t, fault)
		return
	}
	at.state = written
	if t.whole(b.block.Piece) {
		w.want("verify %d %d %t", t.id, b.block.Piece, t.onRecord(b.block.Piece))
	}
}

// stall stops requesting, and takes back what was requested, until the disk is ready. [PCK-10]
func (w *world) stall(t *torrent, fault bt.Fault) {
	if t.stalled {
		return
	}
	t.stalled = true
	w.want("stalled %d %v", t.id, fault)
	for _, id := range w.of(t.id) {
		c := w.conn(id)
		c.released = true
		for _, b := range c.liveBlocks() {
			if !c.recv.on || c.recv.block != b {
				w.cancel(c, b)
			}
		}
	}
}

// verified takes the verdict on a piece. A piece is announced and served once its hash was found right. [PCK-11] [PCK-8]
func (w *world) verified(ev *bt.Event) {
	t := w.torrent(ev.Torrent)
	if t == nil || int(ev.Piece) >= t.pieces() || !t.whole(ev.Piece) {
		return
	}
	switch {
	case ev.Fault != bt.OK:
		w.empty(t, ev.Piece)
		w.unhashed(t, ev.Piece, ev.Fault)
	case ev.Good:
		w.passed(t, ev.Piece, ev.Sums)
	default:
		w.banAll(t.id, w.failed(t, ev.Piece, ev.Sums))
	}
}

// empty makes a piece missing again, with all its blocks.
func (w *world) empty(t *torrent, piece uint32) {
	for k := range t.blocks[piece] {
		t.blocks[piece][k] = block{}
	}
}

// passed makes a piece ours.
func (w *world) passed(t *torrent, piece uint32, sums []bt.Digest) {
	found := w.absolve(t, piece, sums)
	t.have[piece], t.lost[piece] = true, loss{}
	w.want("passed %d %d", t.id, piece)
	for _, id := range w.of(t.id) {
		c := w.conn(id)
		c.allowed = slices.DeleteFunc(c.allowed, func(i uint32) bool { return i == piece })
		c.said.regain(piece)
		if c.stage == open && c.said.have[piece] != told && c.hasTime(piece) {
			c.said.untold.begin(w.now, piece)
		}
		w.watch(c)
	}
	if t.complete() {
		w.want("completed %d", t.id)
	}
	w.banAll(t.id, found)
	if !t.complete() {
		return
	}
	for _, id := range w.inOrder(w.of(t.id)) {
		if c := w.conn(id); w.pointless(c) {
			w.close(c, bt.Reason{Cause: bt.BothSeeds})
		}
	}
}

// pointless tells whether neither side of an open connection downloads any more. [DIA-9]
func (w *world) pointless(c *conn) bool {
	return c != nil && c.stage == open && w.torrent(c.tor).complete() && w.uploadOnly(c)
}

// take ends a token that stands for a use.
func (w *world) take(token bt.Token, use use) (buffer, bool) {
	for i, b := range w.buffers {
		if b.token == token && b.use == use {
			w.buffers = slices.Delete(w.buffers, i, i+1)
			return b, true
		}
	}
	return buffer{}, false
}

// releases says that a token is not needed any more.
func (w *world) releases(token bt.Token) {
	w.want("release %d", token)
	for _, b := range w.buffers {
		if b.token == token {
			w.take(token, b.use)
			return
		}
	}
	w.fail(clause.TOR3, "token %d is not in flight", token)
}
