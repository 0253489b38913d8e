package sim

import "github.com/bits-and-blooms/bitset"

// pieceSet is the set of the pieces below n for which has is true.
func pieceSet(n uint32, has func(piece uint32) bool) *bitset.BitSet {
	s := bitset.New(uint(n))
	for i := range n {
		if has(i) {
			s.Set(uint(i))
		}
	}
	return s
}
