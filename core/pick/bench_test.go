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

// TestMemory wants a torrent of which nothing is begun to take 16 bytes and two bits a piece.
func TestMemory(t *testing.T) {
	const pieces, perPiece, fixed = bt.MaxPieces, 16.25, 16 << 10
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	p := New(oneBlock(pieces), nil)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > pieces*perPiece+fixed {
		t.Errorf("%d bytes for %d pieces", got, p.Missing())
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

// hundred is a torrent of 100,000 pieces with 500 peers that have half of it each.
func hundred(blocks uint32) (*Picker, []*Want) {
	const pieces, peers = 100_000, 500
	rng := rand.New(rand.NewPCG(3, 3))
	p := warm(bt.Geometry{PieceLength: blocks * bt.BlockSize, Total: pieces * int64(blocks*bt.BlockSize)}, 1)
	wants := make([]*Want, peers)
	for i := range wants {
		wants[i] = &Want{Peer: bt.ConnID(i + 1), Have: randomSet(rng, pieces, 50)}
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

// history is how long each of many calls of Next(…, 1) took, for 500 peers in turn that have a queue
// of 8 blocks each, in a torrent of 100,000 pieces. Every history has the same calls.
func history(blocks uint32) []time.Duration {
	p, wants := hundred(blocks)
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
// any of the histories run, so that what else the machine did does not count.
func BenchmarkNext(b *testing.B) {
	for _, blocks := range []uint32{1, 4, 64} {
		b.Run(fmt.Sprintf("pieces=100000/peers=500/blocks=%d", blocks), func(b *testing.B) {
			times := history(blocks)
			for b.Loop() {
				for i, t := range history(blocks) {
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
// torrent of 100,000 pieces: the last of all, none at all, or the more common half.
func BenchmarkNextFar(b *testing.B) {
	const pieces = 100_000
	for _, c := range []struct {
		name     string
		from, to uint // what the peer has; the higher, the more common
		tiers    int
	}{
		{"last", pieces - 1, pieces, 500}, {"none", 0, 0, 500}, {"half", pieces / 2, pieces, 500},
		{"under-half", pieces/2 + 100, pieces, 500}, {"over-half", pieces/2 - 100, pieces, 500}, {"one-tier-half", pieces / 2, pieces, 2},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := warm(oneBlock(pieces), 1)
			for i := range c.tiers {
				p.AddPeer(bitset.New(pieces).SetRange(uint(pieces*i/c.tiers), pieces))
			}
			w := &Want{Peer: 1, Have: bitset.New(pieces).SetRange(c.from, c.to)}
			out := make([]bt.Block, 0, 1)
			b.ReportAllocs()
			for b.Loop() {
				out = p.Next(w, 1, out[:0])
				for _, block := range out {
					p.Abandon(block, 1)
				}
			}
		})
	}
}

// BenchmarkNextOpen is the choice among so many begun pieces that peers left behind: each time by another
// peer, which must look at all, or by one that has a piece of its own.
func BenchmarkNextOpen(b *testing.B) {
	for _, begun := range []int64{10, 100, 2000} {
		for _, others := range []bt.ConnID{0, 1} {
			b.Run(fmt.Sprintf("begun=%d/own=%t", begun, others == 0), func(b *testing.B) {
				p := warm(fourBlocks(begun+RandomFirst), 1)
				for i := range uint32(begun) {
					p.Received(p.g.BlockAt(i+RandomFirst, i%4), 9)
				}
				w := &Want{Peer: 1, Seed: true}
				out := make([]bt.Block, 0, 1)
				for b.Loop() {
					out = p.Next(w, 1, out[:0])
					p.Abandon(out[0], w.Peer)
					w.Peer += others
				}
			})
		}
	}
}

// BenchmarkHave is one more piece of a peer, and its loss.
func BenchmarkHave(b *testing.B) {
	p, _ := hundred(1)
	for i := uint32(0); b.Loop(); i++ {
		piece := i * 2_654_435_761 % 100_000
		p.Gain(piece)
		p.Lose(piece)
	}
}

// BenchmarkBitfield is a peer with half of 100,000 pieces that comes, and goes, among 500.
func BenchmarkBitfield(b *testing.B) {
	p, wants := hundred(1)
	for b.Loop() {
		p.AddPeer(wants[0].Have)
		p.RemovePeer(wants[0].Have)
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
