package packet

import (
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// Events come in the order of their time, and of their planning when that is the same, whatever is planned between.
func TestEventsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q events
		last := event{at: -1}
		planned, came := 0, 0
		for range rapid.IntRange(1, 300).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "plan") {
				q.plan(max(last.at, bt.Instant(rapid.IntRange(0, 9).Draw(t, "at"))), int32(planned), planned%2 == 0)
				planned++
				continue
			}
			at := q.next()
			if (at != bt.Never) != (planned > came) {
				t.Fatalf("%d planned, %d came, and next is %v", planned, came, at)
			}
			if at == bt.Never {
				continue
			}
			e := q.pop()
			came++
			if e.at != at || e.before(&last) || e.timer != (e.what%2 == 0) {
				t.Fatalf("%+v after %+v", e, last)
			}
			last = e
		}
	})
}
