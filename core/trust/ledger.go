package trust

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
)

// Ledger is the account of one torrent. It holds 4 bytes for each block of a piece that is begun and not
// verified, so its memory is bounded by how many pieces are begun at one time.
type Ledger struct {
	geometry bt.Geometry
	pieces   map[uint32][]id // who sent each block
	names    []contributor   // by id; names[nobody] is unused
	ids      map[netip.AddrPort]id
	free     []id             // of names that are not in use
	who      []netip.AddrPort // the last answer's memory
}

// id stands for a contributor in the lists of blocks.
type id uint32

// nobody sent a block that has not come.
const nobody id = 0

// contributor is a known peer that sent some of the blocks on account.
type contributor struct {
	who    netip.AddrPort
	blocks int
}

// Verdict is what a contributor to a bad piece has earned: to be banned, or else to be on parole.
type Verdict struct {
	Who netip.AddrPort
	Ban bool
}

// New is an empty account of a torrent whose geometry is known.
func New(g bt.Geometry) *Ledger {
	return &Ledger{geometry: g, pieces: make(map[uint32][]id), ids: make(map[netip.AddrPort]id), names: make([]contributor, 1)}
}

// Note puts down that block k of a piece came from who. A block that comes again, because it could not be stored, is
// of the one who sent it last. Both must be in range. [TRU-1]
func (l *Ledger) Note(piece, k uint32, who netip.AddrPort) {
	blocks := l.pieces[piece]
	if blocks == nil {
		blocks = make([]id, l.geometry.NumBlocks(piece))
		l.pieces[piece] = blocks
	}
	l.release(blocks[k])
	blocks[k] = l.acquire(who)
}

// Passed closes the account of a piece that is right, and names who contributed to it, in the order of the first
// block of each. The list is good until the next call. [TRU-4]
func (l *Ledger) Passed(piece uint32) []netip.AddrPort {
	l.who = l.who[:0]
	for _, sender := range l.pieces[piece] {
		if sender != nobody && !slices.Contains(l.who, l.names[sender].who) {
			l.who = append(l.who, l.names[sender].who)
		}
	}
	l.Forget(piece)
	return l.who
}

// Failed closes the account of a piece that is wrong, and judges who contributed to it, in the order of the first
// block of each. Who sent it all is to be banned. When the account lacks a block, nobody sent it all.
// [TRU-2] [TRU-3] [TRU-9]
func (l *Ledger) Failed(piece uint32) []Verdict {
	whole := !slices.Contains(l.pieces[piece], nobody)
	var verdicts []Verdict
	for _, who := range l.Passed(piece) {
		verdicts = append(verdicts, Verdict{Who: who})
	}
	if len(verdicts) == 1 {
		verdicts[0].Ban = whole
	}
	return verdicts
}

// Forget closes the account of a piece and blames nobody for it. Should more of its blocks be noted, the
// account lacks those that came before. [TRU-8]
func (l *Ledger) Forget(piece uint32) {
	for _, sender := range l.pieces[piece] {
		l.release(sender)
	}
	delete(l.pieces, piece)
}

// Len is how many pieces are on account.
func (l *Ledger) Len() int { return len(l.pieces) }

// acquire gives the id of a contributor, which has one block more on account.
func (l *Ledger) acquire(who netip.AddrPort) id {
	i, known := l.ids[who]
	if !known {
		i = l.vacant()
		l.names[i] = contributor{who: who}
		l.ids[who] = i
	}
	l.names[i].blocks++
	return i
}

// vacant finds an id that is not in use.
func (l *Ledger) vacant() id {
	if n := len(l.free); n > 0 {
		i := l.free[n-1]
		l.free = l.free[:n-1]
		return i
	}
	l.names = append(l.names, contributor{})
	return id(len(l.names) - 1)
}

// release takes one block of a contributor off the account; with the last one its id is free.
func (l *Ledger) release(i id) {
	if i == nobody {
		return
	}
	c := &l.names[i]
	if c.blocks--; c.blocks == 0 {
		delete(l.ids, c.who)
		l.free = append(l.free, i)
	}
}
