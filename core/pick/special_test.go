package pick

import (
	"slices"
	"testing"

	"peerwire/core/bt"
)

// TestSnubbed: snubbed peers are asked for common pieces and share them, apart from the others; whoever else goes on with such a piece
// makes it one like any other. [PCK-6]
func TestSnubbed(t *testing.T) {
	p := warm(fourBlocks(8), 1)
	p.AddPeer(these(5, 6))
	p.AddPeer(these(6))
	p.AddPeer(these(7))
	fast, s1, s2 := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true, Snubbed: true}, &Want{Peer: 3, Seed: true, Snubbed: true}
	gives(t, p, s1, 1, Commonest, [2]uint32{6, 0})
	gives(t, p, s2, 1, Clustered, [2]uint32{6, 1})
	gives(t, p, s1, 1, Own, [2]uint32{6, 2})
	gives(t, p, fast, 1, Rarest, [2]uint32{4, 0}) // not of theirs
	s1.Last, s2.Last = NoPiece, 6
	arrives(p, 6, 3, 1)
	gives(t, p, s2, 1, Own, [2]uint32{6, 3})
	s2.Last = NoPiece
	p.AddPeer(these(7))
	gives(t, p, s2, 1, Commonest, [2]uint32{7, 0}) // a new one rather than that of the fast
	p.Abandon(p.g.BlockAt(7, 0), 3)
	gives(t, p, fast, 1, Own, [2]uint32{4, 1})
	fast.Last = NoPiece
	fast.Only = []uint32{7}
	gives(t, p, fast, 1, Rarest, [2]uint32{7, 0})
	s2.Only = []uint32{7}
	gives(t, p, s2, 1, Joined, [2]uint32{7, 1})
	s2.Only, s2.Last = nil, 7
	gives(t, p, s2, 1, Commonest, [2]uint32{5, 0}) // the fast is at work on 7, and it is nobody's own
	fast.Only = []uint32{5}
	gives(t, p, fast, 1, Joined, [2]uint32{5, 1})
	gives(t, p, s2, 1, Joined, [2]uint32{7, 2}) // 5 is not theirs any more
	s2.Last = NoPiece
	arrives(p, 4, 1, 0, 1)
	gives(t, p, s2, 1, Left, [2]uint32{4, 2})
	gives(t, p, s1, 1, Clustered, [2]uint32{4, 3}) // left, so theirs
}

// TestParole: a peer on parole has its pieces to itself while it works on them. [PCK-9] [PCK-16]
func TestParole(t *testing.T) {
	p := warm(fourBlocks(6), 1) // pieces 4 and 5 are missing
	p.Gain(5)
	liar := &Want{Peer: 1, Seed: true, Parole: true}
	honest := &Want{Peer: 2, Seed: true}
	gives(t, p, honest, 1, Rarest, [2]uint32{4, 0})
	gives(t, p, liar, 2, Rarest, [2]uint32{5, 0}, [2]uint32{5, 1})
	gives(t, p, honest, 3, Own, [2]uint32{4, 1}, [2]uint32{4, 2}, [2]uint32{4, 3})
	gives(t, p, honest, 1, Shared, [2]uint32{5, 2})
	gives(t, p, liar, 1, Nothing)
	p.Abandon(p.g.BlockAt(5, 2), 2)
	gives(t, p, liar, 1, Own, [2]uint32{5, 2})
	for k := range uint32(3) {
		p.Received(p.g.BlockAt(5, k), 1)
	}
	gives(t, p, honest, 1, Left, [2]uint32{5, 3})
	gives(t, p, liar, 9, Nothing)
	if !p.EndGame() || p.MayRepeat(liar, p.g.BlockAt(4, 1)) {
		t.Error("no end-game, or a peer on parole takes part in it")
	}
}

// TestParoleOwn: what is all its own comes first for a peer on parole: what nobody is asked for, then the rarest, then that with the fewest
// blocks to ask for. [PCK-9] [PCK-15]
func TestParoleOwn(t *testing.T) {
	p := warm(fourBlocks(9), 1) // pieces 4 to 8 are missing
	liar := &Want{Peer: 1, Seed: true, Parole: true}
	p.AddPeer(these(4))
	for piece := uint32(4); piece < 8; piece++ {
		liar.Only = []uint32{piece}
		p.Next(liar, 3, nil)
	}
	liar.Only, liar.Last = nil, NoPiece
	arrives(p, 6, 1, 0, 1, 2)
	p.Abandon(p.g.BlockAt(7, 1), 1)
	gives(t, p, liar, 1, Own, [2]uint32{6, 3}) // left
	liar.Last = NoPiece
	gives(t, p, liar, 1, Own, [2]uint32{5, 3})
	p.Abandon(p.g.BlockAt(5, 0), 1)
	liar.Last = 7
	gives(t, p, liar, 1, Own, [2]uint32{7, 1})
	liar.Last = NoPiece
	gives(t, p, liar, 2, Own, [2]uint32{5, 0}, [2]uint32{7, 3})
	liar.Last = 8
	gives(t, p, liar, 2, Rarest, [2]uint32{4, 3}, [2]uint32{8, 0})
	p.AddPeer(these(5))
	p.AddPeer(these(5))
	p.Abandon(p.g.BlockAt(4, 0), 1)
	p.Abandon(p.g.BlockAt(5, 0), 1)
	liar.Snubbed, liar.Last = true, NoPiece
	gives(t, p, liar, 1, Own, [2]uint32{5, 0}) // the most common
}

