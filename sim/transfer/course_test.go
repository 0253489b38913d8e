package transfer_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/utp"
	"peerwire/sim/packet"
	"peerwire/sim/tcp"
	"peerwire/sim/transfer"
)

// course is flows that share one line, and what is seen of them step by step.
type course struct {
	t      *testing.T
	net    *packet.Net
	there  *packet.Link // that all flows go through
	own    packet.Line  // each sender's own link before it, if it has any queue
	back   packet.Line  // each flow's way back is its own
	flows  []*flow
	steps  []step
	length time.Duration // of a step
}

// flow is one sender and one receiver.
type flow struct {
	name  string
	kind  string
	bytes func() int64
	utp   *transfer.Stream
	from  *transfer.Peer
	reno  *tcp.Sender
}

// step is what happened in one step.
type step struct {
	used    int64   // bytes that came out of the line's queue
	waiting int64   // mean delay of the queue, microseconds
	bytes   []int64 // by flow
}

// samples is how often the queue is looked at in a step.
const samples = 100

func newCourse(t *testing.T, there, back, own packet.Line) *course {
	n := packet.NewNet(1)
	return &course{t: t, net: n, there: n.Link("there", there), back: back, own: own}
}

// begin is what a flow is made of.
type begin struct {
	at   time.Duration
	size int64
	far  transfer.Clock // the receiver's
	cfg  utp.Config
}

func (c *course) add(name, kind string, b begin) {
	f := &flow{name: name, kind: kind}
	at := bt.Instant(b.at)
	var from, to packet.ID
	switch kind {
	case "reno", "cubic":
		make := tcp.NewReno
		if kind == "cubic" {
			make = tcp.NewCubic
		}
		r := tcp.NewReceiver(packet.ID(3*len(c.flows) + 1))
		to = c.net.Join(r)
		f.reno = make(to, at)
		from = c.net.Join(f.reno)
		c.net.Join(tcp.NewReceiver(to)) // so that every flow has three numbers
		f.bytes = r.Bytes
	case "utp":
		f.from = transfer.Join(c.net, b.cfg, transfer.Clock{}, uint64(len(c.flows))+1)
		far := transfer.Join(c.net, b.cfg, b.far, uint64(len(c.flows))+100)
		c.net.Join(tcp.NewReceiver(0))
		from, to = f.from.ID(), far.ID()
		f.utp = f.from.Send(far, at, b.size)
		f.bytes = f.utp.Bytes
	default:
		c.t.Fatalf("what is %q?", kind)
	}
	way := []*packet.Link{c.there}
	if c.own.Queue > 0 {
		way = []*packet.Link{c.net.Link("own of "+name, c.own), c.there}
	}
	c.net.Route(from, to, way...)
	c.net.Route(to, from, c.net.Link("back of "+name, c.back))
	c.flows = append(c.flows, f)
}

// run lets time pass, step by step.
func (c *course) run(d time.Duration) {
	before := c.totals()
	for range d / c.length {
		var s step
		for range samples {
			c.net.RunTo(c.net.Now().Add(c.length / samples))
			s.waiting += c.there.Wait(c.net.Now()).Microseconds()
		}
		s.waiting /= samples
		now := c.totals()
		s.used = now.used - before.used
		for i := range now.bytes {
			s.bytes = append(s.bytes, now.bytes[i]-before.bytes[i])
		}
		before = now
		c.steps = append(c.steps, s)
	}
	for _, f := range c.flows {
		if f.utp != nil && f.utp.Err() != nil {
			c.t.Errorf("%s: %v", f.name, f.utp.Err())
		}
	}
}

func (c *course) totals() (s step) {
	s.used = c.there.Counts().Bytes - c.there.Backlog(c.net.Now())
	for _, f := range c.flows {
		s.bytes = append(s.bytes, f.bytes())
	}
	return s
}

// between is the sum of the steps of a time.
func (c *course) between(from, to time.Duration) (sum step) {
	sum.bytes = make([]int64, len(c.flows))
	steps := c.steps[from/c.length : to/c.length]
	for _, s := range steps {
		sum.used += s.used
		sum.waiting += s.waiting
		for i, b := range s.bytes {
			sum.bytes[i] += b
		}
	}
	sum.waiting /= int64(len(steps))
	return sum
}

