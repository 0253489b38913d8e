package sim

import (
	"net/netip"
	"testing"
	"time"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// ear is an end of a link that only listens.
type ear struct {
	world   *World
	end     *End
	greedy  bool // takes what arrives
	bytes   int
	last    bt.Instant // when the last byte came
	ended   bool
	asked   int // times it was told that it may write
	control []byte
}

func (e *ear) Name() string         { return "ear" }
func (e *ear) Addr() netip.AddrPort { return netip.AddrPort{} }
func (e *ear) accept(end *End)      { e.end, end.sink = end, e }
func (e *ear) writable()            { e.asked++ }
func (e *ear) host() Host           { return e }

func (e *ear) arrived(s *flight) {
	defer e.world.hangar.land(s)
	if s.end {
		e.ended = true
		return
	}
	e.bytes += s.size()
	e.last = e.world.now
	e.control = append(e.control, e.world.hangar.data(s)...)
	if e.greedy {
		e.end.took(s.size())
	}
}

// newEars is a link between two ears.
func newEars(line Line, how Cutting) (w *World, a, b *ear) {
	w = NewWorld(Options{Seed: 1, Cutting: how})
	w.SetLine(line)
	a, b = &ear{world: w, greedy: true}, &ear{world: w, greedy: true}
	x, y := w.connect(w.line, a, b, netip.AddrPort{})
	a.accept(x)
	b.accept(y)
	return w, a, b
}

// The last byte comes when latency and rate have it, to the nanosecond, however the bytes were written or are cut.
func TestLinkTakesItsTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := Line{Latency: time.Duration(rapid.IntRange(0, 1e9).Draw(t, "latency")), Rate: int64(rapid.IntRange(1, 1e6).Draw(t, "rate"))}
		w, a, b := newEars(line, Cutting(rapid.IntRange(0, 2).Draw(t, "cutting")))
		total := 0
		for range rapid.IntRange(1, 20).Draw(t, "writes") {
			n := rapid.IntRange(1, 20000).Draw(t, "size")
			total += n
			if rapid.Bool().Draw(t, "run") {
				a.end.write(segment{run: Run{Range: bt.Block{Length: uint32(n)}}})
			} else {
				a.end.write(segment{data: make([]byte, n)})
			}
		}
		a.end.close(bt.EOF)
		w.RunTo(bt.Never - 1)
		want := bt.Instant(line.Latency) + bt.Instant(int64(total)*int64(time.Second)/line.Rate)
		if b.bytes != total || b.last != want || !b.ended {
			t.Fatalf("%d of %d bytes, the last at %v, want %v; ended is %t", b.bytes, total, b.last, want, b.ended)
		}
	})
}

// A reader that takes nothing stops the writer; one that takes again wakes it, once.
func TestLinkIsBounded(t *testing.T) {
	w, a, b := newEars(Line{Window: 100}, Whole)
	b.greedy = false
	a.end.write(segment{data: make([]byte, 99)})
	w.Settle()
	if a.end.room() != 1 {
		t.Errorf("room for %d", a.end.room())
	}
	a.end.write(segment{data: make([]byte, 50)})
	w.Settle()
	if a.end.room() != 0 || a.asked != 0 {
		t.Errorf("room for %d, asked %d times", a.end.room(), a.asked)
	}
	b.end.took(49)
	w.Settle()
	if a.end.room() != 0 || a.asked != 0 {
		t.Errorf("room for %d, asked %d times", a.end.room(), a.asked)
	}
	b.end.took(1)
	b.end.took(1)
	w.Settle()
	if a.end.room() != 2 || a.asked != 1 {
		t.Errorf("room for %d, asked %d times", a.end.room(), a.asked)
	}
	b.end.stop(true)
	if a.end.room() != 0 {
		t.Errorf("room for %d at an end that takes nothing", a.end.room())
	}
	b.end.stop(false)
	w.Settle()
	if a.end.room() != 2 || a.asked != 2 {
		t.Errorf("room for %d, asked %d times", a.end.room(), a.asked)
	}
}

// A reset is heard at once, before what is on its way; what was written before an ordinary end arrives.
func TestLinkEnds(t *testing.T) {
	for _, f := range []bt.Fault{bt.EOF, bt.Reset} {
		w, a, b := newEars(Line{Latency: time.Second}, Whole)
		a.end.write(segment{data: []byte("abc")})
		a.end.close(f)
		w.Settle()
		if b.ended != (f == bt.Reset) || b.bytes != 0 {
			t.Errorf("%v: ended is %t, %d bytes", f, b.ended, b.bytes)
		}
		w.RunTo(bt.Instant(time.Second))
		if !b.ended || f == bt.EOF && string(b.control) != "abc" {
			t.Errorf("%v: ended is %t, %q", f, b.ended, b.control)
		}
	}
}

// On a plain line the reserved bytes of a handshake are lost, and nothing else.
func TestPlainLine(t *testing.T) {
	w, a, b := newEars(Line{Plain: true}, Whole)
	all := make([]byte, 100)
	for i := range all {
		all[i] = byte(i + 1)
	}
	a.end.write(segment{data: append([]byte(nil), all[:25]...)})
	a.end.write(segment{data: append([]byte(nil), all[25:]...)})
	w.Settle()
	for i, got := range b.control {
		if want := byte(i + 1); (i < 20 || i > 27) && got != want || i >= 20 && i <= 27 && got != 0 {
			t.Errorf("byte %d is %d", i, got)
		}
	}
	if len(b.control) != len(all) {
		t.Errorf("%d bytes", len(b.control))
	}
}
