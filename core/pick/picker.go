package pick

import (
	"math/rand/v2"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// RandomFirst is how many verified pieces it takes until new pieces are chosen by rarity. [PCK-2]
// A first piece is worth having soon, and the rarest is the slowest to get.
const RandomFirst = 4 // [PCK-2]

// Picker holds what is here, what is asked for, and what others have, of one torrent. It
// takes some 4 bytes a piece, 8 where there are many, and 8 bytes a block of the begun pieces. It is not safe for use by
// several goroutines.
//
// A piece is in one of three states: verified, begun (it has a partial), or untouched.
type Picker struct {
	g         bt.Geometry
	rng       *rand.Rand
	have      *bitset.BitSet // verified pieces
	missing   uint32         // pieces not verified
	untouched *bitset.BitSet // neither verified nor begun; the same pieces are listed in ranks
	ranks     ranks
	seeds     uint32 // peers with all pieces, which ranks does not count
	begun     partials
	blind     bool // new pieces are chosen at random
}

// New gives a Picker of a torrent of which nothing is here and which nobody has. All its
// choices follow from the calls made and from rng. With a geometry that is not known it has no
// piece to offer.
func New(g bt.Geometry, rng *rand.Rand) *Picker {
	n := g.NumPieces()
	p := &Picker{g: g, rng: rng, have: bitset.New(uint(n)), missing: n, untouched: bitset.New(uint(n))}
	if n > 0 {
		p.untouched.SetRange(0, uint(n))
		p.ranks = newRanks(n)
		p.begun.blocks = g.NumBlocks(0)
	}
	return p
}

// ForgetRarity lets new pieces be chosen at random from now on. [PCK-19]
func (p *Picker) ForgetRarity() { p.blind = true }

// ByRarity tells whether new pieces are chosen by their rarity, once some are here.
func (p *Picker) ByRarity() bool { return !p.blind }

// MarkHave says that a piece is verified: it is never picked again. What was asked for
// of it is forgotten.
func (p *Picker) MarkHave(piece uint32) {
	if p.have.Test(uint(piece)) {
		return
	}
	if pt := p.begun.of(piece); pt != nil {
		p.begun.end(pt)
	} else {
		p.delist(piece)
	}
	p.have.Set(uint(piece))
	p.missing--
}

// Have is the set of the verified pieces, as it is now and as it changes; only to be read.
func (p *Picker) Have() *bitset.BitSet { return p.have }

// Missing is the number of pieces that are not verified.
func (p *Picker) Missing() uint32 { return p.missing }

// Complete tells whether every piece is verified.
func (p *Picker) Complete() bool { return p.g.Known() && p.missing == 0 }

// EndGame tells whether pieces are missing and every block of them is received or asked for (PCK-5).
func (p *Picker) EndGame() bool {
	return p.missing > 0 && p.ranks.listed == 0 && p.begun.open() == 0
}

// AddPeer counts a peer that has the pieces of the set.
func (p *Picker) AddPeer(have *bitset.BitSet) {
	p.ranks.settle()
	for i, ok := have.NextSet(0); ok; i, ok = have.NextSet(i + 1) {
		p.ranks.gain(uint32(i))
	}
}

// RemovePeer takes back what AddPeer, Gain and Lose counted for a peer, whose pieces are now those
// of the set.
func (p *Picker) RemovePeer(have *bitset.BitSet) {
	p.ranks.settle()
	for i, ok := have.NextSet(0); ok; i, ok = have.NextSet(i + 1) {
		p.ranks.lose(uint32(i))
	}
}

// AddSeed counts a peer that has every piece, at no cost.
func (p *Picker) AddSeed() { p.seeds++ }

// RemoveSeed takes back AddSeed.
func (p *Picker) RemoveSeed() {
	if p.seeds == 0 {
		panic("BUG: a seed is removed that was not added")
	}
	p.seeds--
}

// Gain counts one more piece of a peer that was added.
func (p *Picker) Gain(piece uint32) { p.ranks.put(piece) }

// Lose counts one piece less of a peer that was added.
func (p *Picker) Lose(piece uint32) {
	p.ranks.settle()
	p.ranks.lose(piece)
}

// Availability is the number of counted peers that have the piece (PCK-1).
func (p *Picker) Availability(piece uint32) uint32 {
	p.ranks.settle()
	return p.ranks.avail(piece) + p.seeds
}

// Interesting tells whether the set has a piece that is missing here. It holds pieces
// of the torrent only.
func (p *Picker) Interesting(have *bitset.BitSet) bool {
	ours := p.have.Words()
	for i, word := range have.Words() {
		if word != 0 && (i >= len(ours) || word&^ours[i] != 0) {
			return true
		}
	}
	return false
}

// begin makes an untouched piece a begun one.
func (p *Picker) begin(piece uint32) *partial {
	p.delist(piece)
	return p.begun.begin(piece, p.g.PieceSize(piece))
}

// forget makes a begun piece untouched again.
func (p *Picker) forget(pt *partial) {
	piece := pt.piece
	p.begun.end(pt)
	p.untouched.Set(uint(piece))
	p.ranks.settle()
	p.ranks.list(piece)
}

// delist takes a piece from the untouched ones.
func (p *Picker) delist(piece uint32) {
	p.untouched.Clear(uint(piece))
	p.ranks.settle()
	p.ranks.delist(piece)
}
