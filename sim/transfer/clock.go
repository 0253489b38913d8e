package transfer

import (
	"math/bits"
	"time"

	"peerwire/core/bt"
)

// Clock is a host's own: it began at another time than the world, and runs a little fast or slow. The zero Clock is the world's.
type Clock struct {
	Began time.Duration // what it showed when the world began
	Skew  int64         // parts in a million that it runs too fast
}

const million = 1_000_000

// local is what the clock shows.
func (c Clock) local(now bt.Instant) bt.Instant {
	return bt.Instant(c.Began) + bt.Instant(scale(int64(now), million+c.Skew, million, 0))
}

// global is the first time at which the clock shows no less.
func (c Clock) global(local bt.Instant) bt.Instant {
	if local == bt.Never {
		return bt.Never
	}
	return bt.Instant(scale(max(0, int64(local)-int64(c.Began)), million, million+c.Skew, million+c.Skew-1))
}

// scale is n x by / of, with something added before it is divided; none is negative.
func scale(n, by, of, more int64) int64 {
	hi, lo := bits.Mul64(uint64(n), uint64(by))
	lo, carry := bits.Add64(lo, uint64(more), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(of))
	return int64(q)
}
