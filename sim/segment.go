package sim

import (
	"math/rand/v2"

	"peerwire/core/bt"
)

// Run stands for consecutive bytes of a torrent's payload that are never there.
type Run struct {
	Torrent bt.TorrentID
	Range   bt.Block
	Lie     uint32 // 0 are the bytes that the torrent's hash is of; else others, and those of two runs with one Lie are the same
}

// extend lengthens a run by one that goes on where it ends, with the same kind of bytes; false when it does not.
func (r *Run) extend(next Run) bool {
	at := r.Range
	at.Begin += at.Length
	if next.Torrent != r.Torrent || next.Lie != r.Lie || next.Range.Piece != at.Piece || next.Range.Begin != at.Begin {
		return false
	}
	r.Range.Length += next.Range.Length
	return true
}

// spoil makes other bytes of a run that is right.
func (r *Run) spoil() { r.Lie = max(r.Lie, 1) }

// cut takes n bytes off the head, which has so many, and gives them.
func (r *Run) cut(n int) Run {
	head := *r
	head.Range.Length = uint32(n)
	r.Range.Begin += uint32(n)
	r.Range.Length -= uint32(n)
	return head
}

// segment is a part of a stream, as it is written: bytes, a run behind them, or the stream's end.
type segment struct {
	data  []byte
	run   Run
	says  int32    // messages that end in it
	end   bool     // the stream ends here
	fault bt.Fault // how, when it does
}

// size is how many bytes it has.
func (s *segment) size() int { return len(s.data) + int(s.run.Range.Length) }

// Cutting is how segments are cut when they arrive. However they are, a client must come to the same. [FRM-2]
type Cutting uint8

// The ways to cut.
const (
	Whole  Cutting = iota // as they were written
	Bytes                 // control at every byte, payload in four
	Chance                // anywhere, as the seed has it
)

// cutter cuts segments.
type cutter struct {
	how  Cutting
	lots *rand.Rand
}

// length is how much of a flight comes next, when it is cut.
func (c *cutter) length(f *flight) int {
	switch {
	case c.how == Whole || f.size() < 2:
		return f.size()
	case c.how == Chance:
		return 1 + c.lots.IntN(f.size())
	case f.bytes() == 0:
		return bt.BlockSize / 4
	}
	return 1
}
