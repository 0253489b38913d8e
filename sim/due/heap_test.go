package due_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
	"peerwire/sim/due"
)

// order is what heap and wheel have in common.
type order interface {
	Push(e due.Event[int])
	First() *due.Event[int]
	Pop() due.Event[int]
}

// Events come in the order of their time, and of their planning when that is the same, whatever is planned between: where many are at one time, and
// where they are so far apart that a wheel turns, and turns again.
func TestOrder(t *testing.T) {
	for _, within := range []int64{9, 1 << 20, 1 << 29, 1 << 32} {
		t.Run(strconv.FormatInt(within, 10), func(t *testing.T) {
			t.Run("heap", func(t *testing.T) { inOrder(t, within, func() order { return new(due.Heap[int]) }) })
			t.Run("wheel", func(t *testing.T) { inOrder(t, within, func() order { return new(due.Wheel[int]) }) })
		})
	}
}

// inOrder adds and takes events, each at most so many nanoseconds after the last that came.
func inOrder(t *testing.T, within int64, fresh func() order) {
	rapid.Check(t, func(t *rapid.T) {
		h := fresh()
		last := due.Event[int]{At: -1}
		planned, came := 0, 0
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "plan") {
				planned++
				at := max(last.At, 0) + bt.Instant(rapid.Int64Range(0, within).Draw(t, "after"))
				h.Push(due.Event[int]{At: at, Seq: uint64(planned), What: -planned})
				if rapid.Bool().Draw(t, "look") {
					h.First()
				}
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

// What a wheel knows to come later does come, and in that place if nothing is planned before it.
func TestAhead(t *testing.T) {
	var w due.Wheel[int]
	if w.Ahead(0) != nil {
		t.Error("nothing is planned")
	}
	for i := range 100 {
		w.Push(due.Event[int]{At: bt.Instant(time.Hour) + bt.Instant(99-i), Seq: uint64(i + 1), What: 99 - i})
	}
	w.First()
	for i := range 100 {
		for _, n := range []int{0, 1, 7, 99 - i} {
			if e := w.Ahead(n); i+n < 100 && (e == nil || e.What != i+n) {
				t.Fatalf("%d after %d is %+v", n, i, e)
			}
		}
		if w.Ahead(100-i) != nil {
			t.Fatal("there are only a hundred")
		}
		w.Pop()
	}
}
