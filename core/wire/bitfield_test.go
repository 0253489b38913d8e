package wire

import (
	"bytes"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"
)

// naiveToWire is BEP 3 read word by word: the high bit of the first byte is piece 0.
func naiveToWire(s *bitset.BitSet, n uint32) []byte {
	b := make([]byte, (n+7)/8)
	for i := range n {
		if s.Test(uint(i)) {
			b[i/8] |= 0x80 >> (i % 8)
		}
	}
	return b
}

// TestBitfieldVectors: known bits at known places. [MSG-6]
func TestBitfieldVectors(t *testing.T) {
	tests := []struct {
		n    uint32
		set  []uint
		wire []byte
	}{
		{1, nil, []byte{0}},
		{1, []uint{0}, []byte{0x80}},
		{8, []uint{7}, []byte{0x01}},
		{9, []uint{0, 8}, []byte{0x80, 0x80}},
		{64, []uint{0, 63}, []byte{0x80, 0, 0, 0, 0, 0, 0, 0x01}},
		{65, []uint{63, 64}, []byte{0, 0, 0, 0, 0, 0, 0, 0x01, 0x80}},
		{72, []uint{64, 71}, []byte{0, 0, 0, 0, 0, 0, 0, 0, 0x81}},
	}
	for _, test := range tests {
		s := bitset.New(uint(test.n))
		for _, i := range test.set {
			s.Set(i)
		}
		got := bytes.Repeat([]byte{0xee}, len(test.wire)+1)
		ToWire(got, s, test.n)
		if !bytes.Equal(got, append(test.wire, 0xee)) {
			t.Errorf("%v of %d written as %x, want %x", test.set, test.n, got, test.wire)
		}
		back := bitset.New(uint(test.n)).FlipRange(0, uint(test.n)) // what was there before does not count
		if spare := FromWire(back, test.wire, test.n); spare || !back.Equal(s) {
			t.Errorf("%x read as %v of %d, spare bits %v", test.wire, back, test.n, spare)
		}
	}
}

// TestBitfieldProperty: both directions agree with the naive reading, at every size, spare bits or not. [MSG-5] [MSG-6]
func TestBitfieldProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint32Range(0, 600).Draw(t, "pieces")
		wire := rapid.SliceOfN(rapid.Byte(), BitfieldLen(n), BitfieldLen(n)).Draw(t, "wire")
		s := bitset.New(uint(n))
		spare := FromWire(s, wire, n)
		if s.Len() != uint(n) || s.Count() > uint(n) {
			t.Fatalf("%d of %d bits set", s.Count(), s.Len())
		}
		clean := naiveToWire(s, n)
		if n > 0 {
			cleaned := bytes.Clone(wire)
			cleaned[len(wire)-1] &^= spareBits(n)
			if !bytes.Equal(clean, cleaned) || spare == bytes.Equal(clean, wire) {
				t.Fatalf("%x read as %x, spare bits %v", wire, clean, spare)
			}
		}
		got := make([]byte, BitfieldLen(n))
		if ToWire(got, s, n); !bytes.Equal(got, clean) {
			t.Fatalf("%x written as %x", clean, got)
		}
	})
}

// TestBitfieldDirtySet: bits beyond the last piece in a set's last word, which adopting foreign words leaves, are
// not written. [MSG-6]
func TestBitfieldDirtySet(t *testing.T) {
	s := bitset.FromWithLength(10, []uint64{^uint64(0), ^uint64(0)})
	got := make([]byte, 2)
	if ToWire(got, s, 10); !bytes.Equal(got, []byte{0xff, 0xc0}) {
		t.Errorf("written as %x", got)
	}
}

func BenchmarkBitfield(b *testing.B) {
	const n = 100_000
	s := bitset.New(n)
	for i := uint(0); i < n; i += 2 {
		s.Set(i)
	}
	wire := make([]byte, BitfieldLen(n))
	b.Run("to", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ToWire(wire, s, n)
		}
	})
	b.Run("from", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			FromWire(s, wire, n)
		}
	})
}
