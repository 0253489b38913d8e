package peerfsm

import (
	"testing"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// What may wait for us grows with what was asked for, whether or not it was taken back, and shrinks with what comes. What is only chosen
// does not count. [LIM-16]
func TestAllowance(t *testing.T) {
	const block = wire.PieceHeaderLen + bt.BlockSize
	p := open(t, 4)
	hear(t, p, wire.AppendUnchoke(wire.AppendHaveAll(nil)))
	p.TakeSupply(0)
	p.Interest(0, true)
	ask := func(piece uint32) bt.Block { return bt.Block{Piece: piece, Length: bt.BlockSize} }
	want := func(when string, more int) {
		t.Helper()
		if n := p.Allowance(); n != 1<<20+more {
			t.Errorf("%s: %d bytes may wait besides 1 MiB, want %d", when, n-1<<20, more)
		}
	}
	want("nothing is asked for", 0)
	p.Ask(ask(0))
	p.Ask(ask(1))
	p.Ask(ask(2))
	want("three are chosen", 0)
	tell(p)
	want("three are asked for", 3*block)
	p.Withdraw(ask(1))
	want("one is left to others", 3*block)
	hear(t, p, wire.AppendPieceHeader(nil, ask(0)))
	want("a header came", 2*block+bt.BlockSize)
	p.Took(0, 1000)
	want("and a part of its block", 2*block+bt.BlockSize-1000)
	p.Took(0, bt.BlockSize)
	p.Delivered(0, true)
	want("and all of it", 2*block)
}

// Of a block whose request was taken back while it comes, the rest may wait. [LIM-16] [MSG-19]
func TestAllowanceOfTheWithdrawn(t *testing.T) {
	const block = wire.PieceHeaderLen + bt.BlockSize
	p := open(t, 2)
	p.speaksFast = false
	hear(t, p, wire.AppendUnchoke(wire.AppendBitfield(nil, bitset.New(2).Set(0).Set(1), 2)))
	p.TakeSupply(0)
	p.Interest(0, true)
	for piece := range uint32(2) {
		p.Ask(bt.Block{Piece: piece, Length: bt.BlockSize})
	}
	tell(p)
	hear(t, p, wire.AppendChoke(nil))
	if n := p.Allowance(); n != 1<<20+2*block {
		t.Errorf("both are withdrawn: %d bytes may wait", n)
	}
	hear(t, p, wire.AppendPieceHeader(nil, bt.Block{Length: bt.BlockSize}))
	if n := p.Allowance(); n != 1<<20+block+bt.BlockSize {
		t.Errorf("one of them comes after all: %d bytes may wait", n)
	}
}
