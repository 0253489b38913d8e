package wire

import (
	"encoding/binary"
	"math/bits"

	"github.com/bits-and-blooms/bitset"
)

// BitfieldLen is the number of bytes in a bitfield of n pieces.
func BitfieldLen(n uint32) int { return int((uint64(n) + 7) / 8) }

// FromWire makes dst the set of pieces that a bitfield of n pieces names. On the wire
// piece 0 is the highest bit of the first byte (BEP 3); in a word of a set it is the lowest. The
// bits after the last piece are left out; FromWire tells whether any was set.
//
// The caller has checked the sizes: dst has room for exactly n bits, and wire is BitfieldLen(n) bytes.
func FromWire(dst *bitset.BitSet, wire []byte, n uint32) (spare bool) {
	if dst.Len() != uint(n) || len(wire) != BitfieldLen(n) {
		panic("BUG: bitfield and set differ in size")
	}
	if n == 0 {
		return false
	}
	words, last := dst.Words(), (n-1)/64
	for i := range words[:last] {
		words[i] = bits.Reverse64(binary.BigEndian.Uint64(wire[8*i:]))
	}
	var tail [8]byte
	copy(tail[:], wire[8*last:])
	word := bits.Reverse64(binary.BigEndian.Uint64(tail[:]))
	words[last] = word & lastMask(n)
	return words[last] != word
}

// ToWire writes the bitfield of n pieces, of which those in src are had, into the first
// BitfieldLen(n) bytes of dst. The bits after the last piece are zero. The caller sees to it that
// dst is long enough and src holds n bits.
func ToWire(dst []byte, src *bitset.BitSet, n uint32) {
	if src.Len() != uint(n) || len(dst) < BitfieldLen(n) {
		panic("BUG: bitfield and set differ in size")
	}
	if n == 0 {
		return
	}
	words, last := src.Words(), (n-1)/64
	for i, word := range words[:last] {
		binary.BigEndian.PutUint64(dst[8*i:], bits.Reverse64(word))
	}
	var tail [8]byte
	binary.BigEndian.PutUint64(tail[:], bits.Reverse64(words[last]&lastMask(n)))
	copy(dst[8*last:BitfieldLen(n)], tail[:])
}

// lastMask covers the bits that the last word of a set of n > 0 pieces uses.
func lastMask(n uint32) uint64 { return ^uint64(0) >> (-n & 63) }

// spareBits covers the bits in the last byte of a bitfield of n pieces that stand for no piece; none when n is 0,
// which is a number that is not known.
func spareBits(n uint32) byte { return 1<<(-n&7) - 1 }
