package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
)

// rounds is when the choker acts next; 0 when there is nobody to choke.
type rounds struct {
	rank, rotate bt.Instant
}

// The choker's times and sizes. [CHK-1] [CHK-5] [CHK-6] [CHK-13]
const (
	roundEvery  = 10 * time.Second
	rotateEvery = 30 * time.Second
	turn        = 60 * time.Second
	quota       = 20   // pieces
	firstRate   = 1024 // bytes a second
	moreRate    = 2048
)

// candidate is an open connection while slots are given: what it has, and what it is to have.
type candidate struct {
	*conn
	was, is slot
	seeding bool  // we have its torrent whole
	size    int64 // of its torrent, bytes
	piece   int64 // of its torrent, bytes
}

// candidates lists the open connections, those that we dialled first, and the oldest of these first. [CHK-10]
func (w *world) candidates() (list []*candidate) {
	for i := range w.conns {
		c := &w.conns[i]
		if t := w.torrent(c.tor); c.stage == open && !t.removed {
			list = append(list, &candidate{conn: c, was: c.slot, seeding: t.complete(), size: t.geometry.Total, piece: int64(t.geometry.PieceLength)})
		}
	}
	slices.SortFunc(list, func(a, b *candidate) int { return int(int64(a.id) - int64(b.id)) })
	return list
}

// split is how many slots are won by rank, and how many are optimistic. [CHK-2]
func (w *world) split() (byRank, byTurn int) {
	if w.slots <= 0 {
		return 0, 0
	}
	byTurn = max(1, w.slots/5)
	return w.slots - byTurn, byTurn
}

// number counts the slots that there are. [CHK-2] [CHK-13]
func (w *world) number(list []*candidate) int {
	if w.cfg.SlotPolicy != bt.RateSlots {
		return max(0, w.cfg.UploadSlots)
	}
	var sent []int64
	for _, c := range list {
		if c.interested {
			sent = append(sent, c.up-c.roundUp)
		}
	}
	slices.SortFunc(sent, func(a, b int64) int { return int(b - a) })
	n := 0
	for n < len(sent) && sent[n] >= int64(roundEvery/time.Second)*int64(firstRate+n*moreRate) {
		n++
	}
	return n + 1
}

// canWin tells whether a peer can win a slot by rank. [CHK-3] [CHK-9]
func (c *candidate) canWin() bool { return c.interested && (c.seeding || !c.snubbed) }

// rank is what a peer is ranked by, the best first: a list that is compared from its beginning. [CHK-4] [CHK-5] [CHK-10] [CHK-11] [CHK-12]
func (w *world) rank(c *candidate) (r [6]int64) {
	flag := func(on bool) int64 {
		if on {
			return 1
		}
		return 0
	}
	sent := c.up - c.roundUp
	r[0] = c.down - c.roundDown
	switch order := w.cfg.SeedOrder; {
	case !c.seeding:
		r[4] = flag(c.was != choked)
	case order == bt.RoundRobin:
		r[1] = -flag(c.was != choked && w.now >= c.slotAt.Add(turn) && c.up-c.upSlot >= quota*c.piece)
		r[4] = flag(c.was == ranked && sent > 0)
	case order == bt.FastestUpload && c.was != choked:
		r[2] = sent
	case order == bt.AntiLeech:
		had := min(max(int64(c.pieces())*c.piece, min(c.up, c.size/2)), c.size)
		r[3] = max(had-c.size/2, c.size/2-had) * 2000 / c.size
	}
	r[5] = -int64(c.slotAt)
	return r
}

// ahead tells whether one peer comes before another by rank.
func (w *world) ahead(a, b *candidate) bool {
	x, y := w.rank(a), w.rank(b)
	for i := range x {
		if x[i] != y[i] {
			return x[i] > y[i]
		}
	}
	return false
}

// waited tells whether one peer has waited longer than another for an optimistic slot. [CHK-6]
func waited(a, b *candidate) bool { return a.optimisticAt < b.optimisticAt }

// keeping is waited, but that who has an optimistic slot comes first: between rotations it keeps it.
func keeping(a, b *candidate) bool {
	if holds := a.was == optimistic; holds != (b.was == optimistic) {
		return holds
	}
	return waited(a, b)
}

// foremost is who of a list comes first; of equals the lot decides where slots are optimistic, and else the oldest connection. It is nil when the
// list is empty.
func (w *world) foremost(list []*candidate, kind slot, before func(a, b *candidate) bool) *candidate {
	var equals []*candidate
	for _, c := range list {
		switch {
		case len(equals) == 0 || before(c, equals[0]):
			equals = []*candidate{c}
		case !before(equals[0], c):
			equals = append(equals, c)
		}
	}
	switch {
	case len(equals) == 0:
		return nil
	case kind == ranked:
		return equals[0]
	}
	return equals[w.which(len(equals), func(i int) bool {
		s := w.saw(equals[i].id)
		return s != nil && s.Flags.OptimisticUnchoke
	})]
}