// TestParoleLeft: what a peer on parole has begun and is not at work on is for all. [PCK-3] [PCK-16]
func TestParoleLeft(t *testing.T) {
	p := warm(fourBlocks(6), 1)
	p.Gain(5)
	liar := &Want{Peer: 1, Seed: true, Parole: true}
	gives(t, p, liar, 1, Rarest, [2]uint32{4, 0})
	honest := &Want{Peer: 2, Seed: true}
	gives(t, p, honest, 1, Rarest, [2]uint32{5, 0})
	p.Received(p.g.BlockAt(4, 0), 1)
	honest.Last = NoPiece
	gives(t, p, honest, 1, Left, [2]uint32{4, 1})
	gives(t, p, honest, 1, Own, [2]uint32{4, 2})
	gives(t, p, &Want{Peer: 3, Seed: true}, 1, Joined, [2]uint32{4, 3}) // kept no more
	gives(t, p, liar, 1, Nothing)
}

// TestParoleClaims follows whose a piece is through requests, second requests, blocks and what becomes of them. [PCK-9]
func TestParoleClaims(t *testing.T) {
	p := warm(fourBlocks(5), 1) // piece 4 is missing
	a, b := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true}
	own := func(what string, want bt.ConnID) {
		t.Helper()
		for _, who := range []bt.ConnID{1, 2, 3} {
			if got := p.begun.of(4).only(who); got != (who == want) {
				t.Errorf("%s: all of peer %d is %t", what, who, got)
			}
		}
	}
	block := func(k uint32) bt.Block { return p.g.BlockAt(4, k) }
	p.Next(a, 1, nil)
	own("one block asked of the first", 1)
	p.Next(b, 1, nil)
	own("and one of the second", 0)
	p.Abandon(block(0), 1)
	own("the first is asked for nothing", 2)
	p.Received(block(0), 1)
	own("the first sent one all the same", 0)
	p.StoreFailed(block(0))
	own("which was not stored", 2)
	p.Next(b, 3, nil)
	own("all is asked of the second", 2)
	p.Again(a, block(2))
	own("one of it of the first too", 0)
	p.Abandon(block(2), 2)
	own("and of the first alone", 0)
	p.Again(b, block(2))
	p.Abandon(block(2), 1)
	own("and of the second alone", 2)
	p.Again(a, block(2))
	p.Again(a, block(3))
	if p.Received(block(2), 2) != Contested || p.Received(block(3), 2) != Contested {
		t.Error("not contested")
	}
	own("the second was faster", 2)
	p.Again(a, block(0))
	if p.Received(block(0), 1) != Contested {
		t.Error("not contested")
	}
	own("the first was faster", 0)
	p.Discard(block(0))
	if p.Stored(block(0)); p.Discard(block(0)) {
		own("its block was thrown away", 2)
	}
}

