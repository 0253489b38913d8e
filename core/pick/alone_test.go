package pick

import (
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// TestStale: an idle piece is one of which blocks are missing, nobody is asked for any and none is on its way to disk; of several the one
// of which least is here, then the first. [TRU-20]
func TestStale(t *testing.T) {
	p := warm(fourBlocks(8), 4) // pieces 4 to 7 are missing
	other, w := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Seed: true, Parole: true}
	barred := map[bt.Block]bool{} // what the peer may not be asked for, for an earlier request is in the way
	stale := func(what string, want int) {
		t.Helper()
		if got, ok := p.Stale(w, func(b bt.Block) bool { return !barred[b] }); int(got) != max(want, 0) || ok != (want >= 0) {
			t.Errorf("%s: %d, %t, want %d", what, got, ok, want)
		}
	}
	stale("nothing is begun", -1)
	have := func(piece, blocks uint32) {
		for k := range blocks {
			p.Received(p.g.BlockAt(piece, k), 1)
			p.Stored(p.g.BlockAt(piece, k))
		}
	}
	have(4, 3)
	stale("one is begun and left", 4)
	have(6, 2)
	stale("less is here of another", 6)
	have(5, 2)
	stale("as little is here of an earlier one", 5)
	have(7, 3)
	stale("more is here of a later one", 5)
	p.Received(p.g.BlockAt(5, 2), 1)
	if p.Idle(5) {
		t.Error("idle, though a block is on its way to disk")
	}
	stale("a block of it is on its way to disk", 6)
	p.Stored(p.g.BlockAt(5, 2))
	other.Only = []uint32{6}
	same(t, "somebody is asked", asked(p, other, 1), [2]uint32{6, 2})
	if p.Idle(6) || !p.Idle(7) || !p.Idle(4) || p.Idle(0) {
		t.Error("not exactly 4, 5 and 7 are idle")
	}
	stale("somebody is asked for a block", 4)
	w.Only = []uint32{5, 6}
	stale("the first cannot be asked for", 5)
	for k := range uint32(4) {
		stale("a block of it may be asked for", 5)
		barred[p.g.BlockAt(5, k)] = true
	}
	stale("none of its blocks may be asked for", -1)
	delete(barred, p.g.BlockAt(5, 0))
	w.Peer = 1
	stale("but for what the peer sent itself, none may be asked for", -1)
	w.Peer = 2
	clear(barred)
	have(5, 4)
	if !p.Whole(5) || p.Whole(4) || p.Whole(7) || p.Whole(0) || p.Idle(5) {
		t.Error("not exactly 5 is whole")
	}
	stale("it is whole", -1)
}

// TestLeft: a begun piece of which no block comes is left after 6 rounds, whoever is asked for it. A block that comes, or a new beginning,
// makes it young again. [TRU-20]
func TestLeft(t *testing.T) {
	p := warm(fourBlocks(6), 4) // pieces 4 and 5 are missing
	w := &Want{Peer: 2, Seed: true, Parole: true}
	stale := func(what string, want int) {
		t.Helper()
		if got, ok := p.Stale(w, func(bt.Block) bool { return true }); int(got) != max(want, 0) || ok != (want >= 0) {
			t.Errorf("%s: %d, %t, want %d", what, got, ok, want)
		}
	}
	rounds := func(n int) {
		for range n {
			p.Age()
		}
	}
	rounds(9)
	other := &Want{Peer: 1, Seed: true, Only: []uint32{4}}
	same(t, "one is asked for a part", asked(p, other, 2), [2]uint32{4, 0}, [2]uint32{4, 1})
	rounds(5)
	stale("after 5 rounds", -1)
	rounds(1)
	stale("after 6 rounds", 4)
	p.Received(p.g.BlockAt(4, 0), 1)
	p.Stored(p.g.BlockAt(4, 0))
	stale("a block has come", -1)
	rounds(5)
	stale("5 rounds after it", -1)
	rounds(300)
	stale("long after it", 4)
	p.Renew(4)
	p.Renew(5)
	stale("made young", -1)
	same(t, "one is asked for the rest", asked(p, other, 9), [2]uint32{4, 2}, [2]uint32{4, 3})
	rounds(6)
	stale("all of it is asked for, 6 rounds", 4)
	p.Received(p.g.BlockAt(4, 1), 3)
	rounds(6)
	stale("a block is on its way to disk", -1)
	p.Stored(p.g.BlockAt(4, 1))
	stale("it is there", 4)
	p.Received(p.g.BlockAt(4, 2), 3)
	p.Received(p.g.BlockAt(4, 3), 3)
	p.Stored(p.g.BlockAt(4, 2))
	p.Stored(p.g.BlockAt(4, 3))
	rounds(6)
	stale("it is whole", -1)
}

