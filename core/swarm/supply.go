package swarm

import (
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
)

// Act takes a fact of one of the torrent's connections.
func (t *Torrent) Act(p *peerfsm.Peer, f peerfsm.Fact) {
	switch f.Kind {
	case peerfsm.Supplied:
		t.uncount(p)
		p.TakeSupply(t.out.Now)
		t.count(p)
	case peerfsm.Lost:
		t.lose(p, f.Piece)
	case peerfsm.Gained:
		t.gain(p, f.Piece)
	default:
		return
	}
	p.Interest(t.out.Now, p.Useful() > 0) // also when it stays, for the reason of now [WHY-2]
	t.Settle(p)
	t.supplyTold(f)
}

// gain counts a piece more in. Before it is known how many there are nothing is counted, and nothing is wanted. [PCK-1] [LIM-6]
func (t *Torrent) gain(p *peerfsm.Peer, piece uint32) {
	if !t.local.Geometry.Known() {
		return
	}
	t.picker.Gain(piece)
	if !t.local.Have.Test(uint(piece)) {
		p.SetUseful(p.Useful() + 1)
	}
}

// lose counts a piece out that a peer took back. One that was counted as a seed is not any more. [PCK-1] [EXT-17]
func (t *Torrent) lose(p *peerfsm.Peer, piece uint32) {
	if !t.local.Geometry.Known() {
		return
	}
	if p.CountedAsSeed() {
		t.uncount(p)
		t.count(p)
		return
	}
	t.picker.Lose(piece)
	if !t.local.Have.Test(uint(piece)) {
		p.SetUseful(p.Useful() - 1)
	}
}

// count adds what a peer has to the availability. [PCK-1]
func (t *Torrent) count(p *peerfsm.Peer) {
	if !t.local.Geometry.Known() {
		return
	}
	p.CountAsSeed(p.Seed())
	if p.Seed() {
		t.picker.AddSeed()
		p.SetUseful(t.picker.Missing())
		return
	}
	t.picker.AddPeer(p.Pieces())
	p.SetUseful(uint32(p.Pieces().DifferenceCardinality(t.local.Have)))
}

func (t *Torrent) uncount(p *peerfsm.Peer) {
	switch {
	case p.CountedAsSeed():
		t.picker.RemoveSeed()
		p.CountAsSeed(false)
	case p.Pieces() != nil && t.local.Geometry.Known():
		t.picker.RemovePeer(p.Pieces())
	}
	p.SetUseful(0)
}

// Pointless tells whether neither side of an open connection can use the other any more. [DIA-9]
func (t *Torrent) Pointless(p *peerfsm.Peer) bool {
	return p.Open() && t.Finished() && p.UploadOnly()
}

// spread tells all connections of a piece that is verified now. [MSG-8]
func (t *Torrent) spread(i uint32) {
	for _, m := range t.members {
		if !m.Open() {
			continue
		}
		m.Have(i)
		if m.Has(i) {
			m.SetUseful(m.Useful() - 1)
		}
		t.Interest(m)
		t.Arm(m)
		t.out.Untold = t.out.Untold || m.Untold()
	}
}

// Tell tells all connections of the pieces that they were not told of, though there was time. [MSG-29]
func (t *Torrent) Tell() {
	for _, m := range t.members {
		if m.Untold() {
			m.Tell()
			t.Arm(m)
		}
	}
}

// Interest decides whether we are interested in a peer. [MSG-9]
func (t *Torrent) Interest(p *peerfsm.Peer) {
	if want := p.Useful() > 0; p.Open() && want != p.Interesting() {
		p.Interest(t.out.Now, want)
		t.Settle(p)
	}
	p.SettleRedundancy(t.out.Now)
}

// Arm asks the shell to call Transmit, once an edge.
func (t *Torrent) Arm(p *peerfsm.Peer) {
	if p.Arm(t.out.Now) {
		t.out.Add(bt.WantWrite, p.ID())
	}
}
