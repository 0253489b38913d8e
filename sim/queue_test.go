package sim

import (
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/sim/due"
)

// Happenings come in the order of their time, and of their planning when that is the same, whatever is planned between.
func TestQueueOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		last := due.Event[happening]{At: -1}
		planned, came := 0, 0
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "plan") {
				q.plan(max(last.At, bt.Instant(rapid.IntRange(0, 9).Draw(t, "at"))), happening{})
				planned++
				continue
			}
			at, ok := q.next()
			if ok != (planned > came) {
				t.Fatalf("%d planned, %d came, and next is %t", planned, came, ok)
			}
			if !ok {
				continue
			}
			h, _ := q.pop()
			came++
			if h.At != at || h.Before(&last) {
				t.Fatalf("%v %d after %v %d", h.At, h.Seq, last.At, last.Seq)
			}
			last = h
		}
	})
}
