package pick

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// answer takes one block to the disk, and its piece to the end of it.
func answer(p *Picker, b bt.Block, by bt.ConnID) {
	p.Received(b, by)
	if p.Stored(b) {
		p.Failed(b.Piece) // so that there is no end to it
	}
}

// TestNoAllocation wants none once the number of begun pieces has stopped growing.
func TestNoAllocation(t *testing.T) {
	p := warm(fourBlocks(5000), 1)
	seed, w := &Want{Peer: 1, Seed: true}, &Want{Peer: 2, Have: randomSet(rand.New(rand.NewPCG(1, 1)), 5000, 50)}
	out := make([]bt.Block, 0, 16)
	p.AddPeer(w.Have)
	round := func() {
		out = p.Next(seed, 7, out[:0])
		for _, b := range out {
			answer(p, b, 1)
		}
		out = p.Next(w, 3, out[:0])
		for _, b := range out {
			p.Abandon(b, 2)
		}
		p.Gain(77)
		p.Lose(77)
	}
	for range 1000 {
		round()
	}
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}

// TestNoAllocationInEndGame wants none for requests beside the first, either.
func TestNoAllocationInEndGame(t *testing.T) {
	p := warm(fourBlocks(9), 1)
	out := p.Next(&Want{Peer: 1, Seed: true}, 99, nil)
	second := &Want{Peer: 2, Seed: true}
	round := func() {
		p.Again(second, out[0])
		p.Abandon(out[0], 2)
	}
	for range 1000 {
		round()
	}
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations a round", n)
	}
}

// TestMemory wants a torrent of which nothing is begun to take 4 bytes and two bits a piece, and 8 where its pieces are many.
func TestMemory(t *testing.T) {
	const fixed = 16 << 10
	for pieces, perPiece := range map[int]float64{mostShort: 4.25, bt.MaxPieces: 8.25} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p := New(oneBlock(pieces), nil)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > uint64(float64(pieces)*perPiece)+fixed {
			t.Errorf("%d bytes for %d pieces", got, p.Missing())
		}
	}
}

// BenchmarkBlock is everything the Picker does for one block of a download from one seed: choose,
// received, stored, and its part of beginning and ending a piece. A queue of requests stands between.
func BenchmarkBlock(b *testing.B) {
	for _, kib := range []uint32{16, 256, 1024, 16384} {
		b.Run(fmt.Sprintf("piece=%dKiB", kib), func(b *testing.B) {
			p := warm(bt.Geometry{PieceLength: kib << 10, Total: 1000 * int64(kib<<10)}, 1)
			p.AddSeed()
			w := &Want{Peer: 1, Seed: true}
			queue := p.Next(w, 32, make([]bt.Block, 0, 33))
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				at := i % 32
				answer(p, queue[at], 1)
				p.Next(w, 1, queue[at:at:at+1])
			}
		})
	}
}

// halfSet is a set of n pieces, each of which is in it by chance.
func halfSet(rng *rand.Rand, n int) *bitset.BitSet {
	words := make([]uint64, (n+63)/64)
	for i := range words {
		words[i] = rng.Uint64()
	}
	if rest := n % 64; rest != 0 {
		words[len(words)-1] &= 1<<rest - 1
	}
	return bitset.FromWithLength(uint(n), words)
}

// crowdOf is a torrent with so many peers that have half of it each.
func crowdOf(pieces, peers, blocks int) (*Picker, []*Want) {
	rng := rand.New(rand.NewPCG(3, 3))
	size := int64(blocks) * bt.BlockSize
	p := warm(bt.Geometry{PieceLength: uint32(size), Total: int64(pieces) * size}, 1)
	wants := make([]*Want, peers)
	for i := range wants {
		wants[i] = &Want{Peer: bt.ConnID(i + 1), Have: halfSet(rng, pieces)}
		p.AddPeer(wants[i].Have)
	}
	return p, wants
}

// clock is what it takes to ask the time twice.
func clock() time.Duration {
	least := time.Duration(1 << 60)
	for range 1000 {
		start := time.Now()
		least = min(least, time.Since(start))
	}
	return least
}

// history is how long each of many calls of Next(…, 1) took, for peers in turn that have a queue
// of 8 blocks each. Every history of the same torrent has the same calls.
func history(pieces, peers, blocks int) []time.Duration {
	p, wants := crowdOf(pieces, peers, blocks)
	queues := make([][]bt.Block, len(wants))
	for i, w := range wants {
		queues[i] = p.Next(w, 8, make([]bt.Block, 0, 9))
	}
	rng := rand.New(rand.NewPCG(4, 4))
	times := make([]time.Duration, 50_000)
	for i := range times {
		peer, at := rng.IntN(len(wants)), rng.IntN(8)
		answer(p, queues[peer][at], wants[peer].Peer)
		start := time.Now()
		p.Next(wants[peer], 1, queues[peer][at:at:at+1])
		times[i] = time.Since(start)
	}
	return times
}

