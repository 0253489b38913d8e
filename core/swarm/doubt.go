package swarm

import (
	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// doubt is a piece that was ours, until a block of it could not be read.
type doubt struct {
	tries int  // times that it could not be hashed either
	held  bool // nothing of it is requested before it is hashed
	asked bool // it is being hashed
}

// maxWaits is how often a torrent requests nothing because one and the same piece can be neither read nor hashed. A disk that has trouble
// for a while gets over it; one bad sector must not keep us from all the rest.
const maxWaits = 3 // [MSG-28]

// doubt takes it that a piece of ours cannot be read: it is not ours any more until its hash is found right again, which is looked at
// when the disk is said to be ready. Nobody is to blame, and nothing is requested meanwhile. [MSG-27] [MSG-28] [PCK-10]
func (t *Torrent) doubt(i uint32, fault bt.Fault) {
	if !t.picker.Have().Test(uint(i)) {
		return
	}
	t.rec.Hit(clause.MSG27)
	t.picker.Doubt(i)
	t.local.Count--
	if t.local.Doubted == nil {
		t.local.Doubted = bitset.New(uint(t.local.Geometry.NumPieces()))
		t.doubts = make(map[uint32]doubt)
	}
	t.local.Doubted.Set(uint(i))
	t.doubts[i] = doubt{held: true}
	for _, m := range t.members {
		if !m.Open() {
			continue
		}
		m.Retract(i)
		m.Reveal()
		if m.Has(i) {
			m.SetUseful(m.Useful() + 1)
		}
	}
	t.stall(fault)
	t.pumpAll()
}

// recheck has the pieces hashed that could not be read, as the disk is said to be ready: each that nobody has begun to replace.
func (t *Torrent) recheck() {
	if len(t.doubts) == 0 {
		return
	}
	all := t.local.Doubted
	for i, ok := all.NextSet(0); ok; i, ok = all.NextSet(i + 1) {
		d, ok := t.doubts[uint32(i)]
		if !ok || d.asked {
			continue
		}
		if !d.held && !t.picker.Doubt(uint32(i)) {
			delete(t.doubts, uint32(i))
			continue
		}
		t.rec.Hit(clause.MSG28)
		d.held, d.asked = true, true
		t.doubts[uint32(i)] = d
		t.out.Emit(bt.Effect{Kind: bt.Verify, Torrent: t.local.Torrent, Piece: uint32(i)})
	}
}

// unhashed takes it that a piece could not be hashed. It tells whether that is a reason to request nothing.
func (t *Torrent) unhashed(i uint32, fault bt.Fault) bool {
	d, ok := t.doubts[i]
	if !ok {
		return true
	}
	if fault == bt.Lost || !d.asked { // there is nothing to be hashed, or it has come anew: now it is missing like any other
		delete(t.doubts, i)
		return true
	}
	d.tries++
	d.held, d.asked = false, false
	t.doubts[i] = d
	return d.tries <= maxWaits
}

// settled takes the verdict on a piece, whatever it is: there is nothing left to look at.
func (t *Torrent) settled(i uint32, good bool) {
	delete(t.doubts, i)
	if good && t.local.Doubted != nil {
		t.local.Doubted.Clear(uint(i))
	}
}
