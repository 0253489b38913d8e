package bt

import (
	"math"
	"strconv"
	"time"
)

// Instant is a point in time: nanoseconds since the core's own start. The core has
// no clock; every call that can need the time is given an Instant, and it never
// goes back (a smaller one counts as the largest seen).
type Instant int64

// Never is the instant of a deadline that is not set.
const Never Instant = math.MaxInt64

// Add gives the instant d after t. Never stays Never, and the sum saturates there.
func (t Instant) Add(d time.Duration) Instant {
	if t == Never {
		return Never
	}
	s := t + Instant(d)
	if d > 0 && s < t {
		return Never
	}
	return s
}

// Sub gives the time from u to t.
func (t Instant) Sub(u Instant) time.Duration { return time.Duration(t - u) }

// String writes t in seconds with millisecond digits, "12.500s", and "never" for Never;
// what is finer than a millisecond is shown only where it is not zero.
func (t Instant) String() string {
	if t == Never {
		return "never"
	}
	sec, ns := int64(t)/int64(time.Second), int64(t)%int64(time.Second)
	digits := strconv.FormatInt(ns+int64(time.Second), 10)[1:]
	if ns%int64(time.Millisecond) == 0 {
		digits = digits[:3]
	}
	return strconv.FormatInt(sec, 10) + "." + digits + "s"
}
