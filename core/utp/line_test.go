package utp

import (
	"testing"
	"time"
)

// line is a world whose first end sends as much as it may, over several connections, on a line of 10 Mbit/s with 50 ms there and back.
type line struct {
	*world
	got    []int // bytes that arrived, by connection
	queued []time.Duration
}

func newLine(t testing.TB, rate, queue int) *line {
	l := &line{world: newWorld(t, 1, path{delay: 25 * time.Millisecond}, [2]Config{})}
	l.ends[0].out.rate, l.ends[0].out.queue, l.check = rate, queue, false
	room := make([]byte, 1<<20)
	from, to := l.ends[0].s, l.ends[1].s
	l.ends[0].on = func(e Event) {
		for e.Kind == Connected || e.Kind == Writable {
			if _, err := from.Write(l.now, e.ID, [][]byte{room}); err != nil {
				break
			}
		}
	}
	order := map[ID]int{}
	l.ends[1].on = func(e Event) {
		if e.Kind == Accepted {
			order[e.ID] = len(l.got)
			l.got = append(l.got, 0)
		}
		for {
			n, err := to.Read(l.now, e.ID, [][]byte{room})
			l.got[order[e.ID]] += n
			if err != nil {
				break
			}
		}
	}
	return l
}

// begin opens one more connection.
func (l *line) begin() {
	if _, err := l.ends[0].s.Dial(l.now, l.ends[1].addr); err != nil {
		l.t.Fatal(err)
	}
}

// pass lets time pass, and notes the queue every 10 ms.
func (l *line) pass(d time.Duration) {
	for end := l.now.Add(d); l.now < end; {
		l.run(10*time.Millisecond, func() bool { return false })
		l.queued = append(l.queued, max(l.ends[0].out.clear.Sub(l.now), 0))
	}
}

// mean is the mean of the queue's delays.
func mean(ds []time.Duration) time.Duration {
	var sum time.Duration
	for _, d := range ds {
		sum += d
	}
	return sum / time.Duration(len(ds))
}

// Alone, a connection uses the line and keeps its queue near the target.
func TestAlone(t *testing.T) {
	l := newLine(t, 1250000, 1250000)
	l.begin()
	l.pass(60 * time.Second)
	most := 60 * 1250000 * 1452 / 1500
	if share := int64(l.got[0]) * 1000 / int64(most); share < 950 {
		t.Errorf("uses %d of a thousand", share)
	}
	if q := mean(l.queued[1000:]); q < 85*time.Millisecond || q > 115*time.Millisecond {
		t.Errorf("keeps a queue of %s", q)
	}
	t.Logf("%d of %d bytes, a queue of %s, %+v", l.got[0], most, mean(l.queued[1000:]), l.ends[0].s.Stats())
}

// Who comes late, and takes the others' queue for the way's own delay, does not push them out.
func TestLateComer(t *testing.T) {
	l := newLine(t, 1250000, 1250000)
	l.begin()
	l.pass(20 * time.Second)
	l.begin()
	l.pass(60 * time.Second)
	before := [2]int{l.got[0], l.got[1]}
	l.pass(60 * time.Second)
	a, b := int64(l.got[0]-before[0])/1000, int64(l.got[1]-before[1])/1000
	if jain := 1000 * (a + b) * (a + b) / (2 * (a*a + b*b)); jain < 900 {
		t.Errorf("%d and %d KB: Jain's index is %d of a thousand", a, b, jain)
	}
	t.Logf("%d and %d KB", a, b)
}
