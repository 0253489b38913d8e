package model

import (
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// banTime is how long an address is refused. [TRU-6]
const banTime = time.Hour

// ban is an address that is refused.
type ban struct {
	site  netip.Addr
	until bt.Instant
}

// fact is a block of a piece that failed: who sent it, and what it was. [TRU-11]
type fact struct {
	piece, block uint32
	from         netip.AddrPort
	sum          bt.Digest
}

// site is what a ban is of. [TRU-18]
func site(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is4() || a.IsLinkLocalUnicast() || netip.MustParsePrefix("64:ff9b::/96").Contains(a) {
		return a
	}
	return netip.PrefixFrom(a, 64).Masked().Addr()
}

func (w *world) banned(addr netip.Addr) bool {
	return slices.ContainsFunc(w.bans, func(b ban) bool { return b.site == site(addr) && b.until > w.now })
}

// senders lists the known peers that a piece came from. [TRU-1]
func (t *torrent) senders(piece uint32) (list []netip.AddrPort) {
	for _, b := range t.blocks[piece] {
		if b.from.IsValid() && !slices.Contains(list, b.from) {
			list = append(list, b.from)
		}
	}
	return list
}

// forget forgets who sent the blocks of a piece. [TRU-8]
func (t *torrent) forget(piece uint32) {
	for k := range t.blocks[piece] {
		t.blocks[piece][k].from, t.blocks[piece][k].shunned = netip.AddrPort{}, false
	}
}

// onRecord tells whether a piece has failed by shared blame. [TRU-11]
func (t *torrent) onRecord(piece uint32) bool {
	return slices.ContainsFunc(t.facts, func(f fact) bool { return f.piece == piece })
}

// condemn puts a known peer on parole or takes it off, with all its connections. [FLG-14]
func (w *world) condemn(t *torrent, who netip.AddrPort, on bool) {
	w.mark(t, who, on)
	for i := range w.conns {
		if c := &w.conns[i]; c.tor == t.id && c.known == who {
			c.released = c.released || on && !c.parole // [PCK-9]
			c.parole = on
		}
	}
}

// mark remembers of a known peer that it is on parole, or not.
func (w *world) mark(t *torrent, who netip.AddrPort, on bool) {
	k := t.find(who)
	switch {
	case k != nil:
		k.parole = on
		if !on && k.conns <= 0 && who.Port() == 0 {
			t.known = slices.DeleteFunc(t.known, func(k known) bool { return k.who == who })
		}
	case on:
		w.remember(t, known{who: who, source: bt.Arrived, parole: true})
	}
}

// greet puts a peer on parole whose handshake is done, when it was there before, or another of its address is. [TRU-19]
func (w *world) greet(c *conn) {
	t := w.torrent(c.tor)
	for _, k := range t.known {
		if k.parole && site(k.who.Addr()) == site(c.known.Addr()) {
			w.mark(t, c.known, true)
			c.parole = true
			return
		}
	}
}

// rename lets what a known peer sent go by its new name. [TRU-14]
func (t *torrent) rename(old, name netip.AddrPort) {
	for i := range t.blocks {
		for k := range t.blocks[i] {
			if at := &t.blocks[i][k]; at.from == old {
				at.from = name
			}
		}
	}
	for i := range t.facts {
		if t.facts[i].from == old {
			t.facts[i].from = name
		}
	}
}

// guilty is a known peer that is proven to lie.
type guilty struct {
	who netip.AddrPort
	of  clause.Violation
}

// digested tells whether there is a digest for each block of a piece. [TRU-10]
func (t *torrent) digested(piece uint32, sums []bt.Digest) bool {
	return len(sums) == len(t.blocks[piece])
}

// absolve takes all who sent a piece that is right off parole, and those of whom all that is on record of it is right; and finds who lied.
// [TRU-4] [TRU-12]
func (w *world) absolve(t *torrent, piece uint32, sums []bt.Digest) (found []guilty) {
	clear := t.senders(piece)
	for _, f := range t.facts {
		if f.piece != piece || !t.digested(piece, sums) {
			continue
		}
		clear = append(clear, f.from)
		if f.sum != sums[f.block] {
			found = append(found, guilty{f.from, clause.CorruptBlock})
		}
	}
	for _, who := range clear {
		if !slices.Contains(found, guilty{who, clause.CorruptBlock}) {
			w.condemn(t, who, false)
		}
	}
	t.facts = slices.DeleteFunc(t.facts, func(f fact) bool { return f.piece == piece })
	return found
}

// failed judges who sent a piece that is wrong: who sent it all, or a block of it with other bytes than before, is banned. When nobody is, nor
// was since it sent some of it, all are on parole. [TRU-2] [TRU-3] [TRU-9] [TRU-13] [TRU-16]
func (w *world) failed(t *torrent, piece uint32, sums []bt.Digest) (found []guilty) {
	list := t.senders(piece)
	sole, shunned := len(list) == 1, false
	for _, b := range t.blocks[piece] {
		sole = sole && b.from.IsValid()
		shunned = shunned || b.from.IsValid() && (b.shunned || w.banned(b.from.Addr()))
	}
	if sole && !shunned {
		found = append(found, guilty{list[0], clause.CorruptPiece})
	}
	found = append(found, w.record(t, piece, sums, sole)...)
	w.empty(t, piece)
	t.lost[piece] = loss{since: t.lost[piece].since}
	if len(found) == 0 && !shunned {
		for _, who := range list {
			w.condemn(t, who, true)
		}
	}
	return found
}

// record keeps the digests of a piece that failed, and finds who sent a block of it with other bytes than before. [TRU-11] [TRU-13]
func (w *world) record(t *torrent, piece uint32, sums []bt.Digest, sole bool) (found []guilty) {
	if !t.digested(piece, sums) {
		return nil
	}
	for k, b := range t.blocks[piece] {
		known := !b.from.IsValid() || b.shunned || sole
		for _, f := range t.facts {
			if f.piece != piece || f.block != uint32(k) || f.from != b.from {
				continue
			}
			known = true
			if f.sum != sums[k] && !sole {
				found = append(found, guilty{b.from, clause.CorruptBlock})
			}
		}
		if !known {
			t.facts = append(t.facts, fact{piece: piece, block: uint32(k), from: b.from, sum: sums[k]})
		}
	}
	return found
}

// banAll bans who was found to lie, each once. [TRU-6] [TRU-7] [TRU-17]
func (w *world) banAll(id bt.TorrentID, found []guilty) {
	for _, g := range found {
		if !w.banned(g.who.Addr()) {
			w.ban(id, g)
		}
	}
}

// ban refuses an address, closes its connections, and throws away what came from it. [TRU-6] [TRU-7] [TRU-15] [TRU-19]
func (w *world) ban(id bt.TorrentID, g guilty) {
	at, until := site(g.who.Addr()), w.now.Add(banTime)
	w.bans = append(w.bans, ban{at, until})
	why := bt.Reason{Cause: bt.Misbehaved, Violation: g.of}
	w.want("banned %v until %v: %v", at, until, why)
	w.mark(w.torrent(id), g.who, true)
	var ids []bt.ConnID
	for i := range w.conns {
		if site(w.conns[i].addr.Addr()) == at {
			ids = append(ids, w.conns[i].id)
		}
	}
	for _, one := range w.inOrder(ids) {
		if c := w.conn(one); c.tor == id && c.known == g.who {
			w.close(c, why)
		} else {
			w.close(c, bt.Reason{Cause: bt.BannedPeer})
		}
	}
	for i := range w.torrents {
		w.shun(&w.torrents[i], at)
	}
}

// shun throws away what came from a banned address, of pieces that are not whole; what is on its way to the disk, when it has come there.
// [TRU-15]
func (w *world) shun(t *torrent, at netip.Addr) {
	t.facts = slices.DeleteFunc(t.facts, func(f fact) bool { return site(f.from.Addr()) == at })
	for piece := range t.blocks {
		whole := t.whole(uint32(piece))
		for k := range t.blocks[piece] {
			b := &t.blocks[piece][k]
			switch {
			case !b.from.IsValid() || site(b.from.Addr()) != at:
			case whole:
				b.shunned = true
			case b.state == written:
				*b = block{}
			default:
				b.from = netip.AddrPort{}
			}
		}
	}
}

// whole tells whether every block of a piece is on the disk, so that only its verification is missing.
func (t *torrent) whole(piece uint32) bool {
	return !t.have[piece] && !slices.ContainsFunc(t.blocks[piece], func(b block) bool { return b.state != written })
}

// takes tells whether a block is wanted from a peer: one on parole must be asked for it, or have the piece to itself. Who was chosen to be
// asked, and is not yet, cannot be seen; where that matters, seen tells what became of the block. [MSG-20] [TRU-21]
func (w *world) takes(c *conn, b bt.Block, seen bool) bool {
	t := w.torrent(c.tor)
	if !t.lacks(b) {
		if !t.stale(w, b.Piece) || !w.whether(seen) {
			return false
		}
		w.reopen(&conn{tor: t.id}, t, b.Piece) // it was begun anew for a peer on parole
	}
	if i := c.asked(b); !c.parole || i >= 0 && c.asks[i].state == live {
		return true
	}
	mine, sure := true, len(c.chosen) == 0
	for _, at := range t.blocks[b.Piece] {
		mine = mine && (at.state == missing || at.from == c.known || at.conn == c.id)
		sure = sure && (at.state == missing || at.from != c.known || at.conn == c.id)
	}
	for i := range w.conns {
		o := &w.conns[i]
		if o.id == c.id || o.tor != c.tor {
			continue
		}
		mine = mine && !slices.ContainsFunc(o.liveBlocks(), func(a bt.Block) bool { return a.Piece == b.Piece })
		sure = sure && len(o.chosen) == 0
	}
	return sure && mine || !sure && w.whether(seen)
}

// maxAge is how many rounds a begun piece may stand still. [TRU-20]
const maxAge = 6

// stale tells whether a piece is begun, and nobody goes on with it. [TRU-20]
func (t *torrent) stale(w *world, piece uint32) bool {
	if t.have[piece] || t.whole(piece) || w.askedOf(t, piece) && t.age[piece] < maxAge {
		return false
	}
	waits := func(at block) bool { return at.state == waiting }
	return !slices.ContainsFunc(t.blocks[piece], waits) &&
		slices.ContainsFunc(w.conns, func(c conn) bool { return c.tor == t.id && c.parole && c.supply[piece] })
}

// reopened finds pieces that were begun anew: a peer on parole is to be asked for them, and others had a part in them. [TRU-20]
func (w *world) reopened() {
	for i := range w.conns {
		c := &w.conns[i]
		s := w.saw(c.id)
		if s == nil || !c.parole {
			continue
		}
		t := w.torrent(c.tor)
		for _, b := range s.Chosen {
			anew := c.released || !slices.Contains(c.asksBefore, b) || slices.Contains(c.liveBefore, b)
			if anew && t.geometry.IsBlock(b) && w.foreign(c, t, b.Piece) {
				w.reopen(c, t, b.Piece)
			}
		}
	}
}

// foreign tells whether others have a part in a piece, and do not go on with it.
func (w *world) foreign(c *conn, t *torrent, piece uint32) bool {
	if t.have[piece] || t.whole(piece) || slices.ContainsFunc(t.blocks[piece], func(at block) bool { return at.state == waiting }) {
		return false
	}
	others := slices.ContainsFunc(t.blocks[piece], func(at block) bool { return at.state == written && at.conn != c.id })
	asked := false
	of := func(b bt.Block) bool { return b.Piece == piece }
	for i := range w.conns {
		if o := &w.conns[i]; o.id != c.id && o.tor == c.tor {
			asked = asked || slices.ContainsFunc(o.liveBlocks(), of) || !o.released && slices.ContainsFunc(o.chosen, of)
		}
	}
	return (others || asked) && (!asked || t.age[piece] >= maxAge)
}

// reopen throws away what others sent of a piece that is begun anew for a peer, and takes back what they were asked for. [TRU-20]
func (w *world) reopen(c *conn, t *torrent, piece uint32) {
	for k := range t.blocks[piece] {
		at := &t.blocks[piece][k]
		b := t.geometry.BlockAt(piece, uint32(k))
		if at.state == written && at.conn != c.id {
			*at = block{}
		}
		for i := range w.conns {
			o := &w.conns[i]
			n := o.asked(b)
			o.released = o.released || o.tor == c.tor && slices.Contains(o.chosen, b)
			switch {
			case o.tor != c.tor || n < 0:
			case o.asks[n].state != live: // it may have been when the piece was begun anew, and timed out then
				o.cancelable = append(o.cancelable, b)
			case o.recv.on && o.recv.block == b:
				o.asks[n].state, o.released = timedOut, true
			default:
				w.cancel(o, b)
				o.released = true
			}
		}
	}
	t.age[piece] = 0
}