// TestWhose tells who is asked for a block, and who sent it.
func TestWhose(t *testing.T) {
	p := warm(fourBlocks(5), 4) // piece 4 is missing
	block, none := p.g.BlockAt(4, 1), p.g.BlockAt(4, 1)
	none.Length--
	whose := func(what string, asks [2]bool, sender bt.ConnID) {
		t.Helper()
		if got := [2]bool{p.Asks(block, 1), p.Asks(block, 2)}; got != asks || p.Sender(block) != sender {
			t.Errorf("%s: asked %v, of %v", what, got, p.Sender(block))
		}
		if p.Asks(none, 1) || p.Sender(none) != 0 {
			t.Errorf("%s: somebody has to do with what is no block", what)
		}
	}
	whose("untouched", [2]bool{}, 0)
	same(t, "one is asked", asked(p, &Want{Peer: 1, Seed: true}, 4), [2]uint32{4, 0}, [2]uint32{4, 1}, [2]uint32{4, 2}, [2]uint32{4, 3})
	whose("one is asked", [2]bool{true, false}, 0)
	p.Again(&Want{Peer: 2, Seed: true}, block)
	whose("both are asked", [2]bool{true, true}, 0)
	p.Received(block, 2)
	whose("one has sent it", [2]bool{}, 2)
	p.Stored(block)
	whose("it is on disk", [2]bool{}, 2)
	p.Abandon(p.g.BlockAt(4, 0), 1)
	if b := p.g.BlockAt(4, 0); p.Asks(b, 1) || p.Sender(b) != 0 {
		t.Error("a free block is somebody's")
	}
}

// TestWantedOf: from a peer on parole a block is wanted that it is asked for, or of a piece that it has to itself; of those that are wanted at
// all. [TRU-21]
func TestWantedOf(t *testing.T) {
	p := warm(fourBlocks(6), 4) // pieces 4 and 5 are missing
	block := p.g.BlockAt(4, 0)
	want := func(what string, first, second bool) {
		t.Helper()
		if a, b := p.WantedOf(block, 1), p.WantedOf(block, 2); a != first || b != second {
			t.Errorf("%s: %t and %t", what, a, b)
		}
	}
	want("nobody has a part in it", true, true)
	w := &Want{Peer: 1, Seed: true, Only: []uint32{4}}
	same(t, "one is asked", asked(p, w, 2), [2]uint32{4, 0}, [2]uint32{4, 1})
	want("one is asked for it, and for another", true, false)
	p.Abandon(block, 1)
	want("one is asked for another only", true, false)
	same(t, "one is asked again", asked(p, w, 1), [2]uint32{4, 0})
	w.Peer = 2
	same(t, "the other is asked too", asked(p, w, 1), [2]uint32{4, 2})
	want("the other has a part in the piece", true, false)
	p.Abandon(block, 1)
	want("it was withdrawn", false, false)
	p.Received(block, 3)
	want("it is here", false, false)
	if block = p.g.BlockAt(0, 0); p.WantedOf(block, 1) {
		t.Error("a block of a piece that is here is wanted")
	}
	if block.Length++; p.WantedOf(block, 1) {
		t.Error("what is no block is wanted")
	}
}

// discard throws a block away, as the machine's action.
func (m *machine) discard(t *rapid.T) {
	b := m.someBlock(t, func(bt.Block, *slot) bool { return true })
	there := m.o.at(b).state == stored && !m.o.have[b.Piece]
	want(t, "Discard", m.p.Discard(b), there)
	if there {
		m.o.free(b)
	}
	b.Length++
	want(t, "Discard of no block", m.p.Discard(b), false)
	m.checkAlone(t)
}

// checkAlone compares what is told of pieces that are left, or all but verified.
func (m *machine) checkAlone(t *rapid.T) {
	for i := range m.g.NumPieces() {
		begun := !m.o.have[i] && !m.o.untouched(i)
		want(t, "Whole", m.p.Whole(i), begun && m.o.count(i, stored) == len(m.o.blocks[i]))
		want(t, "Idle", m.p.Idle(i), begun && m.o.count(i, requested)+m.o.count(i, received) == 0 && m.o.count(i, free) > 0)
	}
}
