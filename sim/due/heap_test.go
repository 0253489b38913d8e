package due_test

import (
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/sim/due"
)

// Events come in the order of their time, and of their planning when that is the same, whatever is planned between.
func TestOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h due.Heap[int]
		last := due.Event[int]{At: -1}
		planned, came := 0, 0
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "plan") {
				planned++
				h.Push(due.Event[int]{At: max(last.At, bt.Instant(rapid.IntRange(0, 9).Draw(t, "at"))), Seq: uint64(planned), What: -planned})
				continue
			}
			first := h.First()
			if (first != nil) != (planned > came) {
				t.Fatalf("%d planned, %d came, and the first is %v", planned, came, first)
			}
			if first == nil {
				continue
			}
			want := *first
			e := h.Pop()
			came++
			if e != want || !last.Before(&e) || e.What != -int(e.Seq) {
				t.Fatalf("%+v after %+v, where %+v was the first", e, last, want)
			}
			last = e
		}
	})
}
