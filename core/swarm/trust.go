package swarm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
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
	t.total.Opened[p.Transport()][p.Origin()]++
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
	name := t.known.Listens(old, port, p.Transport())
	p.SetKnown(name)
	if name == old {
		return
	}
	t.rec.Hit(clause.TRU14)
	t.ledger.Rename(old, name)
	if t.known.OnParole(name) && !p.OnParole() {
		p.Suspect(bt.NewWhy(t.out.Now, bt.SiteOnParole))
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

// discard throws away a block if it is on disk, and tells whether it was. One that is on its way there may have to be when it has come there: see Shunned.
func (t *Torrent) discard(b bt.Block) bool {
	was := t.picker.Discard(b)
	if was {
		t.total.Wasted += int64(b.Length)
	}
	return was
}

// Shunned takes the disk's answer for a block whose sender was banned meanwhile: it is missing. [TRU-15]
func (t *Torrent) Shunned(b bt.Block) {
	t.rec.Hit(clause.TRU15)
	t.picker.StoreFailed(b)
	t.total.Wasted += int64(b.Length)
	t.pumpAll()
}

// Round takes it that a round of the choker has passed: pieces age of which no block comes. [TRU-20]
func (t *Torrent) Round() {
	t.picker.Age()
	t.pumpParole()
}

// pumpParole is Pump for those on parole that are asked for nothing: a piece may wait for somebody. [TRU-20]
func (t *Torrent) pumpParole() {
	for _, m := range t.members {
		if m.OnParole() && m.Outstanding() == 0 {
			t.pump(m, true)
		}
	}
	t.share()
}

// relieve lets those on parole that can be asked for nothing, all but one of them, begin a piece anew. Whose turn it is first is left to
// chance, so that no order of connections keeps one from it for ever.
func (t *Torrent) relieve(but *peerfsm.Peer) {
	idle := t.idle
	t.idle = false
	if !idle || t.stalled != bt.OK {
		return
	}
	from := t.rng.IntN(len(t.members))
	for i := range t.members {
		if p := t.members[(from+i)%len(t.members)]; p != but && p.OnParole() && p.Outstanding() == 0 && p.Room() > 0 {
			t.beginAnew(p)
		}
	}
}

// beginAnew gives a peer on parole a piece that others have begun and do not go on with: they are asked for it no more, and what is
// here of it from them is thrown away, as it is to have the piece to itself. Else liars could keep an honest peer on parole from ever
// clearing itself, by beginning every piece that it has. [TRU-20]
func (t *Torrent) beginAnew(p *peerfsm.Peer) {
	w := wantOf(p)
	piece, ok := t.picker.Stale(&w, p.Askable)
	if !ok {
		return
	}
	t.rec.Hit(clause.TRU20)
	for k := range t.local.Geometry.NumBlocks(piece) {
		b := t.local.Geometry.BlockAt(piece, k)
		t.takeBack(b)
		if t.picker.Sender(b) != p.ID() && t.discard(b) {
			t.ledger.Drop(piece, k)
		}
	}
	t.picker.Renew(piece)
	t.freed = true
	t.request(p)
}

// takeBack asks nobody for a block any more.
func (t *Torrent) takeBack(b bt.Block) {
	for _, m := range t.members {
		if t.picker.Asks(b, m.ID()) {
			m.Cancel(b)
			t.picker.Abandon(b, m.ID())
			t.Arm(m)
		}
	}
}

// each calls f for the connections of a known peer.
func (t *Torrent) each(who netip.AddrPort, f func(*peerfsm.Peer)) {
	for _, m := range t.members {
		if m.Known() == who {
			f(m)
		}
	}
}
