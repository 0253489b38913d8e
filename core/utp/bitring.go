package utp

// bitRing remembers something of sequence numbers that lie within a stretch shorter than itself: a bit for each.
type bitRing struct{ words []uint64 }

// bitWord is how many bits stand in one word.
const bitWord = 64

// newBitRing has room for n, a power of two of at least two words.
func newBitRing(n int) bitRing { return bitRing{make([]uint64, n/bitWord)} }

func (b *bitRing) word(seq uint16) *uint64 { return &b.words[int(seq/bitWord)&(len(b.words)-1)] }

func (b *bitRing) set(seq uint16)      { *b.word(seq) |= 1 << (seq % bitWord) }
func (b *bitRing) clear(seq uint16)    { *b.word(seq) &^= 1 << (seq % bitWord) }
func (b *bitRing) has(seq uint16) bool { return *b.word(seq)>>(seq%bitWord)&1 != 0 }

// from gives the bits of seq and the 63 after it, seq's the lowest.
func (b *bitRing) from(seq uint16) uint64 {
	shift := seq % bitWord
	low := *b.word(seq) >> shift
	if shift == 0 {
		return low
	}
	return low | *b.word(seq + bitWord)<<(bitWord-shift)
}
