package utp

import (
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// forger sends SYNs from ever new addresses, or ports of one, and counts what comes back to them.
type forger struct {
	w    *world
	addr netip.Addr
	port bool // of one
}

// syns forges so many.
func (f *forger) syns(n int) {
	for range n {
		from := netip.AddrPortFrom(f.addr, 6881)
		if f.port {
			from = netip.AddrPortFrom(f.addr, 1+uint16(f.w.lots.IntN(65535)))
		} else {
			f.addr = f.addr.Next()
		}
		var b [headerSize]byte
		p := packet{kind: kindSyn, id: uint16(f.w.lots.Uint32()), seq: uint16(f.w.lots.Uint32())}
		p.put(b[:])
		f.w.ends[1].s.Arrived(f.w.now, from, b[:])
	}
}

// While somebody forges a thousand SYNs a second, whoever dials gets through, though the SYNs are forged from his own address: at least 99
// of 100 times, also when the path loses some. What he says first arrives. [UTP-7]
func TestFlood(t *testing.T) {
	own := address(0).Addr()
	for _, tt := range []struct {
		from netip.Addr
		loss int
	}{{netip.MustParseAddr("1.0.0.0"), 0}, {netip.MustParseAddr("2001:db8::"), 0}, {own, 0}, {own, 20}} {
		w := newWorld(t, 1, path{delay: 100 * time.Millisecond, loss: tt.loss}, [2]Config{})
		f := &forger{w, tt.from, tt.from == own}
		made, taken := 0, 0
		w.ends[0].on = func(e Event) {
			if made += b2i(e.Kind == Connected); e.Kind == Connected {
				w.ends[0].s.Write(w.now, e.ID, [][]byte{[]byte("hello")})
			}
		}
		w.ends[1].on = func(e Event) { taken += b2i(e.Kind == Readable) }
		for i := range 20000 {
			if i%200 == 100 {
				if _, err := w.ends[0].s.Dial(w.now, w.ends[1].addr); err != nil {
					t.Fatal(err)
				}
			}
			f.syns(1)
			w.check = i%1000 == 0
			w.run(time.Millisecond, func() bool { return false })
		}
		w.run(10*time.Second, func() bool { return false })
		if made < 99 || taken < 99 {
			t.Errorf("forged from %s on, with %d of 1000 lost: of 100 dials %d were answered, %d taken", tt.from, tt.loss, made, taken)
		}
	}
}

// A number belongs to one SYN, and a packet that does not go on from it opens nothing, but for one in thousands. [UTP-5, UTP-7]
func TestCookies(t *testing.T) {
	c, other := NewCookies([32]byte{1}), NewCookies([32]byte{2})
	from, now := address(0), bt.Instant(cookieTime)
	number := c.Number(now, from, 7, 100)
	port := netip.AddrPortFrom(from.Addr(), from.Port()+1)
	for name, n := range map[string]uint16{
		"secret": other.Number(now, from, 7, 100), "address": c.Number(now, address(1), 7, 100), "port": c.Number(now, port, 7, 100),
		"id": c.Number(now, from, 8, 100), "SYN": c.Number(now, from, 7, 101), "time": c.Number(now.Add(cookieTime), from, 7, 100),
	} {
		if n == number {
			t.Errorf("another %s makes no difference", name)
		}
	}
	for _, tt := range []struct {
		now      bt.Instant
		seq, ack uint16
		want     bool
	}{
		{now, 101, number, true}, {now, 104, number - 1, true}, {now, 105, number, false}, {now, 100, number, false}, {now, 101, number + 1, false},
		{now, 101, number - 2, false}, {now - 1, 101, number, false}, {now.Add(cookieTime - 1), 101, number, true},
		{now.Add(cookieTime + halfOpenTime - 1), 101, number, true}, {now.Add(cookieTime + halfOpenTime), 101, number, false},
	} {
		syn, n, ok := c.Recall(tt.now, from, 7, tt.seq, tt.ack)
		if ok != tt.want || ok && (syn != 100 || n != number) {
			t.Errorf("%+v: SYN %d, number %d, %v", tt, syn, n, ok)
		}
	}
	c.Spend(now, from, 7)
	if _, _, ok := c.Recall(now, from, 7, 101, number); ok {
		t.Error("a connection that is over begins again")
	}
	for i := range 3 * mostSpent {
		c.Spend(now, from, uint16(i))
	}
	if len(c.spent) != mostSpent || c.order.n != mostSpent {
		t.Errorf("%d, %d connections that are over", len(c.spent), c.order.n)
	}
	if c.Spend(now.Add(cookieTime+halfOpenTime), from, 7); len(c.spent) != 1 {
		t.Errorf("%d connections whose numbers hold no more", len(c.spent))
	}
	lucky := 0
	for i := range 1 << 16 {
		_, _, ok := c.Recall(now, from, uint16(i), 9, uint16(i*31))
		lucky += b2i(ok)
	}
	if lucky > 32 {
		t.Errorf("%d of 65,536 guesses were right", lucky)
	}
}

// Whoever forges an address has it sent no more than came from it, whatever he sends, and however long he waits: here a SYN and a
// request for much. Whoever is there gets all. [UTP-6, UTP-8]
func TestReflection(t *testing.T) {
	s := New(Config{}, 1)
	in, out := 0, 0
	var buf [1 << 16]byte
	send := func(now bt.Instant, p packet, payload int) {
		w := p.put(buf[:])
		in += w.n + payload
		s.Arrived(now, address(0), buf[:w.n+payload])
		for d, ok := s.Transmit(now, buf[:]); ok; d, ok = s.Transmit(now, buf[:]) {
			out += d.N
		}
	}
	send(0, packet{kind: kindSyn, id: 7, seq: 100}, 0)
	for ack := range 200 {
		send(bt.Instant(ack)*1e6, packet{kind: kindData, id: 8, seq: 101, ack: uint16(ack * 300)}, 68)
	}
	for now := bt.Instant(0); now < bt.Instant(time.Hour); now = now.Add(100 * time.Millisecond) {
		s.Tick(now)
		for d, ok := s.Transmit(now, buf[:]); ok; d, ok = s.Transmit(now, buf[:]) {
			out += d.N
		}
	}
	if out > 2*headerSize {
		t.Errorf("%d bytes for %d", out, in)
	}
}

// A peer that is gone without a word is given up, and one that has begun anew says that it knows nothing. [UTP-9, UTP-11, UTP-18]
func TestPeerIsGone(t *testing.T) {
	for _, again := range []bool{false, true} {
		w := newWorld(t, 1, path{delay: time.Millisecond}, [2]Config{})
		src, dst := transfer(w, 10<<20)
		w.run(time.Minute, func() bool { return dst.got > 1<<20 })
		var end Event
		w.ends[0].on = func(e Event) {
			if e.Kind == Closed {
				end = e
			}
		}
		if w.ends[1].on = func(Event) {}; again {
			w.ends[1].s = New(Config{}, 9)
		} else {
			w.ends[0].out.loss = 1000
		}
		w.run(5*time.Minute, func() bool { return end.Kind == Closed })
		want := bt.TimedOut
		if again {
			want = bt.Reset
		}
		if end.ID != src.id || end.Fault != want {
			t.Errorf("have %+v, want %s", end, want)
		}
		if again && w.now > bt.Instant(time.Second) {
			t.Errorf("told at %s", w.now)
		}
		w.ends[0].s.Close(w.now, src.id, 0)
		w.run(time.Minute, func() bool { return false })
		if _, there := w.ends[0].s.Info(src.id); there {
			t.Error("it is still there")
		}
	}
}
