package prefetch_test

import (
	"testing"

	"peerwire/internal/prefetch"
)

// Whatever is asked for, nothing changes, and what is not there is not looked at: also at the very ends of memory that is.
func TestNothingChanges(t *testing.T) {
	prefetch.Value[int](nil)
	prefetch.Value(&struct{}{})
	prefetch.Element([]int(nil), 0)
	s := make([]byte, 1<<20)
	for _, i := range []int{-1, 0, 1, 63, 64, len(s) - 1, len(s), len(s) + 1} {
		prefetch.Element(s, i)
	}
	whole := (*[1 << 20]byte)(s)
	prefetch.Value(whole)
	for i, b := range whole {
		if b != 0 {
			t.Fatalf("%d at %d", b, i)
		}
	}
	if n := testing.AllocsPerRun(100, func() { prefetch.Value(whole) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What is fetched costs a few nanoseconds, and no wait.
func BenchmarkValue(b *testing.B) {
	all := make([][576]byte, 1<<16)
	for i := 0; b.Loop(); i += 7919 {
		prefetch.Value(&all[i&(len(all)-1)])
	}
}
