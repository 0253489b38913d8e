package sim

import (
	"fmt"
	"testing"

	"peerwire/core/bt"
)

// BenchmarkHold takes the first happening of so many and plans another: the measure of an event queue.
func BenchmarkHold(b *testing.B) {
	for _, pending := range []int{1_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(pending), func(b *testing.B) {
			var q queue
			lots := NewLots(1, 0, Purposes)
			later := func() bt.Instant { return q.now + 1 + bt.Instant(lots.Below(1_000_000_000)) }
			for range pending {
				q.plan(later(), happening{})
			}
			b.ReportAllocs()
			for b.Loop() {
				q.pop()
				q.plan(later(), happening{})
			}
		})
	}
}
