package pick

import (
	"math/rand/v2"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// oneBlock is a torrent of n pieces, each of one block.
func oneBlock(n int) bt.Geometry {
	return bt.Geometry{PieceLength: bt.BlockSize, Total: int64(n) * bt.BlockSize}
}

// warm is a Picker past its first pieces.
func warm(g bt.Geometry, seed uint64) *Picker {
	p := New(g, rand.New(rand.NewPCG(seed, 0)))
	for i := range uint32(RandomFirst) {
		p.MarkHave(i)
	}
	return p
}

// TestRarestOfMany wants a new piece to be the rarest in torrents so large that the pieces
// are not simply tried one after another, for peers that have any part of them.
func TestRarestOfMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.SampledFrom([]int{stride + RandomFirst + 1, 4*stride - 1, 10 * stride}).Draw(t, "pieces")
		p := warm(oneBlock(n), 1)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		tiers := rapid.IntRange(1, 5).Draw(t, "peers")
		for range tiers {
			p.AddPeer(randomSet(rng, n, 50))
		}
		share := rapid.SampledFrom([]int{0, 1, 50, 100}).Draw(t, "share")
		rank := rapid.IntRange(0, tiers).Draw(t, "lowest availability")
		w := &Want{Peer: 1, Have: randomSet(rng, n, share), Snubbed: rapid.Bool().Draw(t, "snubbed")}
		for i := range uint32(n) {
			if p.Availability(i) < uint32(rank) != w.Snubbed {
				w.Have.Clear(uint(i))
			}
		}
		best, found := uint32(0), false
		for i := uint32(RandomFirst); i < uint32(n); i++ {
			if w.has(i) && (!found || p.rarer(w, i, best)) {
				best, found = i, true
			}
		}
		out := p.Next(w, 1, nil)
		if len(out) == 0 || !found {
			want(t, "found a piece", len(out) > 0, found)
			return
		}
		want(t, "availability of the piece", p.Availability(out[0].Piece), p.Availability(best))
		want(t, "peer has the piece", w.has(out[0].Piece), true)
	})
}

// randomSet is a set of n pieces, each of which is in it with so many chances in a hundred.
func randomSet(rng *rand.Rand, n, percent int) *bitset.BitSet {
	set := bitset.New(uint(n))
	for i := range n {
		set.SetTo(uint(i), rng.IntN(100) < percent)
	}
	return set
}

// TestChanceAmongEquals wants equally rare pieces to be begun about equally often, and the
// first ones whatever their rarity.
func TestChanceAmongEquals(t *testing.T) {
	const n, rare, rounds = 100, 40, 4000
	for _, first := range []bool{true, false} {
		p := New(oneBlock(n), rand.New(rand.NewPCG(7, 0)))
		if !first {
			p = warm(oneBlock(n), 7)
		}
		common := bitset.New(n).SetRange(rare, n)
		p.AddPeer(common)
		var times [n]int
		w := &Want{Peer: 1, Seed: true}
		for range rounds {
			b := p.Next(w, 1, nil)[0]
			p.Abandon(b, 1)
			times[b.Piece]++
		}
		for i, got := range times {
			expected := rounds / n
			if !first {
				expected = rounds / (rare - RandomFirst)
				if i < RandomFirst || i >= rare {
					expected = 0
				}
			}
			if got < expected/2 || got > expected*2 {
				t.Errorf("first pieces %t: piece %d begun %d times, expected about %d", first, i, got, expected)
			}
		}
	}
}

// TestBounds calls everything with what is not in the torrent, or before anything is known.
func TestBounds(t *testing.T) {
	unknown := New(bt.Geometry{}, rand.New(rand.NewPCG(1, 1)))
	known := New(oneBlock(3), rand.New(rand.NewPCG(1, 1)))
	for _, p := range []*Picker{unknown, known} {
		for _, b := range []bt.Block{{Piece: 3, Length: bt.BlockSize}, {Piece: 1 << 31, Length: 1}, {Begin: 1, Length: 9}, {Begin: 1 << 31}} {
			if p.Wanted(b) || p.Requested(b) != 0 || p.Received(b, 1) != Duplicate || p.Stored(b) {
				t.Errorf("%v is taken for a block", b)
			}
			p.Abandon(b, 1)
			p.StoreFailed(b)
			p.Failed(b.Piece)
		}
		if p.Complete() || p.EndGame() {
			t.Error("a piece that is not there, or complete with nothing")
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
	far := bitset.New(0).Set(1 << 20)
	w := &Want{Have: far, Only: []uint32{1 << 20, 1 << 31}, Suggest: []uint32{1 << 20, 1 << 31}}
	if out := known.Next(w, 5, nil); out != nil || len(unknown.Next(&Want{Seed: true}, 5, nil)) != 0 {
		t.Errorf("%v of a piece that is not there", out)
	}
	if out := known.Next(&Want{}, 5, nil); out != nil {
		t.Errorf("%v of a peer that has nothing", out)
	}
}

// TestBeyondPiece calls what takes a block with one behind the last of a begun piece, whether or not the last is a whole one.
func TestBeyondPiece(t *testing.T) {
	for _, size := range []uint32{2 * bt.BlockSize, bt.BlockSize + 100} {
		p := New(bt.Geometry{PieceLength: size, Total: int64(size)}, rand.New(rand.NewPCG(1, 1)))
		p.Next(&Want{Peer: 1, Seed: true}, 1, nil)
		for _, length := range []uint32{0, 100, bt.BlockSize} {
			b := bt.Block{Begin: 2 * bt.BlockSize, Length: length}
			if p.Requested(b) != 0 || p.Received(b, 1) != Duplicate || p.Stored(b) {
				t.Errorf("pieces of %d bytes: %v is taken for a block", size, b)
			}
		}
		if out := p.Next(&Want{Peer: 2}, 1, nil); out != nil {
			t.Errorf("pieces of %d bytes: %v of a peer that has nothing", size, out)
		}
	}
}

// TestUnbalanced wants a count that falls below none to be called a bug.
func TestUnbalanced(t *testing.T) {
	for name, f := range map[string]func(*Picker){
		"lose":        func(p *Picker) { p.Lose(0) },
		"remove seed": func(p *Picker) { p.RemoveSeed() },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f(New(oneBlock(1), nil))
		})
	}
}
