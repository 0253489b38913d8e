package swarm

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/peerfsm"
	"peerwire/core/pick"
)

// toll is what it has cost so far that blocks were asked of two.
type toll struct {
	begun bool // some block was
	twice int  // blocks that came since and were not needed, or may come and nobody will know that they do not
}

// minTwice is how many blocks may come twice in end-game, however few connections there are. [PCK-13]
const minTwice = 16 // [PCK-13]

// mostAhead is how many requests of one connection, the last ones, are looked at in end-game: to look at all would take long,
// and for those before there is no hurry.
const mostAhead = 16

// overdue is for how long nothing has come from a peer whose blocks others may take over.
const overdue = 3 * time.Second // [PCK-18]

// endGame asks a peer that has nothing else to do for a block that another is asked for.
func (t *Torrent) endGame(p *peerfsm.Peer, w *pick.Want) {
	if w.Parole || w.Snubbed || !t.picker.EndGame() {
		return
	}
	if t.spent() || !t.again(p, w) {
		t.out.Idle = !t.takeOver(p, w) || t.out.Idle
	}
}

// again asks a peer for the block that is expected to be the last to come, of those that one other is asked for, if this peer is expected to be
// more than twice as fast. [PCK-5] [PCK-12]
func (t *Torrent) again(p *peerfsm.Peer, w *pick.Want) bool {
	now := t.out.Now
	best, longest := bt.Block{}, time.Duration(0)
	if rate := p.DownloadRate(now); rate > 0 {
		longest = 2 * timeFor(1, rate)
	}
	for _, m := range t.members {
		rate := max(m.DownloadRate(now), 1)
		least := m.Outstanding() - mostAhead
		m.EachAskBack(func(b bt.Block, ahead int) bool {
			wait := timeFor(ahead+1, rate)
			if wait <= longest || ahead < least {
				return false
			}
			if !t.picker.MayRepeat(w, b) || !p.Askable(b) {
				return true
			}
			best, longest = b, wait
			return false
		})
	}
	if !t.picker.Again(w, best) {
		return false
	}
	t.end.begun = true
	t.blocks = append(t.blocks, best)
	return true
}

// takeOver asks a peer for a block in place of another, of those from which nothing has come for a while that from which nothing has come
// for longest. [PCK-18]
func (t *Torrent) takeOver(p *peerfsm.Peer, w *pick.Want) bool {
	var from *peerfsm.Peer
	block, longest := bt.Block{}, overdue-1
	for _, m := range t.members {
		wait := m.Quiet(t.out.Now)
		if wait <= longest {
			continue
		}
		least := m.Outstanding() - mostAhead
		m.EachAskBack(func(b bt.Block, ahead int) bool {
			if t.picker.MayReplace(w, b, m.ID()) && p.Askable(b) {
				from, block, longest = m, b, wait
				return false
			}
			return ahead > least
		})
	}
	if from == nil {
		return false
	}
	t.rec.Hit(clause.PCK18)
	from.Withdraw(block)
	t.picker.Replace(w, block, from.ID())
	t.blocks = append(t.blocks, block)
	return true
}

// Retry looks again, in end-game, at those who are asked for nothing: others may have become slow since. [PCK-17]
func (t *Torrent) Retry() {
	if !t.picker.EndGame() {
		return
	}
	for _, m := range t.members {
		if m.Room() > 0 && m.Outstanding() == 0 {
			t.rec.Hit(clause.PCK17)
			t.Pump(m)
		}
	}
}

// spent tells whether as many blocks have come twice, or may still, as are allowed to: so many as there are connections. What was taken back and
// is not answered may still come. [PCK-13]
func (t *Torrent) spent() bool {
	open, twice := 0, t.end.twice
	for _, m := range t.members {
		if m.Open() {
			open++
			twice += m.TakenBack()
		}
	}
	if twice >= max(open, minTwice) {
		t.rec.Hit(clause.PCK13)
		return true
	}
	return false
}

// repeated notes a block that came and was not needed.
func (t *Torrent) repeated() {
	if t.end.begun {
		t.end.twice++
	}
}

// timeFor is how long so many blocks take at a rate in bytes a second.
func timeFor(blocks int, rate int64) time.Duration {
	return time.Duration(int64(blocks) * bt.BlockSize * int64(time.Second) / rate)
}
