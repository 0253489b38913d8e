package tcp

import (
	"time"

	"peerwire/core/bt"
)

// growth is how the window of a sender moves without slow start: what tells Reno and CUBIC apart.
type growth interface {
	// cut is the window after a loss, of what it was.
	cut(window int64) int64
	// grow gives the window after so many segments were acknowledged.
	grow(now bt.Instant, rtt time.Duration, window, acked int64) int64
}

// reno adds a segment a round trip, and halves (RFC 5681).
type reno struct {
	credit int64 // segments acknowledged since the window grew
}

func (r *reno) cut(window int64) int64 {
	r.credit = 0
	return window / 2
}

func (r *reno) grow(_ bt.Instant, _ time.Duration, window, acked int64) int64 {
	r.credit += acked
	for r.credit >= window {
		r.credit -= window
		window++
	}
	return window
}

// cubic is RFC 9438: W(t) = 0.4 (t - K)^3 + Wmax, t in seconds, and at least what Reno would have with the same cut.
type cubic struct {
	began  bt.Instant // when this growth began; 0 before the first acknowledgement after a cut
	most   int64      // Wmax, segments
	middle int64      // K, milliseconds
	credit int64      // what is owed to the window, in parts x segments
	like   int64      // what Reno's window would be by now
	beside int64      // Reno's credit, segments x friendly
}

const (
	cubicKeeps = 7 // tenths of the window kept at a loss
	tenths     = 10
	perSecond  = 1000 // milliseconds
	parts      = 1000 // of a segment, that the curve is counted in

	// Reno that keeps seven tenths at a loss may add only 9/17 of a segment a round trip to be as fast as one that keeps half.
	friendly, friendlier = 9, 17
)

func (c *cubic) cut(window int64) int64 {
	kept := window * cubicKeeps / tenths
	if window < c.most { // fast convergence: a new flow needs the room
		c.most = (window + kept) / 2
	} else {
		c.most = window
	}
	c.began, c.credit = 0, 0
	return kept
}

func (c *cubic) grow(now bt.Instant, rtt time.Duration, window, acked int64) int64 {
	if c.began == 0 {
		c.began, c.like, c.beside = now, window, 0
		c.most = max(c.most, window)
		// K is the cube root of (Wmax - window) / 0.4, in seconds.
		c.middle = cubeRoot((c.most - window) * tenths / 4 * perSecond * perSecond * perSecond)
	}
	t := (now.Sub(c.began) + rtt).Milliseconds() - c.middle
	target := c.most*parts + t*t/perSecond*t/perSecond*4/tenths
	for c.beside += acked * friendly; c.beside >= c.like*friendlier; c.like++ {
		c.beside -= c.like * friendlier
	}
	target = min(max(target, c.like*parts, window*parts), window*parts*3/2)
	c.credit += acked * (target - window*parts)
	for c.credit >= window*parts {
		c.credit -= window * parts
		window++
	}
	return window
}

// cubeRoot is the whole part of the cube root of n, which is not negative.
func cubeRoot(n int64) (root int64) {
	const bits = 20 // of the largest root: 2^60 and what is below
	for bit := int64(1) << bits; bit > 0; bit >>= 1 {
		if r := root | bit; r*r*r <= n {
			root = r
		}
	}
	return root
}
