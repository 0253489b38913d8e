package packet

import (
	"testing"
	"time"

	"peerwire/core/bt"
)

// echo sends back what it gets, once, and whatever else it is told to send.
type echo struct {
	out      []Packet
	wakes    bt.Instant
	arrived  []bt.Instant
	refusals []Verdict
	text     string
	bounce   bool
}

func (e *echo) Arrived(now bt.Instant, p Packet) {
	e.arrived = append(e.arrived, now)
	e.text += string(p.Data)
	if e.bounce {
		e.out = append(e.out, Packet{To: p.From, Size: p.Size, Data: []byte("back")})
	}
}

func (e *echo) Tick(now bt.Instant) {
	e.wakes = bt.Never
	e.out = append(e.out, Packet{To: 1, Size: 100, Data: []byte("tick")})
}

func (e *echo) NextDeadline() bt.Instant { return e.wakes }

func (e *echo) Transmit(_ bt.Instant, buf []byte) (Packet, bool) {
	if len(e.out) == 0 {
		return Packet{}, false
	}
	p := e.out[0]
	e.out = e.out[1:]
	p.Data = buf[:copy(buf, p.Data)]
	return p, true
}

func (e *echo) Refused(_ bt.Instant, _ Packet, why Verdict) { e.refusals = append(e.refusals, why) }

// Packets cross every link of their way, and come back by theirs; a host gets its time when it asked for it.
func TestNet(t *testing.T) {
	n := NewNet(1)
	a, b := &echo{wakes: 100 * ms}, &echo{wakes: bt.Never, bounce: true}
	x, y := n.Join(a), n.Join(b)
	slow := n.Link("slow", Line{Rate: 100_000, Delay: 5 * time.Millisecond})
	n.Route(x, y, slow, n.Link("far", Line{Delay: 40 * time.Millisecond}))
	n.Route(y, x, n.Link("back", Line{Delay: 10 * time.Millisecond}))
	a.out = append(a.out, Packet{To: y, Size: 1000, Data: []byte("one")}, Packet{To: y, Size: 500, Data: []byte("two")})
	n.Wake(x)
	n.RunTo(60 * ms)
	if len(b.arrived) != 2 || b.arrived[0] != 55*ms || b.arrived[1] != 60*ms || b.text != "onetwo" {
		t.Errorf("they arrive at %v: %q", b.arrived, b.text)
	}
	n.RunTo(200 * ms)
	if len(a.arrived) != 3 || a.arrived[0] != 65*ms || a.arrived[2] != 156*ms || a.text != "backbackback" || b.text != "onetwotick" {
		t.Errorf("they come back at %v: %q, %q", a.arrived, a.text, b.text)
	}
	if n.Now() != 200*ms || n.Events() != 10 {
		t.Errorf("%d events, and it is %v", n.Events(), n.Now())
	}
}

// Only a link that tells, tells, and only whoever sends into it.
func TestRefused(t *testing.T) {
	for _, tells := range []bool{false, true} {
		n := NewNet(1)
		a, b := &echo{wakes: bt.Never}, &echo{wakes: bt.Never}
		x, y := n.Join(a), n.Join(b)
		n.Route(x, y, n.Link("own", Line{Rate: 1000, Queue: 1500, MTU: 1000, Tells: tells}), n.Link("other", Line{Rate: 1000, Queue: 1, Tells: true}))
		for range 3 {
			a.out = append(a.out, Packet{To: y, Size: 700})
		}
		a.out = append(a.out, Packet{To: y, Size: 1400, Whole: true})
		n.Wake(x)
		n.RunTo(bt.Instant(time.Minute))
		if told := len(a.refusals) == 2 && a.refusals[0] == Dropped && a.refusals[1] == TooBig; told != tells || len(b.arrived) > 0 {
			t.Errorf("tells %t: refused %v, arrived %v", tells, a.refusals, b.arrived)
		}
	}
}
