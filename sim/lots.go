package sim

import "math/bits"

// Lots is a stream of chance. Everything that needs chance has a stream of its own, named by whose it is and what for: one more draw in
// one place changes nothing in another.
type Lots struct{ state uint64 }

// Purposes of the world's own streams; a scenario numbers its own from Purposes on.
const (
	forLinks uint64 = iota + 1
	forIlls         // and beyond: each fault has its own
	Purposes        // the first that is free
)

// NewLots is the stream of a purpose of one among many, in the world of a seed.
func NewLots(seed, whose, purpose uint64) Lots {
	return Lots{mix(mix(mix(seed)+whose) + purpose)}
}

// mix is a permutation of 64 bits in which no bit stays near itself (splitmix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Next is 64 random bits.
func (l *Lots) Next() uint64 {
	x := mix(l.state)
	l.state += 0x9e3779b97f4a7c15
	return x
}

// Below is a number below n, which is at least 1; all are as likely, to within n in 2^64.
func (l *Lots) Below(n uint64) uint64 {
	hi, _ := bits.Mul64(l.Next(), n)
	return hi
}

// ln2 is the logarithm of 2, in 64 bits behind the point.
const ln2 = 0xb17217f7d1cf79ab

// Exp is a draw from the exponential distribution of mean 1, in 32 bits behind the point: the time between events that are as likely at any
// time. It is -ln(u) for u in (0, 1], from the bits of the binary logarithm, one squaring each: no floating point, so the same everywhere.
func (l *Lots) Exp() uint64 {
	u := l.Next() | 1
	zeros := bits.LeadingZeros64(u)
	m := u << zeros // in [1, 2), the point behind the first bit
	var log uint64  // of m to the base of 2, 32 bits
	for range 32 {
		hi, lo := bits.Mul64(m, m)
		log <<= 1
		if hi>>63 == 1 {
			log |= 1
			m = hi
		} else {
			m = hi<<1 | lo>>63
		}
	}
	// u is 2^(63-zeros) times m, of 2^64: the logarithm of 1/u is zeros+1-log2(m).
	twos := uint64(zeros+1)<<32 - log
	hi, _ := bits.Mul64(twos, ln2)
	return hi
}