// hand gives n slots of a kind to those who come first, and before them to those for whom their torrent has slots reserved. [CHK-15]
func (w *world) hand(list []*candidate, kind slot, n int, before func(a, b *candidate) bool) {
	claims := w.claims(list, kind, n, before)
	for ; n > 0; n-- {
		var can, claiming []*candidate
		for _, c := range list {
			if c.is != choked || !c.interested || kind == ranked && !c.canWin() {
				continue
			}
			if can = append(can, c); slices.Contains(claims, c.id) {
				claiming = append(claiming, c)
			}
		}
		if len(claiming) > 0 {
			can = claiming
		}
		if len(can) == 0 {
			return
		}
		w.foremost(can, kind, before).is = kind
	}
}

// claims lists the peers for whom their torrent has a slot reserved that it does not hold. [CHK-15] [CHK-16]
func (w *world) claims(list []*candidate, kind slot, n int, before func(a, b *candidate) bool) (ids []bt.ConnID) {
	left := w.slots
	for i := range w.torrents {
		t := &w.torrents[i]
		need := min(left, t.reserved)
		left -= need
		for _, c := range list {
			if c.tor == t.id && c.is != choked {
				need--
			}
		}
		for ; need > 0 && n > 0; need-- {
			var can []*candidate
			for _, c := range list {
				if c.tor == t.id && c.is == choked && c.canWin() && !slices.Contains(ids, c.id) {
					can = append(can, c)
				}
			}
			if len(can) == 0 {
				break
			}
			ids = append(ids, w.foremost(can, kind, before).id)
		}
	}
	return ids
}

// apply gives what was decided.
func (w *world) apply(list []*candidate) {
	for _, c := range list {
		c.slot = c.is
		if c.is != choked && (c.was == choked || c.is == optimistic && c.was != optimistic) {
			c.slotAt, c.upSlot = w.now, c.up
		}
		if c.is == optimistic && c.was != optimistic {
			c.optimisticAt = w.now
		}
		if c.was == choked && c.is != choked {
			c.usedAt = w.now
		}
		if c.is == choked && c.was != choked {
			w.slotLost(c.conn)
		}
	}
}

// unlimited gives everybody a slot who is interested; false when slots have a limit. [CHK-14]
func (w *world) unlimited(list []*candidate) bool {
	for _, c := range list {
		c.is = choked
		if c.interested {
			c.is = ranked
		}
	}
	return w.cfg.SlotPolicy == bt.UnlimitedSlots
}

// startRounds lets the choker's clocks run, once there is somebody to choke.
func (w *world) startRounds() {
	if w.rounds.rank == 0 {
		w.rounds.rank = w.now.Add(roundEvery)
	}
	if w.rounds.rotate == 0 {
		w.rounds.rotate = w.now.Add(rotateEvery)
	}
}

// round gives all slots anew. [CHK-1] [CHK-7]
func (w *world) round() {
	w.rounds.rank = 0
	for i := range w.torrents { // [TRU-20]
		for piece := range w.torrents[i].age {
			w.torrents[i].age[piece]++
		}
	}
	list := w.candidates()
	w.slots = w.number(list)
	if len(list) == 0 {
		return
	}
	w.startRounds()
	if !w.unlimited(list) {
		for _, c := range list {
			c.is = choked
		}
		byRank, byTurn := w.split()
		w.hand(list, ranked, byRank, w.ahead)
		w.hand(list, optimistic, byTurn, keeping)
	}
	w.apply(list)
	for _, c := range list {
		c.roundDown, c.roundUp = c.down, c.up
	}
}

// rotate gives the optimistic slots anew. [CHK-6]
func (w *world) rotate() {
	w.rounds.rotate = 0
	list := w.candidates()
	if len(list) == 0 {
		return
	}
	w.startRounds()
	for _, c := range list {
		c.is = choked
		if c.was == ranked {
			c.is = ranked
		}
	}
	if w.cfg.SlotPolicy != bt.UnlimitedSlots {
		_, byTurn := w.split()
		w.hand(list, optimistic, byTurn, waited)
	}
	w.apply(list)
	for _, c := range list {
		if c.is == optimistic {
			c.optimisticAt = w.now
		}
	}
}

// fill gives slots that nobody holds to those who come first, and takes none. [CHK-8] [CHK-17]
func (w *world) fill() { w.apply(w.filled()) }

// filled is what fill would give.
func (w *world) filled() []*candidate {
	list := w.candidates()
	if w.unlimited(list) {
		return list
	}
	byRank, byTurn := w.split()
	for _, c := range list {
		switch c.is = c.was; c.was {
		case ranked:
			byRank--
		case optimistic:
			byTurn--
		}
	}
	w.hand(list, ranked, byRank, w.ahead)
	w.hand(list, optimistic, byTurn, waited)
	return list
}

// mayFill is fill, where something has happened that need not lead to it: between rounds a slot that fell free because a peer may hold one
// by rank again is given at the next occasion.
func (w *world) mayFill() {
	for _, c := range w.filled() {
		if c.is == c.was {
			continue
		}
		s := w.saw(c.id)
		if w.whether(s != nil && !s.Flags.Choked) {
			w.fill()
		}
		return
	}
}
