package swarm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/pick"
)

// Pump does for a connection all that it is time to do: interest, requests, reading ahead from disk. When that makes blocks
// free, others are asked for them at once, for who has nothing to do may never be heard of again. [PCK-7]
func (t *Torrent) Pump(p *peerfsm.Peer) {
	t.pump(p, p.Short())
	t.share()
}

// pump does it; with ask it is time for more requests, too.
func (t *Torrent) pump(p *peerfsm.Peer, ask bool) {
	t.Settle(p)
	if p.Open() {
		t.Interest(p)
		if ask {
			t.request(p)
		}
		t.fetch(p)
		t.show(p)
	}
	t.Arm(p)
}

// pumpAll is Pump for every open connection.
func (t *Torrent) pumpAll() {
	t.freed = true
	t.share()
}

// share gives what became free to whoever can be asked for it. When nobody can, those on parole that are idle may begin anew what
// others have left.
func (t *Torrent) share() {
	for t.freed || t.idle {
		if !t.freed {
			t.relieve(nil)
			continue
		}
		t.freed = false
		for _, m := range t.members {
			if m.Open() {
				t.pump(m, true)
			}
		}
	}
}

// GiveBack releases what a snubbed peer holds up. [TMR-9] [TRU-22]
func (t *Torrent) GiveBack(p *peerfsm.Peer) {
	p.GiveBack()
	t.Settle(p)
	t.rec.Hit(clause.TRU22)
	at := t.find(p)
	for i := range len(t.members) - 1 { // who let it lie comes last, and the turn goes round: else it could be asked for the same again for ever
		if next := t.members[(at+1+i)%len(t.members)]; next.Open() {
			t.pump(next, true)
		}
	}
	t.relieve(p)
	t.pumpAll()
}

// Settle takes back what a connection gave up. [PCK-7]
func (t *Torrent) Settle(p *peerfsm.Peer) {
	if !p.Loose() {
		return
	}
	id := p.ID()
	p.Freed(func(b bt.Block) {
		t.rec.Hit(clause.PCK7)
		t.picker.Abandon(b, id)
		t.freed = true
	})
	p.Dropped(func(tok bt.Token) {
		t.out.Fetched(tok) // if it is being read still, nobody waits for the answer
		t.out.Emit(bt.Effect{Kind: bt.Release, Token: tok})
	})
}

// wantOf is what a peer could be asked for.
func wantOf(p *peerfsm.Peer) pick.Want {
	return pick.Want{
		Peer: p.ID(), Have: p.Pieces(), Seed: p.Seed(), Only: p.Allowed(), Suggest: p.Suggested(), Last: p.LastAsked(),
		Parole: p.OnParole(), Snubbed: p.Snubbed(),
	}
}

// request asks a peer for as many blocks as it is good for. [MSG-10] [PCK-3]
func (t *Torrent) request(p *peerfsm.Peer) {
	room := p.Room()
	if room <= 0 || t.stalled != bt.OK {
		return
	}
	w := wantOf(p)
	t.blocks = t.picker.Next(&w, room, t.blocks[:0])
	if len(t.blocks) == 0 && p.Outstanding() == 0 {
		t.idle = t.idle || w.Parole
		t.endGame(p, &w)
	}
	t.record(&w)
	refused := 0
	for _, b := range t.blocks {
		if !p.Ask(b) {
			t.blocks[refused] = b
			refused++
		}
	}
	if refused > 0 {
		t.requestOthers(p, &w, refused)
	}
}

// requestOthers asks a peer for other blocks than the first of t.blocks, which earlier requests are in the way of. These stay taken while
// others are chosen, or they would be chosen again.
func (t *Torrent) requestOthers(p *peerfsm.Peer, w *pick.Want, refused int) {
	for from := 0; from < refused; {
		from = refused
		t.blocks = t.picker.Next(w, p.Room(), t.blocks[:refused])
		for _, b := range t.blocks[refused:] {
			if !p.Ask(b) {
				t.blocks[refused] = b
				refused++
			}
		}
	}
	for _, b := range t.blocks[:refused] {
		t.picker.Abandon(b, p.ID())
	}
}

// record records the clauses that the last choice of blocks obeyed.
func (t *Torrent) record(w *pick.Want) {
	if t.rec == nil || len(t.blocks) == 0 {
		return
	}
	if w.Parole {
		t.rec.Hit(clause.PCK9)
	}
	if w.Snubbed {
		t.rec.Hit(clause.PCK6)
	}
	switch w.Why {
	case pick.AtRandom, pick.Rarest:
		t.rec.Hit(clause.PCK2)
		if !t.picker.ByRarity() {
			t.rec.Hit(clause.PCK19)
		}
	case pick.Own:
		t.rec.Hit(clause.PCK3)
	case pick.Crowded:
		t.rec.Hit(clause.PCK14)
		fallthrough
	case pick.Left, pick.Joined:
		t.rec.Hit(clause.PCK3)
		t.rec.Hit(clause.PCK15)
	case pick.Shared:
		t.rec.Hit(clause.PCK16)
	case pick.Repeated:
		t.rec.Hit(clause.PCK5)
		t.rec.Hit(clause.PCK12)
	}
}

// fetch reads ahead what the peer has asked for.
func (t *Torrent) fetch(p *peerfsm.Peer) {
	for running := false; p.WantsFetch(running); running = true {
		tok := t.out.Fetch(p.ID())
		b := p.BeginFetch(tok)
		t.out.Emit(bt.Effect{Kind: bt.Fetch, Conn: p.ID(), Token: tok, Torrent: t.local.Torrent, Block: b})
	}
}
