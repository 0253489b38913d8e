package transfer

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// A deadline on a host's clock is met at the first time that its clock shows it.
func TestClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Clock{
			Began: time.Duration(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "began")),
			Skew:  rapid.Int64Range(-1000, 1000).Draw(t, "skew"),
		}
		want := bt.Instant(c.Began) + bt.Instant(rapid.Int64Range(0, int64(100*time.Hour)).Draw(t, "deadline"))
		at := c.global(want)
		if c.local(at) < want || at > 0 && c.local(at-1) >= want {
			t.Fatalf("%+v: %v is %v, which shows %v", c, want, at, c.local(at))
		}
	})
	if c := (Clock{Began: time.Second}); c.global(bt.Never) != bt.Never || c.global(0) != 0 {
		t.Error("what is never or past")
	}
}
