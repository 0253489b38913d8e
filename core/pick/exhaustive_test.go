package pick

import (
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// asker is the peer that is asked in the exhaustive tests; 2 and 3 are others.
const asker = 1

// piece is one state of a piece.
type pieceState struct {
	have       bool
	blocks     []slot // all free when the piece is untouched
	kept, slow bool
}

// family is a set of states of small torrents, and of questions that are put to each.
type family struct {
	first  int            // verified pieces before those of the family
	states [][]pieceState // by piece: the states it may be in
	avail  [][]int        // by choice and piece: how many peers have it
	wants  []Want
}

// blockStates are the states that a block may be in: free, asked of some, sent by some.
var blockStates = map[string]slot{
	"-": {}, "r1": {state: requested, asked: []bt.ConnID{1}}, "r2": {state: requested, asked: []bt.ConnID{2}},
	"r12": {state: requested, asked: []bt.ConnID{1, 2}}, "r21": {state: requested, asked: []bt.ConnID{2, 1}},
	"r23": {state: requested, asked: []bt.ConnID{2, 3}},
	"g1":  {state: received, sender: 1}, "g2": {state: received, sender: 2}, "s2": {state: stored, sender: 2},
}

// piecesOf are all pieces of so many blocks that can be made of block states: begun ones with each of the flags, and that which is
// untouched if all may be free; and the verified one.
func piecesOf(blocks int, flags []pieceState, names ...string) []pieceState {
	list := []pieceState{{have: true, blocks: make([]slot, blocks)}}
	for i := range power(len(names), blocks) {
		s, begun := make([]slot, blocks), false
		for k := range s {
			s[k] = blockStates[names[i%len(names)]]
			begun = begun || s[k].state != free
			i /= len(names)
		}
		if !begun {
			list = append(list, pieceState{blocks: s})
			continue
		}
		for _, f := range flags {
			list = append(list, pieceState{blocks: s, kept: f.kept, slow: f.slow})
		}
	}
	return list
}

func power(n, k int) int {
	all := 1
	for range k {
		all *= n
	}
	return all
}

var (
	anyFlags  = []pieceState{{}, {kept: true}, {slow: true}, {kept: true, slow: true}}
	noFlags   = anyFlags[:1]
	someFlags = anyFlags[:3]
)

// levels are all ways in which so many pieces can be had by 0 to most-1 peers.
func levels(pieces, most int) (list [][]int) {
	for i := range power(most, pieces) {
		a := make([]int, pieces)
		for k := range a {
			a[k] = i % most
			i /= most
		}
		list = append(list, a)
	}
	return list
}

// subset is the pieces of a mask, after the first ones.
func subset(first, mask int) (list []uint32) {
	for i := 0; mask>>i != 0; i++ {
		if mask>>i&1 != 0 {
			list = append(list, uint32(first+i))
		}
	}
	return list
}

// question is what wants are made of: every combination.
type question struct {
	last, masks  []int      // pieces; sets of them that the peer has
	only, advice [][]uint32 // nil is none
}

// wants are all combinations, for peers on parole and not, snubbed and not.
func (q *question) wants(first int) (list []Want) {
	for i := range len(q.last) * len(q.masks) * len(q.only) * len(q.advice) * 4 {
		draw := func(n int) int {
			k := i % n
			i /= n
			return k
		}
		w := Want{Peer: asker, Parole: draw(2) == 1, Snubbed: draw(2) == 1, Last: NoPiece}
		if last := q.last[draw(len(q.last))]; last >= 0 {
			w.Last = uint32(first + last)
		}
		w.Have = bitset.New(0)
		for _, piece := range subset(first, q.masks[draw(len(q.masks))]) {
			w.Have.Set(uint(piece))
		}
		w.Only, w.Suggest = q.only[draw(len(q.only))], q.advice[draw(len(q.advice))]
		list = append(list, w)
	}
	return list
}

// set puts the oracle in the state that is the i-th of the family's, and gives what is left of i.
func (f *family) set(o *oracle, i int) {
	for n := range f.first {
		o.have[n] = true
	}
	for n, states := range f.states {
		s := states[i%len(states)]
		i /= len(states)
		at := f.first + n
		o.have[at], o.kept[at], o.slow[at] = s.have, s.kept, s.slow
		o.blocks[at] = s.blocks
	}
}

// crowd gives the oracle peers that have the pieces as often as a choice says.
func (f *family) crowd(o *oracle, avail []int) {
	o.peers = o.peers[:0]
	for n := range slices.Max(avail) {
		peer := peerHas{id: bt.ConnID(100 + n), has: make([]bool, len(o.have))}
		for i, a := range avail {
			peer.has[f.first+i] = n < a
		}
		o.peers = append(o.peers, peer)
	}
}

// picker is a Picker in the state of the oracle.
func (o *oracle) picker(rng *rand.Rand) *Picker {
	p := New(o.g, rng)
	for _, peer := range o.peers {
		p.AddPeer(toSet(peer.has))
	}
	for i := range o.g.NumPieces() {
		switch {
		case o.have[i]:
			p.MarkHave(i)
		case !o.untouched(i):
			pt := p.begin(i)
			for k, b := range o.blocks[i] {
				for _, who := range b.asked {
					pt.request(uint32(k), who)
				}
				if b.state > requested {
					pt.receive(uint32(k), b.sender)
				}
				if b.state == stored {
					pt.blocks[k].state = stored
					pt.stores++
				}
			}
			pt.reserved, pt.slow = o.kept[i], o.slow[i]
			p.begun.settle(pt)
		}
	}
	return p
}

// run puts all questions of the family to Picker and oracle, in every state, and counts states and questions.
func (f *family) run(t *testing.T) {
	blocks := len(f.states[0][0].blocks)
	g := bt.Geometry{PieceLength: uint32(blocks) * bt.BlockSize, Total: int64(f.first+len(f.states)) * int64(blocks) * bt.BlockSize}
	o, rng := newOracle(g), rand.New(rand.NewPCG(1, 1))
	all, states, asked, step := 1, 0, 0, 1
	if raced() {
		step = 23
	}
	for _, s := range f.states {
		all *= len(s)
	}
	for i := 0; i < all; i += step {
		f.set(o, i)
		for _, avail := range f.avail {
			f.crowd(o, avail)
			p := o.picker(rng)
			if err := p.Check(); err != nil {
				t.Fatalf("state %d: %v", i, err)
			}
			for k := range f.wants {
				if err := o.compare(p, &f.wants[k]); err != nil {
					t.Fatalf("state %d, availability %v, %+v: %v\n%s", i, avail, f.wants[k], err, o)
				}
			}
			states++
			asked += len(f.wants)
		}
	}
	t.Logf("%d states, %d questions", states, asked)
}

// raced tells whether this runs under the race detector, where all of it would take a minute.
func raced() bool {
	info, _ := debug.ReadBuildInfo()
	return slices.ContainsFunc(info.Settings, func(s debug.BuildSetting) bool { return s.Key == "-race" && s.Value == "true" })
}

// compare puts one question to both.
func (o *oracle) compare(p *Picker, w *Want) error {
	piece, why := p.choose(w)
	pieces, reason := o.choices(w)
	if why != reason || why != Nothing && !slices.Contains(pieces, piece) {
		return fmt.Errorf("piece %d for reason %d, want one of %v for %d", piece, why, pieces, reason)
	}
	if end := o.endGame(); end != p.EndGame() {
		return fmt.Errorf("end-game %t", !end)
	}
	for i := range o.blocks {
		for k := range o.blocks[i] {
			b := o.g.BlockAt(uint32(i), uint32(k))
			if got := p.MayRepeat(w, b); got != o.repeatable(w, b) {
				return fmt.Errorf("block %v may be repeated: %t", b, got)
			}
			for who := bt.ConnID(1); who <= 3 && p.EndGame(); who++ {
				if got := p.MayReplace(w, b, who); got != o.replaceable(w, b, who) {
					return fmt.Errorf("block %v may be asked for in place of %d: %t", b, who, got)
				}
			}
		}
	}
	return nil
}

// String writes the state of each piece.
func (o *oracle) String() (text string) {
	for i := range o.blocks {
		text += fmt.Sprintf("piece %d: verified %t, kept %t, slow %t, had by %d, %v\n", i, o.have[i], o.kept[i], o.slow[i], o.avail(uint32(i)), o.blocks[i])
	}
	return text
}

// each is a list of one alternative for each of n pieces.
func each(n int, s []pieceState) [][]pieceState { return slices.Repeat([][]pieceState{s}, n) }

// Every answer of the Picker is one that the oracle allows, for the reason that it gives, in every state of small torrents: pieces
// with every combination of blocks free, asked for and sent, of one, two or three peers, left alone and kept; every set of pieces
// that the peer has; snubbed, on parole, choked with pieces allowed, with advice, in end-game and before. [PCK-2] [PCK-3] [PCK-4] [PCK-5] [PCK-6]
// [PCK-9] [PCK-12] [PCK-15] [PCK-16] [PCK-18] [FST-10]
func TestExhaustive(t *testing.T) {
	none := [][]uint32{nil}
	families := map[string]func() family{
		"two pieces of two blocks": func() family {
			q := question{last: []int{-1, 0, 1}, masks: []int{0, 1, 2, 3}, only: none, advice: none}
			return family{4, each(2, piecesOf(2, anyFlags, "-", "r1", "r2", "r12", "g1", "g2")), [][]int{{0, 0}, {1, 0}, {0, 1}}, q.wants(4)}
		},
		"three pieces of two blocks": func() family {
			q := question{last: []int{-1, 0, 1, 2}, masks: []int{3, 5, 6, 7}, only: none, advice: none}
			s := piecesOf(2, someFlags, "-", "r1", "r2", "g2")
			few := slices.DeleteFunc(s, func(s pieceState) bool { return s.blocks[0].state > free && s.blocks[1].state > free })
			return family{4, each(3, few), [][]int{{0, 0, 0}, {2, 1, 0}}, q.wants(4)}
		},
		"three new pieces":   func() family { return newPieces(4) },
		"three first pieces": func() family { return newPieces(0) },
		"four new pieces": func() family {
			q := question{last: []int{-1}, masks: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, only: none, advice: none}
			return family{4, each(4, piecesOf(1, noFlags, "-", "r2")), levels(4, 3), q.wants(4)}
		},
		"contested": func() family {
			q := question{last: []int{-1}, masks: []int{1, 2, 3}, only: [][]uint32{nil, {4}}, advice: none}
			return family{4, each(2, piecesOf(2, noFlags, "-", "r1", "r2", "r12", "r21", "r23", "g2", "s2")), [][]int{{0, 0}}, q.wants(4)}
		},
		"three blocks": func() family {
			q := question{last: []int{-1, 0}, masks: []int{1}, only: [][]uint32{nil, {0}, {1}}, advice: none}
			return family{0, each(1, piecesOf(3, anyFlags, "-", "r1", "r2", "r12", "r21", "r23", "g1", "g2", "s2")), [][]int{{0}}, q.wants(0)}
		},
	}
	for name, f := range families {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := f()
			f.run(t)
		})
	}
}

// newPieces asks for new pieces, with pieces allowed and with advice, when so many others are verified.
func newPieces(first int) family {
	q := question{last: []int{-1}, masks: []int{0, 1, 2, 3, 4, 5, 6, 7}, only: [][]uint32{nil, {}}, advice: [][]uint32{nil}}
	for mask := 1; mask < 8; mask++ {
		q.only = append(q.only, subset(first, mask))
	}
	for i := range uint32(3) {
		a, b := uint32(first)+i, uint32(first)+(i+1)%3
		q.advice = append(q.advice, []uint32{a, b})
	}
	q.advice = append(q.advice, []uint32{uint32(first) + 3, uint32(first) + 2}) // the one is not in the torrent
	return family{first, each(3, piecesOf(1, noFlags, "-", "r2")), levels(3, 3), q.wants(first)}
}
