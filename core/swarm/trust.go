package swarm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/pick"
	"peerwire/core/trust"
)

// Awaits tells whether a piece is to be verified: an answer that comes for any other comes too late. [TOR-3]
func (t *Torrent) Awaits(piece uint32) bool { return t.picker.Whole(piece) }

// Failed takes a piece whose hash is wrong: it is missing again with all its blocks. Who is proven to lie is named, and is to be
// banned; who shared in it otherwise is on parole. sums are the digests of its blocks. [PCK-8] [TRU-3]
func (t *Torrent) Failed(piece uint32, sums []bt.Digest) []trust.Guilty {
	t.rec.Hit(clause.PCK8)
	t.picker.Failed(piece)
	t.settled(piece, false)
	f := t.ledger.Failed(piece, sums)
	if f.Senders > 0 { // else it was ours, and is bad on the disk
		t.total.Corrupt += int64(t.local.Geometry.PieceSize(piece))
	}
	t.recordFailure(piece, &f)
	why := bt.NewWhy(t.out.Now, bt.SharedBadPiece, int64(piece), int64(f.Senders))
	for _, who := range f.Suspects {
		t.known.SetParole(who, true)
		t.each(who, func(p *peerfsm.Peer) { p.Suspect(why) })
	}
	t.pumpAll()
	return f.Guilty
}

// recordFailure records the clauses by which a piece that failed was judged.
func (t *Torrent) recordFailure(piece uint32, f *trust.Failure) {
	if len(f.Suspects) > 0 {
		t.rec.Hit(clause.TRU3)
		t.rec.Hit(clause.TRU9)
	}
	if f.Spared > 0 {
		t.rec.Hit(clause.TRU16)
	}
	if t.ledger.OnRecord(piece) {
		t.rec.Hit(clause.TRU11)
	}
	for _, g := range f.Guilty {
		if g.Of == clause.CorruptBlock {
			t.rec.Hit(clause.TRU13)
		}
	}
}

// judge clears who a right piece speaks for, and gives who it proves to have lied. [TRU-4] [TRU-12]
func (t *Torrent) judge(piece uint32, sums []bt.Digest) []trust.Guilty {
	if t.ledger.OnRecord(piece) {
		t.rec.Hit(clause.TRU12)
	}
	cleared, guilty := t.ledger.Passed(piece, sums)
	for _, who := range cleared {
		t.rec.Hit(clause.TRU4)
		t.acquit(piece, who)
	}
	return guilty
}

// acquit clears a known peer. Others may have left pieces to it that it had to have to itself; now it may share any.
func (t *Torrent) acquit(piece uint32, who netip.AddrPort) {
	t.known.SetParole(who, false)
	why := bt.NewWhy(t.out.Now, bt.SharedGoodPiece, int64(piece))
	t.each(who, func(p *peerfsm.Peer) {
		t.freed = t.freed || p.OnParole()
		p.Acquit(why)
	})
}

// Greet puts a peer on parole whose handshake is done, when it was there before, or another of its address is. [TRU-19]
func (t *Torrent) Greet(p *peerfsm.Peer) {
	because := bt.KnownOnParole
	if !t.known.OnParole(p.Known()) {
		because = bt.SiteOnParole
		if !t.known.SiteOnParole(p.Known().Addr()) {
			return
		}
		t.known.SetParole(p.Known(), true)
	}
	t.rec.Hit(clause.TRU19)
	p.Suspect(bt.NewWhy(t.out.Now, because))
}

// Listens notes that an incoming peer has told its listen port: from then on it goes by that, with all that was known of it
// before. [EXT-7] [DIA-8] [TRU-14]
func (t *Torrent) Listens(p *peerfsm.Peer, port uint16) {
	old := p.Known()
	name := t.known.Listens(old, port)
	p.SetKnown(name)
	if name == old {
		return
	}
	t.rec.Hit(clause.TRU14)
	t.ledger.Rename(old, name)
	if t.known.OnParole(name) && !p.OnParole() {
		p.Suspect(bt.NewWhy(t.out.Now, bt.KnownOnParole))
	}
}

// Shun throws away what the addresses of a banned site sent of pieces that are not whole. [TRU-15]
func (t *Torrent) Shun(site netip.Addr) {
	t.ledger.Shun(site, t.picker.Whole, func(piece, k uint32) {
		t.rec.Hit(clause.TRU15)
		t.discard(t.local.Geometry.BlockAt(piece, k))
	})
	t.pumpAll()
}

// discard throws away a block if it is on disk. One that is on its way there may have to be when it has come there: see Shunned.
func (t *Torrent) discard(b bt.Block) {
	if t.picker.Discard(b) {
		t.total.Wasted += int64(b.Length)
	}
}

// Shunned takes the disk's answer for a block whose sender was banned meanwhile: it is missing. [TRU-15]
func (t *Torrent) Shunned(w Work) {
	t.rec.Hit(clause.TRU15)
	t.picker.StoreFailed(w.Block)
	t.total.Wasted += int64(w.Block.Length)
	t.pumpAll()
}

// beginAnew gives a peer on parole that can be asked for nothing a piece that others have begun and that nobody goes on with: what
// is here of it is thrown away, as it is to have the piece to itself. Else liars could keep an honest peer on parole from ever
// clearing itself, by beginning every piece that it has. [TRU-20]
func (t *Torrent) beginAnew(w *pick.Want, room int) {
	piece, ok := t.picker.Stale(w)
	if !ok {
		return
	}
	t.rec.Hit(clause.TRU20)
	for k := range t.local.Geometry.NumBlocks(piece) {
		t.discard(t.local.Geometry.BlockAt(piece, k))
	}
	t.ledger.Forget(piece)
	t.blocks = t.picker.Next(w, room, t.blocks)
}

// each calls f for the connections of a known peer.
func (t *Torrent) each(who netip.AddrPort, f func(*peerfsm.Peer)) {
	for _, m := range t.members {
		if m.peer.Known() == who {
			f(m.peer)
		}
	}
}