// BenchmarkNext gives the median and the worst of the calls of a history, each the least that it took in
// any of the histories run, so that what else the machine did does not count. docs/picker.md has its tables.
func BenchmarkNext(b *testing.B) {
	for _, c := range []struct{ pieces, peers, blocks int }{
		{1000, 50, 16}, {10_000, 50, 16}, {100_000, 50, 16}, {1_000_000, 50, 16}, // against pieces
		{100_000, 5, 16}, {100_000, 500, 16}, // against peers
		{100_000, 500, 1}, {100_000, 500, 4}, {100_000, 500, 64}, {100_000, 500, 1024}, // against blocks in a piece
	} {
		b.Run(fmt.Sprintf("pieces=%d/peers=%d/blocks=%d", c.pieces, c.peers, c.blocks), func(b *testing.B) {
			times := history(c.pieces, c.peers, c.blocks)
			for b.Loop() {
				for i, t := range history(c.pieces, c.peers, c.blocks) {
					times[i] = min(times[i], t)
				}
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2]-clock()), "median-ns")
			b.ReportMetric(float64(times[len(times)*999/1000]-clock()), "p99.9-ns")
			b.ReportMetric(float64(times[len(times)-1]-clock()), "worst-ns")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkNextFar is the worst there is: the choice of a new piece for a peer that has none of the rarest, in a
// torrent with 500 peers: only the last-ranked piece will do, or none at all, or those of the more common half. It gives the least that
// one took, so that what else the machine did does not count.
func BenchmarkNextFar(b *testing.B) {
	for _, pieces := range []uint{1000, 10_000, 100_000, 1_000_000} {
		for _, c := range []struct {
			name     string
			from, to uint // what the peer has; the higher, the more common
			tiers    uint
		}{
			{"last", pieces - 1, pieces, 500}, {"none", 0, 0, 500}, {"half", pieces / 2, pieces, 500},
			{"under-half", pieces/2 + pieces/1000, pieces, 500}, {"over-half", pieces/2 - pieces/1000, pieces, 500}, {"one-tier-half", pieces / 2, pieces, 2},
		} {
			b.Run(fmt.Sprintf("%s/pieces=%d", c.name, pieces), func(b *testing.B) {
				p := warm(oneBlock(int(pieces)), 1)
				for i := range c.tiers {
					p.AddPeer(bitset.New(pieces).SetRange(pieces*i/c.tiers, pieces))
				}
				w := &Want{Peer: 1, Have: bitset.New(pieces).SetRange(c.from, c.to)}
				out, least := make([]bt.Block, 0, 1), time.Hour
				for b.Loop() {
					start := time.Now()
					out = p.Next(w, 1, out[:0])
					least = min(least, time.Since(start))
					for _, block := range out {
						p.Abandon(block, 1)
					}
				}
				b.ReportMetric(float64(least-clock()), "least-ns")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// BenchmarkNextBegun is the choice among so many begun pieces: that of a peer that has one of them, and so looks at no other; and that of one
// that has none, and looks at all: at those that others left behind, or at work.
func BenchmarkNextBegun(b *testing.B) {
	for _, begun := range []uint32{10, 100, 1000} {
		for _, kind := range []string{"own", "left", "busy"} {
			b.Run(fmt.Sprintf("%s/begun=%d", kind, begun), func(b *testing.B) {
				p := warm(fourBlocks(int64(begun)+RandomFirst), 1)
				for i := range begun {
					w := &Want{Peer: bt.ConnID(i + 10), Seed: true, Only: []uint32{i + RandomFirst}}
					if p.Next(w, 1, nil); kind != "busy" {
						p.Received(p.g.BlockAt(i+RandomFirst, 0), w.Peer)
					}
				}
				w := &Want{Peer: 1, Seed: true}
				if kind == "own" {
					p.Next(w, 1, nil)
				}
				last := w.Last
				out := make([]bt.Block, 0, 1)
				for b.Loop() {
					w.Last = last
					out = p.Next(w, 1, out[:0])
					p.Abandon(out[0], w.Peer)
				}
			})
		}
	}
}

// BenchmarkHave is one more piece of a peer, and its loss.
func BenchmarkHave(b *testing.B) {
	for _, pieces := range []int{1000, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprintf("pieces=%d", pieces), func(b *testing.B) {
			p, _ := crowdOf(pieces, 50, 1)
			for i := uint32(0); b.Loop(); i++ {
				piece := i * 2_654_435_761 % uint32(pieces)
				p.Gain(piece)
				p.Lose(piece)
			}
		})
	}
}

// BenchmarkJoin is a peer that comes, and goes: one with half of the pieces, and a seed.
func BenchmarkJoin(b *testing.B) {
	for _, pieces := range []int{1000, 10_000, 100_000, 1_000_000} {
		p, wants := crowdOf(pieces, 50, 1)
		b.Run(fmt.Sprintf("half/pieces=%d", pieces), func(b *testing.B) {
			for b.Loop() {
				p.AddPeer(wants[0].Have)
				p.RemovePeer(wants[0].Have)
			}
		})
		b.Run(fmt.Sprintf("seed/pieces=%d", pieces), func(b *testing.B) {
			for b.Loop() {
				p.AddSeed()
				p.RemoveSeed()
			}
		})
	}
}

// BenchmarkMemory is what a torrent takes with nothing begun, by piece, and what a begun piece takes on top, by block.
func BenchmarkMemory(b *testing.B) {
	const pieces, blocks = 100_000, 64
	g := bt.Geometry{PieceLength: blocks * bt.BlockSize, Total: pieces * blocks * bt.BlockSize}
	for b.Loop() {
		var before, between, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p := New(g, rand.New(rand.NewPCG(1, 1)))
		runtime.ReadMemStats(&between)
		for i := range bt.ConnID(1000) {
			p.Next(&Want{Peer: i, Seed: true, Parole: true}, 1, nil)
		}
		runtime.ReadMemStats(&after)
		b.ReportMetric(float64(between.TotalAlloc-before.TotalAlloc)/pieces, "B/piece")
		b.ReportMetric(float64(after.TotalAlloc-between.TotalAlloc)/(1000*blocks), "B/begun-block")
	}
}

// BenchmarkInteresting is a peer that has nothing new among 100,000 pieces.
func BenchmarkInteresting(b *testing.B) {
	p := warm(oneBlock(100_000), 1)
	for i := range uint32(100_000) {
		p.MarkHave(i)
	}
	set := bitset.New(100_000).SetRange(0, 100_000)
	for b.Loop() {
		p.Interesting(set)
	}
}
