package swarm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/pick"
	"peerwire/core/trust"
)

// Began answers the header of a piece: a token for the payload if the block is still missing, zero when it is
// to be discarded. [MSG-20]
func (t *Torrent) Began(p *peerfsm.Peer, b bt.Block) bt.Token {
	t.rec.Hit(clause.MSG20)
	if !t.takes(p, b) {
		return 0
	}
	return t.out.Token()
}

// Delivered takes a block whose payload is whole, or was discarded. Another peer may have been faster. It tells how many bytes go to the
// disk.
func (t *Torrent) Delivered(now bt.Instant, p *peerfsm.Peer) int {
	b, _ := p.Receiving()
	tok := p.Token()
	needed := tok != 0 && t.takes(p, b)
	p.Delivered(now, needed)
	if !needed {
		t.repeated()
		t.picker.Abandon(b, p.ID())
		if tok != 0 {
			t.out.Emit(bt.Effect{Kind: bt.Release, Token: tok})
		}
		t.Pump(p)
		return 0
	}
	if t.picker.Received(b, p.ID()) == pick.Contested {
		t.cancelElsewhere(b, p)
	}
	t.rec.Hit(clause.TRU1)
	t.ledger.Note(b.Piece, b.Begin/bt.BlockSize, p.Known())
	t.out.Store(tok, Storing{Torrent: t.local.Torrent, Block: b, From: p.Known().Addr()})
	t.out.Emit(bt.Effect{Kind: bt.Store, Token: tok, Torrent: t.local.Torrent, Block: b})
	t.Pump(p)
	return int(b.Length)
}

// takes tells whether a block is wanted from a peer. One on parole is to have its pieces to itself, so what comes from it late, when
// others have a part in the piece by now, is of no use. [TRU-21]
func (t *Torrent) takes(p *peerfsm.Peer, b bt.Block) bool {
	if !p.OnParole() {
		return t.picker.Wanted(b)
	}
	ok := t.picker.WantedOf(b, p.ID())
	if !ok && t.picker.Wanted(b) {
		t.rec.Hit(clause.TRU21)
	}
	return ok
}

// cancelElsewhere takes the requests for a block back that has come. [MSG-22]
func (t *Torrent) cancelElsewhere(b bt.Block, from *peerfsm.Peer) {
	t.rec.Hit(clause.MSG22)
	for _, m := range t.members {
		if m != from && m.Open() {
			if m.Cancel(b) && !m.Fast() {
				t.repeated() // whether it comes is never known
			}
			t.Pump(m)
		}
	}
}

// Stored takes the disk's answer for a block. A block that could not be written is missing again, and nobody is
// to blame. [TRU-8]
func (t *Torrent) Stored(b bt.Block, fault bt.Fault) {
	piece := b.Piece
	if fault != bt.OK {
		t.rec.Hit(clause.TRU8)
		t.picker.StoreFailed(b)
		t.ledger.Forget(piece)
		t.stall(fault)
		return
	}
	switch {
	case t.picker.Stored(b):
		t.out.Emit(bt.Effect{Kind: bt.Verify, Torrent: t.local.Torrent, Piece: piece, Sums: t.ledger.OnRecord(piece)})
	case t.picker.Idle(piece):
		t.pumpParole()
	}
}

// Fetched takes the disk's answer for a block that a peer asked for. [MSG-25]
func (t *Torrent) Fetched(p *peerfsm.Peer, tok bt.Token, fault bt.Fault) {
	b, waited := p.Fetched(tok, fault)
	if waited && fault != bt.OK {
		t.doubt(b.Piece, fault)
	}
	t.Pump(p)
}

// Passed takes a piece whose hash is right: it is ours, all are told, and who sent it is cleared. Who it proves to have lied
// is named, and is to be banned. sums are the digests of its blocks. [TRU-4] [PCK-11]
func (t *Torrent) Passed(piece uint32, sums []bt.Digest) []trust.Guilty {
	t.rec.Hit(clause.PCK11)
	t.picker.Passed(piece)
	t.local.Count++
	t.settled(piece, true)
	guilty := t.judge(piece, sums)
	t.out.Emit(bt.Effect{Kind: bt.Passed, Torrent: t.local.Torrent, Piece: piece})
	t.spread(piece)
	t.share()
	if t.Finished() {
		t.out.Emit(bt.Effect{Kind: bt.Completed, Torrent: t.local.Torrent})
	}
	return guilty
}

// Unverified takes a piece that could not be hashed, for a fault of the disk: it is missing again, and nobody is
// to blame. [TRU-8]
func (t *Torrent) Unverified(piece uint32, fault bt.Fault) {
	t.rec.Hit(clause.TRU8)
	t.picker.Failed(piece)
	t.ledger.Forget(piece)
	if t.unhashed(piece, fault) {
		t.stall(fault)
		return
	}
	t.pumpAll()
}
