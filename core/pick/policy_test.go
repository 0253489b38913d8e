package pick

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// fourBlocks is a torrent of n pieces of four blocks each.
func fourBlocks(n int64) bt.Geometry {
	return bt.Geometry{PieceLength: 4 * bt.BlockSize, Total: 4 * n * bt.BlockSize}
}

// asked is what Next gives, as (piece, block) pairs.
func asked(p *Picker, w *Want, n int) (list [][2]uint32) {
	for _, b := range p.Next(w, n, nil) {
		list = append(list, [2]uint32{b.Piece, b.Begin / bt.BlockSize})
	}
	return list
}

// same fails the test when Next gave something else.
func same(t *testing.T, what string, got [][2]uint32, wanted ...[2]uint32) {
	t.Helper()
	if !slices.Equal(got, wanted) {
		t.Errorf("%s: got (piece, block) %v, want %v", what, got, wanted)
	}
}

// TestBegunFirst: PCK-3. A begun piece is finished in ascending order before another is begun, the
// peer's own first, then the rarest, then the most complete.
func TestBegunFirst(t *testing.T) {
	p := warm(fourBlocks(12), 1)
	only := func(pieces ...uint) *bitset.BitSet {
		set := bitset.New(12)
		for _, i := range pieces {
			set.Set(i)
		}
		return set
	}
	p.Gain(5)
	same(t, "begins 5", asked(p, &Want{Peer: 1, Have: only(5)}, 1), [2]uint32{5, 0})
	same(t, "begins 6", asked(p, &Want{Peer: 2, Have: only(6)}, 1), [2]uint32{6, 0})
	same(t, "begins 7", asked(p, &Want{Peer: 3, Have: only(7)}, 2), [2]uint32{7, 0}, [2]uint32{7, 1})
	seed := &Want{Peer: 1, Seed: true}
	same(t, "its own", asked(p, seed, 1), [2]uint32{5, 1})
	seed.Peer = 4
	same(t, "the rarest, and most complete", asked(p, seed, 3), [2]uint32{7, 2}, [2]uint32{7, 3}, [2]uint32{6, 1})
	seed.Peer, seed.Snubbed = 5, true
	same(t, "the most common when snubbed: PCK-6", asked(p, seed, 1), [2]uint32{5, 2})
	p.Abandon(p.g.BlockAt(6, 0), 2)
	same(t, "the lowest free block first: PCK-7", asked(p, &Want{Peer: 6, Have: only(6)}, 2), [2]uint32{6, 0}, [2]uint32{6, 2})
}

// TestChoked: nothing but the pieces of Only, and of these only what the peer has.
func TestChoked(t *testing.T) {
	p := warm(fourBlocks(12), 1)
	set := bitset.New(12).SetRange(6, 12)
	same(t, "has none of them", asked(p, &Want{Peer: 1, Have: set, Only: []uint32{4, 5}}, 9))
	same(t, "none allowed", asked(p, &Want{Peer: 1, Seed: true, Only: []uint32{}}, 9))
	p.Gain(6)
	w := &Want{Peer: 1, Have: set, Only: []uint32{4, 6, 7}}
	same(t, "the rarest of them first", asked(p, w, 5),
		[2]uint32{7, 0}, [2]uint32{7, 1}, [2]uint32{7, 2}, [2]uint32{7, 3}, [2]uint32{6, 0})
}

// TestSuggested: advice is taken for new pieces, before rarity, not before begun ones.
func TestSuggested(t *testing.T) {
	p := warm(fourBlocks(12), 1)
	p.Gain(8)
	w := &Want{Peer: 1, Seed: true, Suggest: []uint32{3, 8, 9}}
	same(t, "suggested", asked(p, w, 1), [2]uint32{8, 0})
	w.Suggest = []uint32{9}
	same(t, "begun before suggested", asked(p, w, 4), [2]uint32{8, 1}, [2]uint32{8, 2}, [2]uint32{8, 3}, [2]uint32{9, 0})
}

