package utp

import (
	"testing"
	"time"
)

// A loss costs half the window when packets waited 4 ms before it, and three tenths when they did not; and in the first case the window grows by a
// quarter while they wait 4 ms, until they wait 75 ms, or the next loss is one of chance. [UTP-32]
func TestLossCosts(t *testing.T) {
	const packet, full = 1000, 100_000
	for _, c := range []struct {
		waited time.Duration
		keeps  int
		grows  int // in a round trip
	}{{0, 70_000, 3000}, {4*time.Millisecond - 1, 70_000, 3000}, {4 * time.Millisecond, 50_000, 750}, {99 * time.Millisecond, 50_000, 750}} {
		w := newWindow(packet)
		w.bytes = full
		w.lost(packet, c.waited)
		if w.bytes != c.keeps {
			t.Errorf("after %v it keeps %d, not %d", c.waited, w.bytes, c.keeps)
		}
		w.acked(w.bytes, packet, 4*time.Millisecond, true)
		if w.bytes != c.keeps+c.grows {
			t.Errorf("after %v it grows by %d, not %d", c.waited, w.bytes-c.keeps, c.grows)
		}
	}
	w := newWindow(packet)
	w.bytes = full
	w.lost(packet, time.Second)
	for _, c := range []struct {
		waits time.Duration
		grows int
	}{
		{4*time.Millisecond - 1, 3000}, {4 * time.Millisecond, 750}, {75*time.Millisecond - 1, 750},
		{75 * time.Millisecond, 3000}, {4 * time.Millisecond, 3000},
	} {
		before := w.bytes
		if w.acked(before, packet, c.waits, true); w.bytes != before+c.grows {
			t.Errorf("while packets wait %v it grows by %d, not %d", c.waits, w.bytes-before, c.grows)
		}
	}
	w.lost(packet, time.Second)
	if w.lost(packet, 0); w.short {
		t.Error("after a loss of chance the window grows by little")
	}
	w.bytes = packet
	if w.lost(packet, 0); w.bytes != leastPackets*packet {
		t.Errorf("%d bytes are left, not two packets", w.bytes)
	}
}

// On a path where packets overtake one another a few are sent in vain at first, and the window is what it were without. [UTP-16]
func TestOvertaking(t *testing.T) {
	for _, jitter := range []time.Duration{time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		w := newWorld(t, 1, path{delay: 25 * time.Millisecond, jitter: jitter}, [2]Config{})
		w.check = false
		_, dst := transfer(w, 10<<20)
		if !w.run(2*time.Second, func() bool { return dst.ended }) {
			t.Errorf("with %s: %d bytes in 2 s", jitter, dst.got)
		}
		if s := w.ends[0].s.Stats(); s.Resent > s.Sent/10 {
			t.Errorf("with %s: %d of %d datagrams were sent again", jitter, s.Resent, s.Sent)
		}
	}
}

// What was acknowledged long after it came, because the telling was lost, does not count for the round trip. [UTP-15]
func TestRoundTripOfLossyPaths(t *testing.T) {
	for seed := range uint64(5) {
		w := newWorld(t, seed, path{delay: 25 * time.Millisecond, loss: 200}, [2]Config{})
		src, dst := transfer(w, 200_000)
		for !w.run(100*time.Millisecond, func() bool { return dst.ended }) {
			if info, _ := w.ends[0].s.Info(src.id); info.Trip > 60*time.Millisecond {
				t.Fatalf("at %s a round trip of %s", w.now, info.Trip)
			}
		}
	}
}

// A path that is gone for a while costs half the window once, however many timeouts that is. [UTP-31]
func TestGoneForAWhile(t *testing.T) {
	w := newWorld(t, 1, path{delay: 25 * time.Millisecond}, [2]Config{})
	src, _ := transfer(w, 64<<20)
	w.run(time.Minute, func() bool { info, _ := w.ends[0].s.Info(src.id); return info.Window > 1<<20 })
	c := w.ends[0].s.lookup(src.id)
	before := c.window.bytes
	w.ends[0].out.loss = 1000
	w.run(4*time.Second, func() bool { return false })
	if c.row < 3 || c.window.threshold < before/2 {
		t.Errorf("after %d timeouts slow start would end at %d, and the window was %d", c.row, c.window.threshold, before)
	}
}
