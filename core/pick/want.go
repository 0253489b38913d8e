package pick

import (
	"math"
	"slices"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// Want is a peer that could be asked for blocks, and what came of it.
type Want struct {
	Peer    bt.ConnID
	Have    *bitset.BitSet // what the peer has; nil is nothing
	Seed    bool           // it has all, whatever Have says
	Only    []uint32       // not nil: nothing but these pieces (allowed fast, while it chokes us)
	Suggest []uint32       // pieces it would rather be asked for, best first; advice only
	Last    uint32         // the piece that it was asked for last, or NoPiece
	Parole  bool           // only pieces that nobody else has a part in (PCK-9)
	Snubbed bool           // from the common end of the order (PCK-6)

	Why Reason // out: of the last block that was chosen
	New bool   // out: a piece was begun for it
}

// NoPiece stands for no piece in Want.Last.
const NoPiece = math.MaxUint32

// Reason is why a block was chosen, best first.
type Reason uint8

// The reasons.
const (
	Nothing   Reason = iota // no block was chosen
	Own                     // of the piece that the peer was asked for last, or for one on parole of any that is its own
	Left                    // of a begun piece of which nobody is asked for a block
	Clustered               // of a piece that other snubbed peers are asked for, as the peer is one
	Suggested               // of a new piece that the peer suggests
	AtRandom                // of any new piece: we have hardly any, or are told not to look at rarity
	Rarest                  // of the new piece that the fewest have
	Commonest               // of the new piece that the most have, as the peer is snubbed
	Joined                  // of a piece that others are asked for, as it has no new one
	Crowded                 // of a piece that others are asked for, as enough are begun
	Shared                  // the same, and it was kept for a peer on parole
	Repeated                // the block itself is asked of another, in end-game
	TakenOver               // the block itself was asked of another, from which nothing comes
)

// has tells whether the peer can be asked for the piece, as far as its supply and Only go. Any
// number is allowed for piece.
func (w *Want) has(piece uint32) bool {
	if !w.Seed && (w.Have == nil || !w.Have.Test(uint(piece))) {
		return false
	}
	return w.Only == nil || slices.Contains(w.Only, piece)
}

// word is the word of the peer's set at index i.
func (w *Want) word(i int) uint64 {
	switch {
	case w.Seed:
		return math.MaxUint64
	case w.Have == nil || i >= len(w.Have.Words()):
		return 0
	}
	return w.Have.Words()[i]
}