// TestParole: PCK-9. A peer on parole has its pieces to itself while it works on them.
func TestParole(t *testing.T) {
	p := warm(fourBlocks(6), 1) // pieces 4 and 5 are missing
	p.Gain(5)
	liar := &Want{Peer: 1, Seed: true, Parole: true, EndGame: true}
	honest := &Want{Peer: 2, Seed: true, EndGame: true}
	same(t, "honest begins 4", asked(p, honest, 1), [2]uint32{4, 0})
	same(t, "liar leaves it alone", asked(p, liar, 2), [2]uint32{5, 0}, [2]uint32{5, 1})
	same(t, "honest leaves 5 alone", asked(p, honest, 3), [2]uint32{4, 1}, [2]uint32{4, 2}, [2]uint32{4, 3})
	same(t, "and shares it when nothing else is left", asked(p, honest, 1), [2]uint32{5, 2})
	same(t, "which the liar must not, nor in end-game", asked(p, liar, 1))
	p.Abandon(p.g.BlockAt(5, 2), 2)
	same(t, "but it is its own again when the other withdraws", asked(p, liar, 1), [2]uint32{5, 2})
	for k := range uint32(3) {
		p.Received(p.g.BlockAt(5, k), 1)
	}
	same(t, "what it left is for all", asked(p, honest, 1), [2]uint32{5, 3})
}

// TestParoleLeft: what a peer on parole has begun and is not at work on is begun for all (PCK-3).
func TestParoleLeft(t *testing.T) {
	p := warm(fourBlocks(6), 1)
	p.Gain(5)
	same(t, "liar begins 4", asked(p, &Want{Peer: 1, Seed: true, Parole: true}, 1), [2]uint32{4, 0})
	honest := &Want{Peer: 2, Seed: true}
	same(t, "honest leaves it alone", asked(p, honest, 1), [2]uint32{5, 0})
	p.Received(p.g.BlockAt(4, 0), 1)
	honest.Peer = 3
	same(t, "until it is left", asked(p, honest, 1), [2]uint32{4, 1})
}

// TestEndGame: PCK-5 and PCK-4. No block is asked for twice while another can be had; then one each.
func TestEndGame(t *testing.T) {
	p := warm(fourBlocks(5), 1) // piece 4 is missing
	first := &Want{Peer: 1, Seed: true}
	second := &Want{Peer: 2, Seed: true, EndGame: true}
	p.Next(first, 2, nil)
	if p.EndGame() {
		t.Error("end-game while two blocks are free")
	}
	p.Next(second, 2, nil)
	if !p.EndGame() {
		t.Error("no end-game though every block is asked for")
	}
	third := &Want{Peer: 3, Seed: true}
	same(t, "not allowed", asked(p, third, 1))
	third.EndGame = true
	out := p.Next(third, 9, nil)
	if len(out) != 1 || p.Requested(out[0]) != 2 {
		t.Fatalf("one block, of which another is asked: got %v", out)
	}
	p.Abandon(out[0], 3)
	if p.Requested(out[0]) != 1 {
		t.Error("the first request ended with the second")
	}
	out = p.Next(third, 9, out[:0])
	if got := p.Received(out[0], 3); got != Contested {
		t.Errorf("outcome %d of a block that another is asked for", got)
	}
	if p.Requested(out[0]) != 0 || p.Wanted(out[0]) {
		t.Error("a received block is still wanted")
	}
}

// TestMostAsked wants a block to be asked of no more peers than are counted.
func TestMostAsked(t *testing.T) {
	p := New(oneBlock(1), rand.New(rand.NewPCG(1, 1)))
	for i := range bt.ConnID(300) {
		out := p.Next(&Want{Peer: i, Seed: true, EndGame: true}, 1, nil)
		if (len(out) == 1) != (i < maxAsked) {
			t.Errorf("peer %d is asked for %v", i, out)
		}
	}
	if err := p.Check(); err != nil || p.Requested(p.g.BlockAt(0, 0)) != maxAsked {
		t.Errorf("asked of %d: %v", p.Requested(p.g.BlockAt(0, 0)), err)
	}
}

// TestWrongHash: PCK-8. A piece that failed is missing with all its blocks.
func TestWrongHash(t *testing.T) {
	p := New(fourBlocks(1), rand.New(rand.NewPCG(1, 1)))
	w := &Want{Peer: 1, Seed: true}
	for round := range 2 {
		out := p.Next(w, 9, nil)
		if len(out) != 4 {
			t.Fatalf("round %d: %v", round, out)
		}
		whole := false
		for _, b := range out {
			p.Received(b, 1)
			whole = p.Stored(b)
		}
		if !whole || p.Missing() != 1 {
			t.Fatalf("round %d: whole %t, missing %d", round, whole, p.Missing())
		}
		p.Failed(0)
	}
}