// TestEndGame: no block is asked of a second peer while another can be had; then of two at most, and never for
// those who are snubbed or on parole. [PCK-4] [PCK-5] [PCK-12]
func TestEndGame(t *testing.T) {
	p := warm(fourBlocks(5), 1) // piece 4 is missing
	first, second := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true}
	b := p.g.BlockAt(4, 0)
	p.Next(first, 2, nil)
	if p.EndGame() || p.Again(second, b) {
		t.Error("end-game while two blocks are free")
	}
	p.Next(second, 2, nil)
	if !p.EndGame() {
		t.Error("no end-game though every block is asked for")
	}
	third := &Want{Peer: 3, Seed: true}
	gives(t, p, third, 1, Nothing)
	for _, w := range []*Want{
		{Peer: 3, Seed: true, Parole: true}, {Peer: 3, Seed: true, Snubbed: true}, {Peer: 3, Have: these(3)}, {Peer: 3, Seed: true, Only: []uint32{3}},
		{Peer: 1, Seed: true},
	} {
		if p.Again(w, b) || w.Why != Nothing {
			t.Errorf("again for %+v", *w)
		}
	}
	if !p.Again(third, b) || p.Requested(b) != 2 || third.Why != Repeated || third.Last != 4 {
		t.Fatalf("asked of %d, for %d", p.Requested(b), third.Why)
	}
	if p.Again(&Want{Peer: 4, Seed: true}, b) || p.Again(third, b) || p.Again(first, b) {
		t.Error("asked of three, or twice of one")
	}
	p.Abandon(b, 3)
	if p.Requested(b) != 1 {
		t.Error("the first request ended with the second")
	}
	p.Again(third, b)
	if got := p.Received(b, 3); got != Contested {
		t.Errorf("outcome %d of a block that another is asked for", got)
	}
	if p.Requested(b) != 0 || p.Wanted(b) || p.Again(first, b) {
		t.Error("a received block is still wanted")
	}
	if b.Length++; p.Again(third, b) {
		t.Error("what is no block is asked for")
	}
}

// TestReplaced: in end-game a peer is asked for a block in place of one who is asked for it, also when it is asked of another too. [PCK-18]
func TestReplaced(t *testing.T) {
	p := warm(fourBlocks(5), 1) // piece 4 is missing
	a, b, c := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true}, &Want{Peer: 3, Seed: true}
	block := p.g.BlockAt(4, 1)
	p.Next(a, 3, nil)
	if p.Replace(b, block, 1) {
		t.Error("before end-game")
	}
	p.Next(b, 1, nil)
	for _, who := range []bt.ConnID{2, 3, 4} { // who are not asked for it
		if p.Replace(c, block, who) {
			t.Errorf("in place of peer %d", who)
		}
	}
	if p.Replace(a, block, 1) || p.Replace(&Want{Peer: 3, Seed: true, Snubbed: true}, block, 1) || p.Replace(&Want{Peer: 3, Have: these(3)}, block, 1) {
		t.Error("in its own place, or of one who may not")
	}
	asks := func(what string, want ...bt.ConnID) {
		t.Helper()
		for _, who := range []bt.ConnID{1, 2, 3} {
			if got := p.Asks(block, who); got != slices.Contains(want, who) {
				t.Errorf("%s: of %d is %t", what, who, got)
			}
		}
		if err := p.Check(); err != nil || p.Requested(block) != len(want) {
			t.Errorf("%s: asked of %d: %v", what, p.Requested(block), err)
		}
	}
	if !p.Replace(c, block, 1) || c.Why != TakenOver || c.Last != 4 {
		t.Errorf("not in place of the first: %d", c.Why)
	}
	asks("in place of the only one", 3)
	p.Again(a, block)
	asks("and of the first again", 1, 3)
	p.Replace(b, block, 3)
	asks("in place of the first of two", 1, 2)
	p.Replace(c, block, 2)
	asks("in place of the second", 1, 3)
	if !p.EndGame() {
		t.Error("no end-game any more")
	}
}

// TestStoredAgain: write failures before and after the verdict on a piece, and blocks that come after it, change nothing that is settled.
func TestStoredAgain(t *testing.T) {
	for _, good := range []bool{true, false} {
		p := warm(fourBlocks(5), 1) // piece 4 is missing
		w := &Want{Peer: 1, Seed: true}
		p.Next(w, 4, nil)
		p.StoreFailed(p.g.BlockAt(4, 0)) // it did not come yet
		arrives(p, 4, 1, 1, 2, 3)
		p.Received(p.g.BlockAt(4, 0), 1)
		p.StoreFailed(p.g.BlockAt(4, 0))
		gives(t, p, w, 4, Own, [2]uint32{4, 0})
		p.StoreFailed(p.g.BlockAt(4, 1)) // it is stored
		gives(t, p, w, 4, Nothing)
		p.Received(p.g.BlockAt(4, 0), 1)
		if p.Stored(p.g.BlockAt(4, 1)) || !p.Stored(p.g.BlockAt(4, 0)) || p.Stored(p.g.BlockAt(4, 0)) {
			t.Fatal("not whole with the last block, or twice")
		}
		if good {
			p.Passed(4)
		} else {
			p.Failed(4)
		}
		p.StoreFailed(p.g.BlockAt(4, 0))
		p.Abandon(p.g.BlockAt(4, 0), 1)
		if p.Stored(p.g.BlockAt(4, 0)) || p.Complete() != good || p.Wanted(p.g.BlockAt(4, 0)) == good {
			t.Errorf("passed %t: complete %t", good, p.Complete())
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
}