// permille is a rate in parts of the line's.
func (c *course) permille(bytes int64, d time.Duration) int64 {
	return bytes * 1000 / max(1, c.there.Line().Rate*int64(d)/int64(time.Second))
}

// measure gives one number of a time: what it is of depends on the words.
func (c *course) measure(what []string, from, to time.Duration) int64 {
	s := c.between(from, to)
	switch what[0] {
	case "used": // permille of the line, headers too
		return c.permille(s.used, to-from)
	case "queue": // milliseconds, mean
		return s.waiting / 1000
	case "share": // permille of what all flows carry
		return s.bytes[c.flow(what[1])] * 1000 / max(1, sum(s.bytes))
	case "jain": // index x 1000
		var squares int64
		for _, b := range s.bytes {
			squares += (b / 1000) * (b / 1000)
		}
		all := sum(s.bytes) / 1000
		return all * all * 1000 / max(1, squares*int64(len(s.bytes)))
	case "kib": // a second
		return s.bytes[c.flow(what[1])] / 1024 * 1000 / (to - from).Milliseconds()
	case "reach": // milliseconds until it first carries so many KiB a second
		return c.reach(c.flow(what[1]), what[2])
	case "done": // milliseconds
		return int64(c.flows[c.flow(what[1])].utp.Done()) / int64(time.Millisecond)
	}
	c.t.Fatalf("what is %q?", what)
	return 0
}

func (c *course) reach(flow int, kib string) int64 {
	rate, err := strconv.ParseInt(kib, 10, 64)
	if err != nil {
		c.t.Fatal(err)
	}
	for i, s := range c.steps {
		if s.bytes[flow]*1000/c.length.Milliseconds() >= rate<<10 {
			return int64(i+1) * c.length.Milliseconds()
		}
	}
	return -1
}

func sum(bytes []int64) (n int64) {
	for _, b := range bytes {
		n += b
	}
	return n
}

func (c *course) flow(name string) int {
	for i, f := range c.flows {
		if f.name == name {
			return i
		}
	}
	c.t.Fatalf("no flow is called %q", name)
	return 0
}

// table shows what happened: kbit a second of payload, by flow.
func (c *course) table(every time.Duration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%8s %6s %9s", "until", "used", "queue ms")
	for _, f := range c.flows {
		fmt.Fprintf(&b, " %12s", f.name+" kbit/s")
	}
	for at := time.Duration(0); at+every <= c.length*time.Duration(len(c.steps)); at += every {
		s := c.between(at, at+every)
		fmt.Fprintf(&b, "\n%8v", at+every)
		if c.there.Line().Rate > 0 {
			fmt.Fprintf(&b, " %6d %9d", c.permille(s.used, every), s.waiting/1000)
		} else {
			fmt.Fprintf(&b, " %6s %9s", "-", "-")
		}
		for _, n := range s.bytes {
			fmt.Fprintf(&b, " %12d", n*8/every.Milliseconds())
		}
	}
	b.WriteString("\n")
	return b.String()
}

// counts shows what the flows had to do for it.
func (c *course) counts() string {
	var b strings.Builder
	l := c.there.Counts()
	fmt.Fprintf(&b, "line: %d passed, %d dropped, %d lost, %d too big\n", l.Passed, l.Dropped, l.Lost, l.TooBig)
	for _, f := range c.flows {
		if f.utp == nil {
			fmt.Fprintf(&b, "%s: %d cuts, %d timeouts\n", f.name, f.reno.Cuts(), f.reno.Timeouts())
			continue
		}
		s := f.from.Stats()
		fmt.Fprintf(&b, "%s: %d in, %d out, %d resent, %d lost, %d timeouts", f.name, s.Arrived, s.Sent, s.Resent, s.Lost, s.Timeouts)
		if f.utp.Done() != bt.Never {
			fmt.Fprintf(&b, ", done at %v", time.Duration(f.utp.Done()).Round(time.Millisecond))
		}
		b.WriteString("\n")
	}
	return b.String()
}
