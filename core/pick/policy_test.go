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

// these is a set of pieces.
func these(pieces ...uint) *bitset.BitSet {
	set := bitset.New(0)
	for _, i := range pieces {
		set.Set(i)
	}
	return set
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

// gives fails the test unless Next gives exactly so many of the blocks, for that reason.
func gives(t *testing.T, p *Picker, w *Want, n int, why Reason, wanted ...[2]uint32) {
	t.Helper()
	if got := asked(p, w, n); !slices.Equal(got, wanted) || w.Why != why {
		t.Errorf("peer %v: got (piece, block) %v for reason %d, want %v for %d", w.Peer, got, w.Why, wanted, why)
	}
	if err := p.Check(); err != nil {
		t.Error(err)
	}
}

// arrives takes blocks of a piece to the disk.
func arrives(p *Picker, piece uint32, by bt.ConnID, blocks ...uint32) {
	for _, k := range blocks {
		p.Received(p.g.BlockAt(piece, k), by)
		p.Stored(p.g.BlockAt(piece, k))
	}
}

// TestOrder: a peer goes on with its piece, then with what was left, then begins a new one, and only then joins others;
// and within a piece the first block comes first. [PCK-3] [PCK-4]
func TestOrder(t *testing.T) {
	p := warm(fourBlocks(7), 1) // pieces 4, 5 and 6 are missing
	a, b, c := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true}, &Want{Peer: 3, Seed: true}
	p.AddPeer(these(5, 6))
	p.AddPeer(these(6))
	gives(t, p, a, 1, Rarest, [2]uint32{4, 0})
	gives(t, p, b, 2, Rarest, [2]uint32{5, 0}, [2]uint32{5, 1})
	gives(t, p, a, 1, Own, [2]uint32{4, 1})
	p.Abandon(p.g.BlockAt(5, 1), 2)
	gives(t, p, c, 1, Rarest, [2]uint32{6, 0}) // the other pieces have somebody
	p.Received(p.g.BlockAt(5, 0), 2)
	a.Last = NoPiece
	gives(t, p, a, 2, Left, [2]uint32{5, 1}, [2]uint32{5, 2}) // though 4 is rarer
	gives(t, p, b, 2, Joined, [2]uint32{5, 3}, [2]uint32{4, 2})
	gives(t, p, c, 9, Joined, [2]uint32{6, 1}, [2]uint32{6, 2}, [2]uint32{6, 3}, [2]uint32{4, 3})
	gives(t, p, a, 9, Nothing)
}

// TestOwnNeedsAPart: the piece that a peer was asked for last is its own only while it has a part in it.
func TestOwnNeedsAPart(t *testing.T) {
	p := warm(fourBlocks(6), 1) // pieces 4 and 5 are missing
	p.AddPeer(these(5))
	a, b := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true, Suggest: []uint32{4}}
	gives(t, p, a, 1, Rarest, [2]uint32{4, 0})
	p.Abandon(p.g.BlockAt(4, 0), 1)
	gives(t, p, b, 1, Suggested, [2]uint32{4, 0})
	gives(t, p, a, 1, Rarest, [2]uint32{5, 0}) // 4 is another's by now
	a.Last = 4
	gives(t, p, a, 1, Joined, [2]uint32{4, 1})
	gives(t, p, b, 1, Own, [2]uint32{4, 2})
	p.Abandon(p.g.BlockAt(4, 0), 2)
	p.Abandon(p.g.BlockAt(4, 2), 2)
	gives(t, p, a, 1, Own, [2]uint32{4, 0}) // also when it was the second to come
	a.Only = []uint32{5}
	gives(t, p, a, 1, Joined, [2]uint32{5, 1}) // it was asked for its block before 4, and is not any more
}

