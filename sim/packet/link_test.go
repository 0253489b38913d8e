package packet

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

const ms = bt.Instant(time.Millisecond)

// A packet takes the time that its bytes take, and then the way; those behind it wait for it.
func TestLinkIsExact(t *testing.T) {
	l := NewLink(1, "l", Line{Rate: 1_000_000, Delay: 20 * time.Millisecond})
	for i := range bt.Instant(5) {
		if v, at, _ := l.Send(0, 1000, false); v != Passes || at != (21+i)*ms {
			t.Fatalf("packet %d: %d at %v", i, v, at)
		}
	}
	if b := l.Backlog(0); b != 5000 {
		t.Errorf("%d bytes wait", b)
	}
	if b := l.Backlog(2*ms + 1); b != 3000 { // a nanosecond is not a byte yet
		t.Errorf("%d bytes wait after 2 ms", b)
	}
	if b, w := l.Backlog(2*ms-1), l.Wait(2*ms); b != 3001 || w != 3*time.Millisecond {
		t.Errorf("%d bytes wait before 2 ms, and then for %v", b, w)
	}
}

// The rate is exact however odd it is and however long it is used, and so is the queue.
func TestLinkRoundsNothingAway(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Int64Range(1, 1<<30).Draw(t, "rate")
		l := NewLink(1, "l", Line{Rate: rate})
		var sum int64
		for _, size := range rapid.SliceOfN(rapid.IntRange(1, 1500), 1, 50).Draw(t, "sizes") {
			l.Send(0, size, false)
			sum += int64(size)
			if want := bt.Instant(sum * int64(time.Second) / rate); l.busy != want {
				t.Fatalf("%d bytes at %d a second leave at %v, not %v", sum, rate, l.busy, want)
			}
		}
	})
}

// The queue holds to a byte what it may, and drops what comes then.
func TestQueueDropsTheTail(t *testing.T) {
	l := NewLink(1, "l", Line{Rate: 1_000_000, Queue: 3000})
	verdicts := make([]Verdict, 0, 6)
	send := func(now bt.Instant, size int) {
		v, _, _ := l.Send(now, size, false)
		verdicts = append(verdicts, v)
	}
	send(0, 1000)
	send(0, 2000)
	send(0, 1)       // full
	send(ms-1, 1000) // a byte of room is missing
	send(ms, 1000)
	send(ms, 1)
	want := []Verdict{Passes, Passes, Dropped, Dropped, Passes, Dropped}
	for i := range want {
		if verdicts[i] != want[i] {
			t.Errorf("packet %d: %d, not %d", i, verdicts[i], want[i])
		}
	}
	if c := l.Counts(); c.Dropped != 3 || c.Passed != 3 || c.Bytes != 4000 {
		t.Errorf("counts: %+v", c)
	}
}

// What may not be cut and is too big does not pass; what may be, does.
func TestLinkMTU(t *testing.T) {
	l := NewLink(1, "l", Line{MTU: 1400})
	for _, c := range []struct {
		size  int
		whole bool
		want  Verdict
	}{{1400, true, Passes}, {1401, true, TooBig}, {1401, false, Passes}} {
		if v, _, _ := l.Send(0, c.size, c.whole); v != c.want {
			t.Errorf("%+v: %d", c, v)
		}
	}
}

// Shares are as they were asked for, and jitter keeps the order that reordering breaks.
func TestLinkChances(t *testing.T) {
	const n = 100_000
	l := NewLink(1, "l", Line{
		Loss: 10_000, Duplicate: 50_000, Reorder: 20_000, Hold: 30 * time.Millisecond, Jitter: 10 * time.Millisecond, Delay: time.Millisecond,
	})
	var last bt.Instant
	var overtaken int64
	for i := range bt.Instant(n) {
		v, at, again := l.Send(i*ms, 100, false)
		if v == Lost {
			continue
		}
		if at < i*ms+ms || v == Twice && again < i*ms+ms {
			t.Fatalf("packet %d at %v, %v", i, at, again)
		}
		if at > last+15*ms {
			overtaken++
			continue
		}
		if at < last {
			t.Fatalf("packet %d at %v, after one at %v", i, at, last)
		}
		last = at
	}
	c := l.Counts()
	for name, share := range map[string][2]int64{"lost": {c.Lost, 1000}, "twice": {c.Copies, 4950}, "held back": {c.Behind, 2079}} {
		if share[0] < share[1]*9/10 || share[0] > share[1]*11/10 {
			t.Errorf("%s: %d of %d, and %d were to be", name, share[0], n, share[1])
		}
	}
	if overtaken < c.Behind*8/10 {
		t.Errorf("%d of %d come late", overtaken, c.Behind)
	}
}

// A stream of chances is nobody else's: what another purpose draws, and another link, changes nothing.
func TestLinkStreamsAreApart(t *testing.T) {
	fate := func(name string, line Line) (lost []int) {
		line.Loss = 100_000
		l := NewLink(7, name, line)
		for i := range 1000 {
			if v, _, _ := l.Send(0, 1, false); v == Lost {
				lost = append(lost, i)
			}
		}
		return lost
	}
	same := func(a, b []int) bool {
		for i := range min(len(a), len(b)) {
			if a[i] != b[i] {
				return false
			}
		}
		return len(a) == len(b)
	}
	plain := fate("a", Line{})
	if busy := fate("a", Line{Duplicate: 500_000, Reorder: 500_000, Jitter: time.Second, Hold: time.Second}); !same(plain, busy) {
		t.Error("what is lost depends on what else is drawn")
	}
	if same(plain, fate("b", Line{})) {
		t.Error("two links lose the same")
	}
}

// A line that changes keeps what waits, at its new rate, and what was on its way is not overtaken.
func TestLinkChange(t *testing.T) {
	l := NewLink(1, "l", Line{Rate: 1_000_000, Delay: 50 * time.Millisecond})
	for range 10 {
		l.Send(0, 1000, false)
	}
	l.Change(5*ms, Line{Rate: 500_000, Delay: 10 * time.Millisecond})
	if b := l.Backlog(5 * ms); b != 5000 {
		t.Errorf("%d bytes wait", b)
	}
	if _, at, _ := l.Send(5*ms, 1000, false); at != 60*ms { // not at 5 + 12 + 10: the last one before arrives at 60
		t.Errorf("the next arrives at %v", at)
	}
	if _, at, _ := l.Send(60*ms, 1000, false); at != 72*ms {
		t.Errorf("a later one arrives at %v", at)
	}
}
