package swarm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
)

// Failed takes a piece whose hash is wrong: it is missing again with all its blocks. Who sent it all alone is to be
// banned, and is named; who shared in it is on parole. [PCK-8] [TRU-2] [TRU-3]
func (t *Torrent) Failed(piece uint32) (ban []netip.AddrPort) {
	t.rec.Hit(clause.PCK8)
	t.picker.Failed(piece)
	t.settled(piece, false)
	verdicts := t.ledger.Failed(piece)
	if len(verdicts) > 0 { // else nobody sent it now: it was ours, and is bad on the disk
		t.total.Corrupt += int64(t.local.Geometry.PieceSize(piece))
	}
	why := bt.NewWhy(t.out.Now, bt.SharedBadPiece, int64(piece), int64(len(verdicts)))
	for _, v := range verdicts {
		if v.Ban {
			t.rec.Hit(clause.TRU2)
			ban = append(ban, v.Who)
			continue
		}
		t.rec.Hit(clause.TRU3)
		t.rec.Hit(clause.TRU9)
		t.known.SetParole(v.Who, true)
		t.each(v.Who, func(p *peerfsm.Peer) { p.Suspect(why) })
	}
	t.pumpAll()
	return ban
}

// acquit clears a known peer whose piece was right. [TRU-4]
func (t *Torrent) acquit(piece uint32, who netip.AddrPort) {
	t.rec.Hit(clause.TRU4)
	t.known.SetParole(who, false)
	why := bt.NewWhy(t.out.Now, bt.SharedGoodPiece, int64(piece))
	t.each(who, func(p *peerfsm.Peer) { p.Acquit(why) })
}

// each calls f for the connections of a known peer.
func (t *Torrent) each(who netip.AddrPort, f func(*peerfsm.Peer)) {
	for _, m := range t.members {
		if m.peer.Known() == who {
			f(m.peer)
		}
	}
}
