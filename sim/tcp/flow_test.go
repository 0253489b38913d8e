package tcp_test

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/packet"
	"peerwire/sim/tcp"
)

const (
	rate  = 10_000_000 / 8 // bytes a second
	rtt   = 50 * time.Millisecond
	whole = rate * int64(rtt) / int64(time.Second) // what fits a round trip, bytes
)

// course is flows that share one bottleneck; the way back has room for everything.
type course struct {
	net    *packet.Net
	narrow *packet.Link
	from   []*tcp.Sender
	to     []*tcp.Receiver
	before []int64
}

func newCourse(seed uint64, line packet.Line) *course {
	n := packet.NewNet(seed)
	return &course{net: n, narrow: n.Link("narrow", line)}
}

func (c *course) add(begins time.Duration, make func(packet.ID, bt.Instant) *tcp.Sender) *tcp.Sender {
	id := packet.ID(2 * len(c.from))
	r, s := tcp.NewReceiver(id+1), make(id, bt.Instant(begins))
	c.net.Join(r)
	c.net.Join(s)
	c.net.Route(id+1, id, c.narrow)
	c.net.Route(id, id+1, c.net.Link("back", packet.Line{Delay: rtt / 2}))
	c.from, c.to, c.before = append(c.from, s), append(c.to, r), append(c.before, 0)
	return s
}

// run lets so much time pass, and gives what each flow got in it, in permille of what the bottleneck lets through.
func (c *course) run(d time.Duration) []int64 {
	c.net.RunTo(c.net.Now().Add(d))
	shares := make([]int64, len(c.to))
	for i, r := range c.to {
		carried := (r.Bytes() - c.before[i]) / tcp.Payload * 1500
		shares[i] = carried * 1000 / (rate * int64(d) / int64(time.Second))
		c.before[i] = r.Bytes()
	}
	return shares
}

func narrow(queue int64) packet.Line {
	return packet.Line{Rate: rate, Queue: queue, Delay: rtt / 2}
}

// Alone, Reno fills a link whose queue holds what fits a round trip, and its window swings between that and twice that: between one
// full way and a way and a queue that are full.
func TestRenoAlone(t *testing.T) {
	c := newCourse(1, narrow(whole))
	s := c.add(0, tcp.NewReno)
	c.run(30 * time.Second)
	cuts, timeouts := s.Cuts(), s.Timeouts()
	least, most, used := int64(1<<30), int64(0), int64(0)
	const steps = 1200
	for range steps {
		used += c.run(100 * time.Millisecond)[0]
		least, most = min(least, s.Window()), max(most, s.Window())
	}
	if used /= steps; used < 990 {
		t.Errorf("it uses %d permille", used)
	}
	full := 2 * whole / 1500 // 83 segments
	if least < full/2-2 || least > full/2+2 || most < full-1 || most > full+2 {
		t.Errorf("its window is between %d and %d segments, and %d fit", least, most, full)
	}
	// A tooth is as long as it takes to add full/2 segments, one each round trip of 50 to 100 ms, and one round trip to recover.
	teeth := s.Cuts() - cuts
	if want := int64(120 * time.Second / (time.Duration(full/2)*rtt*3/2 + 2*rtt)); teeth < want-2 || teeth > want+2 || s.Timeouts() != timeouts {
		t.Errorf("%d cuts and %d timeouts in 120 s, and %d cuts were to be", teeth, s.Timeouts()-timeouts, want)
	}
}

// With next to no queue it uses three quarters: the mean of a window between half a way and a whole one.
func TestRenoWithoutQueue(t *testing.T) {
	c := newCourse(1, narrow(4*1500))
	c.add(0, tcp.NewReno)
	c.run(30 * time.Second)
	if used := c.run(120 * time.Second)[0]; used < 740 || used > 860 {
		t.Errorf("it uses %d permille", used)
	}
}

// Two flows of a kind share fairly, the late one too, and leave nothing.
func TestTwoShareFairly(t *testing.T) {
	for name, kind := range map[string]func(packet.ID, bt.Instant) *tcp.Sender{"reno": tcp.NewReno, "cubic": tcp.NewCubic} {
		c := newCourse(1, narrow(whole))
		c.add(0, kind)
		c.add(10*time.Second, kind)
		c.run(60 * time.Second)
		got := c.run(240 * time.Second)
		if sum := got[0] + got[1]; sum < 980 || min(got[0], got[1]) < 400 {
			t.Errorf("%s: they get %d permille", name, got)
		}
	}
}

// CUBIC fills the link too, and comes back to the window at which it lost something, in the time K that its cubic has.
func TestCubicAlone(t *testing.T) {
	c := newCourse(1, narrow(whole))
	s := c.add(0, tcp.NewCubic)
	c.run(60 * time.Second)
	cuts := s.Cuts()
	used := c.run(120 * time.Second)[0]
	if used < 990 || s.Timeouts() > 1 {
		t.Errorf("it uses %d permille, %d timeouts", used, s.Timeouts())
	}
	// K of a window of 83 segments is the cube root of 83 x 0.3 / 0.4, 4 s, and the curve is within a segment of its top a second before.
	if teeth := s.Cuts() - cuts; teeth < 120/5 || teeth > 120/3 {
		t.Errorf("%d cuts in 120 s", teeth)
	}
}

// The throughput at random loss is that of Mathis and others: a segment a round trip, times the root of 3/2 over the loss.
func TestRenoWithLoss(t *testing.T) {
	line := narrow(0)
	line.Rate, line.Loss = 100*rate, packet.Million/100
	c := newCourse(7, line)
	s := c.add(0, tcp.NewReno)
	c.run(10 * time.Second)
	got := c.run(200 * time.Second)[0] * rate / 1000 / 1500 / 20 // segments a round trip
	if got < 9 || got > 14 {                                     // 12.2
		t.Errorf("%d segments a round trip, %d timeouts", got, s.Timeouts())
	}
}

// A link that is dead for a time stops the flow, and it goes on afterwards.
func TestFlowSurvivesSilence(t *testing.T) {
	c := newCourse(1, narrow(whole))
	s := c.add(0, tcp.NewReno)
	c.run(10 * time.Second)
	line := c.narrow.Line()
	line.Loss = packet.Million
	c.narrow.Change(c.net.Now(), line)
	c.run(5 * time.Second)
	if got := c.run(time.Second)[0]; got != 0 || s.Timeouts() < 3 {
		t.Errorf("a dead link carries %d permille, %d timeouts", got, s.Timeouts())
	}
	line.Loss = 0
	c.narrow.Change(c.net.Now(), line)
	c.run(30 * time.Second)
	if got := c.run(10 * time.Second)[0]; got < 980 {
		t.Errorf("afterwards it uses %d permille", got)
	}
}

// Nothing is allocated for a packet.
func BenchmarkReno(b *testing.B) {
	c := newCourse(1, narrow(whole))
	c.add(0, tcp.NewReno)
	c.run(10 * time.Second)
	began := c.net.Events()
	b.ReportAllocs()
	for b.Loop() {
		c.net.RunTo(c.net.Now().Add(100 * time.Millisecond))
	}
	events := c.net.Events() - began
	b.ReportMetric(float64(events)/b.Elapsed().Seconds()/1e6, "Mevents/s")
}
