package utp

import (
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// forger sends SYNs from ever new addresses, and counts what comes back to them.
type forger struct {
	w    *world
	addr netip.Addr
}

// syns forges so many.
func (f *forger) syns(n int) {
	for range n {
		f.addr = f.addr.Next()
		var b [headerSize]byte
		p := packet{kind: kindSyn, id: uint16(f.w.lots.Uint32()), seq: uint16(f.w.lots.Uint32())}
		p.put(b[:])
		f.w.ends[1].s.Arrived(f.w.now, netip.AddrPortFrom(f.addr, 6881), b[:])
	}
}

// While somebody forges a thousand SYNs a second, whoever dials gets through: at least 99 of 100 times. [UTP-7]
func TestFlood(t *testing.T) {
	for _, from := range []string{"1.0.0.0", "2001:db8::"} {
		w := newWorld(t, 1, path{delay: 100 * time.Millisecond}, [2]Config{})
		f := &forger{w, netip.MustParseAddr(from)}
		made, taken := 0, 0
		w.ends[0].on = func(e Event) { made += b2i(e.Kind == Connected) }
		w.ends[1].on = func(e Event) { taken += b2i(e.Kind == Accepted) }
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
		w.run(time.Second, func() bool { return false })
		if made < 99 || taken < 99 {
			t.Errorf("forged from %s on: of 100 dials %d were answered, %d taken", from, made, taken)
		}
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