// TestRarestBegun: of begun pieces the least available comes first, then the one with the fewest blocks to ask for, then the first; for
// a snubbed peer the most available. [PCK-15] [PCK-6]
func TestRarestBegun(t *testing.T) {
	p := warm(fourBlocks(10), 1)
	for piece, blocks := range map[uint32]uint32{4: 1, 5: 2, 6: 1, 7: 3, 8: 3} {
		for k := range blocks {
			arrives(p, piece, 9, k)
		}
	}
	p.AddPeer(these(4, 8))
	w := &Want{Peer: 1, Seed: true}
	for _, want := range [][2]uint32{{7, 3}, {5, 2}, {5, 3}, {6, 1}} {
		w.Last = NoPiece
		gives(t, p, w, 1, Left, want)
		arrives(p, want[0], 1, want[1])
	}
	arrives(p, 6, 1, 2) // two blocks are here of 6, and one of 4
	w.Last, w.Snubbed = NoPiece, true
	gives(t, p, w, 1, Left, [2]uint32{8, 3})
	w.Last = NoPiece
	gives(t, p, w, 1, Left, [2]uint32{4, 1})
	w.Last = NoPiece
	arrives(p, 4, 1, 1, 2)
	w.Snubbed = false
	gives(t, p, w, 1, Left, [2]uint32{6, 3}) // rarer, though 4 has as few to ask for
}

// TestCrowded: pieces are begun while those begun have 2,048 blocks, and shared when they have one more. [PCK-14]
func TestCrowded(t *testing.T) {
	for _, c := range []struct {
		blocks, begin int64 // in a piece; pieces that are begun before peers share
	}{{1024, 3}, {683, 3}, {1025, 2}, {2048, 2}, {2049, 1}, {2047, 2}} {
		p := warm(bt.Geometry{PieceLength: uint32(c.blocks * bt.BlockSize), Total: 12 * c.blocks * bt.BlockSize}, 1)
		for i := range c.begin {
			if w := (&Want{Peer: bt.ConnID(i), Seed: true}); len(p.Next(w, 1, nil)) != 1 || w.Why != Rarest || !w.New {
				t.Errorf("pieces of %d blocks: begun number %d for %d", c.blocks, i, w.Why)
			}
		}
		for _, w := range []*Want{{Peer: 100, Seed: true}, {Peer: 101, Seed: true, Snubbed: true}} {
			if p.Next(w, 1, nil); w.Why != Crowded || w.New {
				t.Errorf("pieces of %d blocks: one more for %d", c.blocks, w.Why)
			}
		}
		w := &Want{Peer: 102, Seed: true, Parole: true}
		if p.Next(w, 1, nil); w.Why != Rarest {
			t.Errorf("pieces of %d blocks: for one on parole %d", c.blocks, w.Why)
		}
		begun := p.begun.of(w.Last)
		set := bitset.New(12).SetRange(4, 12).Clear(uint(begun.piece))
		for _, e := range p.begun.lists[busy] {
			set.Clear(uint(e.piece))
		}
		w = &Want{Peer: 103, Have: set}
		if p.Next(w, 1, nil); w.Why != Rarest {
			t.Errorf("pieces of %d blocks: for one that can join nobody %d", c.blocks, w.Why)
		}
		w = &Want{Peer: 104, Have: bitset.New(12).Set(uint(begun.piece))}
		if p.Next(w, 1, nil); w.Why != Shared || w.Last != begun.piece {
			t.Errorf("pieces of %d blocks: for one that has only what is kept for another %d", c.blocks, w.Why)
		}
	}
}

// TestChoked: nothing but the pieces of Only, and of these only what the peer has. [MSG-10]
func TestChoked(t *testing.T) {
	p := warm(fourBlocks(12), 1)
	set := bitset.New(12).SetRange(6, 12)
	gives(t, p, &Want{Peer: 1, Have: set, Only: []uint32{4, 5}}, 9, Nothing)
	gives(t, p, &Want{Peer: 1, Seed: true, Only: []uint32{}}, 9, Nothing)
	p.Gain(6)
	w := &Want{Peer: 1, Have: set, Only: []uint32{4, 6, 7}}
	gives(t, p, w, 5, Rarest, [2]uint32{7, 0}, [2]uint32{7, 1}, [2]uint32{7, 2}, [2]uint32{7, 3}, [2]uint32{6, 0})
	w.Only = []uint32{7}
	gives(t, p, w, 1, Nothing) // 6 is its own, and not allowed
	first := New(fourBlocks(12), nil)
	first.AddPeer(these(3))
	gives(t, first, &Want{Peer: 1, Seed: true, Only: []uint32{3, 9, 4}}, 1, Rarest, [2]uint32{9, 0}) // never at random
}

