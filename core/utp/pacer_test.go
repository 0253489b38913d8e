package utp

import (
	"testing"
	"time"

	"peerwire/core/bt"
)

// What is sent is spread: in no stretch of time does more go out than the pace allows, and a burst. [UTP-34]
func TestPace(t *testing.T) {
	const packet = 1500
	for _, size := range []int{2 * packet, 100 * packet, 5000 * packet} {
		for _, slow := range []bool{false, true} {
			w := &window{bytes: size, slow: slow}
			trip := 50 * time.Millisecond
			var p pacer
			var now bt.Instant
			sent := 0
			for now < bt.Instant(time.Second) {
				ok, again := p.ready(now)
				if !ok {
					if again <= now {
						t.Fatalf("asked to come again at once")
					}
					now = again
					continue
				}
				p.sent(now, packet, w, trip)
				sent += packet
				pace := size * 5 / 4
				if slow {
					pace = size * 2
				}
				allowed := int(int64(now)*int64(pace)/int64(trip)) + max((burstPackets+1)*packet, pace/50+packet)
				if sent > allowed {
					t.Fatalf("a window of %d: %d bytes after %s, %d allowed", size, sent, now, allowed)
				}
			}
			if least := size * 18; sent < least {
				t.Errorf("a window of %d: only %d bytes in a second", size, sent)
			}
		}
	}
}

// A connection that opens at once to a full window does not send it as one burst. [UTP-34]
func TestNoBursts(t *testing.T) {
	w := newWorld(t, 1, path{delay: 50 * time.Millisecond}, [2]Config{})
	_, dst := transfer(w, 20<<20)
	w.check = false
	inst, n, most := bt.Instant(-1), 0, 0
	w.sent = func(from *end, _ Datagram) {
		if from != w.ends[0] {
			return
		}
		if w.now != inst {
			inst, n = w.now, 0
		}
		n++
		c := w.ends[0].s.slots[0]
		if c.trip.known { // a millisecond of twice the window a round trip, which the ack of a whole burst can bring
			allowed := burstPackets + 2*c.window.bytes*int(burstTime)/int(c.trip.mean)/c.packet() + 1
			most = max(most, n-allowed)
		}
	}
	w.run(time.Minute, func() bool { return dst.ended })
	if most > 0 || !dst.ended {
		t.Errorf("%d packets more than a burst went out at once", most)
	}
}
