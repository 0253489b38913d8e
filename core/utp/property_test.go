package utp

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// party is one end of a connection that writes so much, reads in its own time, and finishes.
type party struct {
	e        *end
	id       ID
	open     bool
	n, sent  int
	got      int
	ended    bool
	err      error
	fault    bt.Fault
	closed   bool
	finished bool
	sleeps   bt.Instant // reads nothing before
	room     [1000000]byte
	rests    int // how often it may still sleep
}

// act writes and reads what there is to write and read.
func (p *party) act() {
	w := p.e.w
	if !p.open {
		return
	}
	now := w.now
	for p.sent < p.n && p.err == nil {
		b := p.room[:min(pick(w, 1, 17, 1452, 9000, 100000), p.n-p.sent)]
		for i := range b {
			b[i] = pattern(p.sent + i)
		}
		n, err := p.e.s.Write(now, p.id, [][]byte{b})
		p.sent += n
		if err != nil {
			p.err = notWait(err)
			break
		}
	}
	if p.sent == p.n && !p.finished {
		p.finished = true
		p.e.s.Finish(now, p.id)
	}
	for !p.ended && now >= p.sleeps {
		b := p.room[:pick(w, 1, 1000, 50000, 1000000)]
		n, err := p.e.s.Read(now, p.id, [][]byte{b})
		for i := range n {
			if b[i] != pattern(p.got+i) {
				w.t.Fatalf("byte %d is wrong", p.got+i)
			}
		}
		p.got += n
		if p.rests > 0 && w.lots.IntN(30) == 0 {
			p.rests--
			p.sleeps = now.Add(time.Duration(w.lots.IntN(3000)) * time.Millisecond)
		}
		if err != nil {
			p.ended, p.err = errors.Is(err, ErrEnd), notWait(err)
			return
		}
	}
}

// pick gives one of some numbers.
func pick(w *world, of ...int) int { return of[w.lots.IntN(len(of))] }

func notWait(err error) error {
	if errors.Is(err, ErrWait) || errors.Is(err, ErrEnd) {
		return nil
	}
	return err
}

// over tells whether all has arrived, or the connection has ended with a reason.
func (p *party) over(other *party) bool {
	return p.err != nil || p.closed && p.fault != bt.OK || p.ended && p.got == other.n
}

// Whatever is written arrives, once and in order, or the connection ends with a reason: over paths that lose, double and
// overtake, that change, with numbers that wrap around, and readers that stop and go on.
func TestStreamsAreEqual(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { streams(t) })
}

func streams(t *rapid.T) {
	cfg := Config{
		Receive: rapid.SampledFrom([]int{128 << 10, 1 << 20, 4 << 20}).Draw(t, "receive"), Send: 1 << 20,
		Datagram: rapid.SampledFrom([]int{1200, 1472, 9000, 65507}).Draw(t, "datagram"),
	}
	w := newWorld(t, rapid.Uint64().Draw(t, "seed"), path{}, [2]Config{cfg, cfg})
	for _, e := range w.ends {
		e.out = drawPath(t)
	}
	ps := [2]*party{}
	for i, e := range w.ends {
		p := &party{e: e, rests: 20, n: rapid.SampledFrom([]int{0, 1, 5000, 300000, 2000000}).Draw(t, "bytes")}
		ps[i] = p
		e.on = func(ev Event) {
			switch ev.Kind {
			case Connected, Accepted:
				p.id, p.open = ev.ID, true
			case Closed:
				p.closed, p.fault = true, ev.Fault
			}
		}
	}
	id, err := w.ends[0].s.Dial(w.now, w.ends[1].addr)
	if err != nil {
		t.Fatal(err)
	}
	ps[0].id = id
	startAt(w.ends[0].s, id, uint16(rapid.IntRange(-2000, 100).Draw(t, "first number")))
	over := func() bool { return ps[0].over(ps[1]) && ps[1].over(ps[0]) || ps[0].closed && ps[0].fault != bt.OK }
	for turns := 0; !over(); turns++ {
		if w.now > bt.Instant(time.Hour) {
			t.Fatalf("after an hour: %d and %d bytes, %+v, %+v", ps[0].got, ps[1].got, w.ends[0].s.Stats(), w.ends[1].s.Stats())
		}
		if turns%500 == 499 && rapid.IntRange(0, 5).Draw(t, "change") == 0 {
			w.ends[rapid.IntRange(0, 1).Draw(t, "end")].out = drawPath(t)
		}
		limit := time.Hour
		for _, p := range ps {
			p.act()
			if p.sleeps > w.now {
				limit = min(limit, p.sleeps.Sub(w.now))
			}
		}
		first := true
		w.run(limit, func() bool { first = !first; return first })
	}
	for i, p := range ps {
		if p.err == nil && p.fault == bt.OK && p.got != ps[1-i].n && p.ended {
			t.Fatalf("ended with %d of %d bytes", p.got, ps[1-i].n)
		}
	}
}

// drawPath draws the ways of a datagram.
func drawPath(t *rapid.T) path {
	return path{
		delay:  time.Duration(rapid.SampledFrom([]int{0, 1, 25, 300}).Draw(t, "delay")) * time.Millisecond,
		jitter: time.Duration(rapid.SampledFrom([]int{0, 0, 2, 50}).Draw(t, "jitter")) * time.Millisecond,
		loss:   rapid.SampledFrom([]int{0, 0, 10, 100, 300}).Draw(t, "loss"),
		double: rapid.SampledFrom([]int{0, 0, 50}).Draw(t, "double"),
		most:   rapid.SampledFrom([]int{0, 1472, 1300}).Draw(t, "most"),
	}
}

// startAt has a connection that was only just dialled begin with another number.
func startAt(s *Socket, id ID, seq uint16) {
	c := s.lookup(id)
	c.flight = newFlight(seq)
	c.urgent = c.flight.add(kindSyn, 0)
	c.flight.move(c.urgent, lost)
}