// TestSuggested: advice is taken for new pieces, before rarity, not before begun ones. [FST-10]
func TestSuggested(t *testing.T) {
	p := warm(fourBlocks(12), 1)
	p.Gain(8)
	w := &Want{Peer: 1, Seed: true, Suggest: []uint32{3, 8, 9}}
	gives(t, p, w, 1, Suggested, [2]uint32{8, 0})
	w.Suggest = []uint32{10, 9}
	gives(t, p, w, 4, Suggested, [2]uint32{8, 1}, [2]uint32{8, 2}, [2]uint32{8, 3}, [2]uint32{10, 0})
	w = &Want{Peer: 2, Have: these(9, 11), Suggest: []uint32{4, 11, 9}}
	gives(t, p, w, 1, Suggested, [2]uint32{11, 0}) // it lacks 4
	w = &Want{Peer: 3, Seed: true, Suggest: []uint32{4, 5}, Only: []uint32{5}}
	gives(t, p, w, 1, Suggested, [2]uint32{5, 0})
	w = &Want{Peer: 4, Seed: true, Suggest: []uint32{6}, Parole: true, Snubbed: true}
	gives(t, p, w, 1, Suggested, [2]uint32{6, 0})
	first := New(fourBlocks(12), rand.New(rand.NewPCG(1, 1)))
	gives(t, first, &Want{Peer: 1, Seed: true, Suggest: []uint32{7}}, 1, Suggested, [2]uint32{7, 0})
}

// TestWrongHash: a piece that failed is missing with all its blocks. [PCK-8]
func TestWrongHash(t *testing.T) {
	p := New(fourBlocks(1), rand.New(rand.NewPCG(1, 1)))
	w := &Want{Peer: 1, Seed: true}
	for round := range 2 {
		out := p.Next(w, 9, nil)
		if len(out) != 4 || !w.New {
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

// TestFreedBlocks: a block that is free again, for whatever reason, is the first to be asked for. [PCK-7]
func TestFreedBlocks(t *testing.T) {
	p := warm(fourBlocks(5), 1) // piece 4 is missing
	a, b := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true}
	p.Next(a, 3, nil)
	p.Abandon(p.g.BlockAt(4, 1), 2) // it was not asked for it
	gives(t, p, b, 9, Joined, [2]uint32{4, 3})
	gives(t, p, b, 9, Nothing)
	p.Abandon(p.g.BlockAt(4, 1), 1)
	gives(t, p, b, 9, Own, [2]uint32{4, 1})
	p.Received(p.g.BlockAt(4, 0), 1)
	p.StoreFailed(p.g.BlockAt(4, 0))
	p.StoreFailed(p.g.BlockAt(4, 1)) // which is not here
	gives(t, p, b, 9, Own, [2]uint32{4, 0})
}

// A picker that does not look at rarity gives each new piece that the peer has as readily, once it has four as well, and to a snubbed peer too. [PCK-19]
func TestAnyPiece(t *testing.T) {
	for _, snubbed := range []bool{false, true} {
		times := map[uint32]int{}
		for seed := range uint64(200) {
			p := warm(fourBlocks(10), seed)
			p.ForgetRarity()
			p.AddPeer(these(4, 5, 6, 7, 8))
			p.AddPeer(these(4, 5, 6, 7))
			w := &Want{Peer: 1, Have: these(4, 6, 8), Snubbed: snubbed}
			times[p.Next(w, 1, nil)[0].Piece]++
			if w.Why != AtRandom {
				t.Fatalf("reason %d", w.Why)
			}
		}
		if times[4] < 20 || times[6] < 20 || times[8] < 20 || len(times) != 3 {
			t.Errorf("snubbed %v: pieces were given so often: %v", snubbed, times)
		}
	}
}
