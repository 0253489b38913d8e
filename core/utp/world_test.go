package utp

import (
	"container/heap"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// path is one direction of the way between two ends.
type path struct {
	delay  time.Duration
	jitter time.Duration // up to so much more, for each datagram by itself: they overtake one another
	rate   int           // bytes a second; 0 for no limit
	queue  int           // bytes that wait for the rate
	loss   int           // of a thousand
	double int           // of a thousand
	most   int           // the largest datagram that passes whole; 0 for no limit

	clear  bt.Instant // when the queue will be empty
	lost   int
	passed int
}

// fataler is a test, or a try of a property.
type fataler interface {
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// world is two ends and what is on its way between them.
type world struct {
	t      fataler
	now    bt.Instant
	ends   [2]*end
	way    airborne
	count  int
	lots   *rand.Rand
	buf    []byte
	check  bool
	turns  int
	sent   func(*end, Datagram)      // sees every datagram
	unsent func(*end, Datagram) bool // has the system refuse one
}

// end is a Socket and what uses it.
type end struct {
	w     *world
	s     *Socket
	addr  netip.AddrPort
	out   path
	takes int // the largest datagram that its system sends; 0 for no limit
	on    func(Event)
}

type flyer struct {
	at    bt.Instant
	order int
	to    *end
	from  netip.AddrPort
	bytes []byte
}

type airborne []flyer

func (a airborne) Len() int { return len(a) }
func (a airborne) Less(i, j int) bool {
	return a[i].at < a[j].at || a[i].at == a[j].at && a[i].order < a[j].order
}
func (a airborne) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *airborne) Push(x any)   { *a = append(*a, x.(flyer)) }
func (a *airborne) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// newWorld has the same path both ways.
func newWorld(t fataler, seed uint64, p path, cfg [2]Config) *world {
	w := &world{t: t, lots: rand.New(rand.NewPCG(seed, 1)), buf: make([]byte, 1<<16), check: true}
	for i := range w.ends {
		w.ends[i] = &end{
			w: w, s: New(cfg[i], seed+uint64(i)), out: p, on: func(Event) {},
			addr: address(i),
		}
	}
	return w
}

// checkEvery is at how many turns everything is counted anew, which takes longer than the turn.
const checkEvery = 5

// settles is more than anybody sends at once.
const settles = 1 << 20

// settle takes out all events and datagrams.
func (w *world) settle(e *end) {
	for n := 0; ; n++ {
		if n > settles {
			w.t.Fatalf("%s: does not stop: %+v", w.now, *e.s.slots[0])
		}
		var ev Event
		for e.s.Poll(&ev) {
			e.on(ev)
		}
		d, ok := e.s.Transmit(w.now, w.buf)
		if !ok {
			break
		}
		w.send(e, d)
	}
	if w.turns++; w.check && w.turns%checkEvery == 0 {
		if err := e.s.Check(); err != nil {
			w.t.Fatal(err)
		}
	}
}

// send puts a datagram on its way.
func (w *world) send(e *end, d Datagram) {
	if w.sent != nil {
		w.sent(e, d)
	}
	if w.unsent != nil && w.unsent(e, d) {
		return
	}
	p := &e.out
	if e.takes > 0 && d.N > e.takes {
		e.s.Unsent(w.now, d, TooBig)
		return
	}
	if d.Probe && p.most > 0 && d.N > p.most {
		return // what is no probe is cut into fragments on the way
	}
	for _, to := range w.ends {
		if to.addr != d.To {
			continue
		}
		for copies := 1 + b2i(w.lots.IntN(1000) < p.double); copies > 0; copies-- {
			w.fly(p, flyer{to: to, from: e.addr, bytes: append([]byte(nil), w.buf[:d.N]...)})
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fly has one datagram go through the queue, or be lost.
func (w *world) fly(p *path, f flyer) {
	if w.lots.IntN(1000) < p.loss {
		p.lost++
		return
	}
	at := w.now
	if p.rate > 0 {
		p.clear = max(p.clear, w.now)
		if int64(p.clear.Sub(w.now))*int64(p.rate)/1e9 > int64(p.queue) {
			p.lost++
			return
		}
		p.clear = p.clear.Add(time.Duration(int64(len(f.bytes)+28) * 1e9 / int64(p.rate)))
		at = p.clear
	}
	p.passed += len(f.bytes)
	f.at, f.order = at.Add(p.delay), w.count
	if p.jitter > 0 {
		f.at = f.at.Add(time.Duration(w.lots.Int64N(int64(p.jitter))))
	}
	w.count++
	heap.Push(&w.way, f)
}

// run lets time pass until there is enough, or nothing happens any more.
func (w *world) run(limit time.Duration, enough func() bool) bool {
	stop := w.now.Add(limit)
	for _, e := range w.ends {
		w.settle(e)
	}
	for !enough() {
		at := min(w.ends[0].s.NextDeadline(), w.ends[1].s.NextDeadline())
		if len(w.way) > 0 {
			at = min(at, w.way[0].at)
		}
		if at > stop {
			w.now = stop
			return false
		}
		w.now = max(w.now, at)
		w.turn()
	}
	return true
}

// turn gives everybody what is due.
func (w *world) turn() {
	for _, e := range w.ends {
		if e.s.NextDeadline() <= w.now {
			e.s.Tick(w.now)
			w.settle(e)
		}
	}
	for len(w.way) > 0 && w.way[0].at <= w.now {
		f := heap.Pop(&w.way).(flyer)
		f.to.s.Arrived(w.now, f.from, f.bytes)
		w.settle(f.to)
	}
}

// source writes a stream that can be told from any other, and ends it.
type source struct {
	e       *end
	id      ID
	n, sent int
	closes  bool
}

func pattern(i int) byte { return byte(i*7 + i>>8*13 + i>>16) }

func (s *source) write() {
	var b [5000]byte
	for s.sent < s.n {
		k := min(len(b), s.n-s.sent)
		for i := range k {
			b[i] = pattern(s.sent + i)
		}
		n, err := s.e.s.Write(s.e.w.now, s.id, [][]byte{b[:k]})
		s.sent += n
		if err != nil {
			return
		}
	}
	if s.closes {
		s.e.s.Finish(s.e.w.now, s.id)
	}
}

// sink reads a stream and compares it.
type sink struct {
	e     *end
	id    ID
	got   int
	ended bool
	err   error
}

func (s *sink) read() {
	var b [6000]byte
	for {
		n, err := s.e.s.Read(s.e.w.now, s.id, [][]byte{b[:100], b[100:]})
		for i := range n {
			if b[i] != pattern(s.got+i) {
				s.e.w.t.Fatalf("byte %d is wrong", s.got+i)
			}
		}
		s.got += n
		if err != nil {
			s.ended, s.err = err != ErrWait, err
			return
		}
	}
}

// transfer has the first end dial the second, and send it n bytes.
func transfer(w *world, n int) (*source, *sink) {
	src, dst := &source{e: w.ends[0], n: n, closes: true}, &sink{e: w.ends[1]}
	w.ends[0].on = func(e Event) {
		switch e.Kind {
		case Connected, Writable:
			src.write()
		}
	}
	w.ends[1].on = func(e Event) {
		switch e.Kind {
		case Accepted:
			dst.id = e.ID
			dst.read()
		case Readable:
			dst.read()
		}
	}
	id, err := w.ends[0].s.Dial(w.now, w.ends[1].addr)
	if err != nil {
		w.t.Fatal(err)
	}
	src.id = id
	return src, dst
}

// Both ends know a connection by one number, and another connection by another.
func TestNumber(t *testing.T) {
	w := newWorld(t, 1, path{delay: time.Millisecond}, [2]Config{})
	seen := map[uint16]bool{}
	for range 3 {
		src, dst := transfer(w, 1<<20)
		w.run(time.Second, func() bool { return dst.got > 0 })
		near, _ := w.ends[0].s.Info(src.id)
		far, ok := w.ends[1].s.Info(dst.id)
		if !ok || near.Number != far.Number || seen[near.Number] {
			t.Errorf("%d at the one end, %d at the other", near.Number, far.Number)
		}
		seen[near.Number] = true
	}
}

func TestTransfer(t *testing.T) {
	for _, p := range []path{
		{delay: time.Millisecond},
		{delay: 25 * time.Millisecond},
		{delay: 25 * time.Millisecond, loss: 10},
		{delay: 25 * time.Millisecond, loss: 100, double: 50, jitter: 20 * time.Millisecond},
		{delay: 25 * time.Millisecond, rate: 1250000, queue: 1250000},
	} {
		t.Run(fmt.Sprintf("%v", p), func(t *testing.T) {
			whole := 20 << 20
			if testing.Short() {
				whole = 2 << 20 // nothing here is concurrent
			}
			w := newWorld(t, 1, p, [2]Config{})
			_, dst := transfer(w, whole)
			if !w.run(time.Hour, func() bool { return dst.ended }) || dst.err != ErrEnd || dst.got != whole {
				t.Errorf("%d bytes, %v", dst.got, dst.err)
			}
			t.Logf("%s: %.2f MiB/s, %+v", w.now, float64(dst.got)/(1<<20)/(float64(w.now)/1e9), w.ends[0].s.Stats())
		})
	}
}
