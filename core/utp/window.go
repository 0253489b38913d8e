package utp

import "time"

// window decides how many bytes may fly: LEDBAT (RFC 6817) with the decrease and the slowdowns of LEDBAT++.
type window struct {
	bytes     int
	threshold int   // where slow start ends
	slow      bool  // slow start
	rest      int64 // what is left of the last increase, in parts of a byte: the divisor is bytes
	delayed   bool  // delay has held the window since the last slowdown
	held      bool  // a slowdown keeps it as it is
	short     bool  // the queue overflows before it is as long as the target
	before    mark  // what it was before the last decrease
}

const (
	targetDelay  = 100 * time.Millisecond // [UTP-30]
	nearTarget   = 75 * time.Millisecond  // [UTP-31] ends slow start
	gainBytes    = 3000                   // [UTP-30] a round trip, as in both references, or a packet if that is more
	shortQueue   = 4 * time.Millisecond   // [UTP-32] who waited so long was not lost by chance
	chanceKeeps  = 7                      // [UTP-32] tenths of the window
	shortGain    = 4                      // [UTP-32]
	leastPackets = 2                      // [UTP-30]
	mostWindow   = 64 << 20
)

// mark is how a window stood.
type mark struct {
	bytes, threshold int
	slow, short      bool
}

// newWindow begins with the least window, in slow start.
func newWindow(packet int) window {
	return window{bytes: leastPackets * packet, threshold: mostWindow, slow: true}
}

// acked takes that so many bytes arrived, which waited so long on the way; used tells whether the window was what held the sender.
//
// The window grows by the same each round trip, and above the target it shrinks in proportion to itself: so of two connections
// that see the same delay the larger gives way to the smaller, and both settle where growing and shrinking are the same. [UTP-30, UTP-31]
func (w *window) acked(n, packet int, queueing time.Duration, used bool) {
	if w.held {
		return
	}
	if queueing >= nearTarget {
		w.delayed, w.short = true, false
	}
	if w.slow {
		if w.bytes >= w.threshold || queueing >= nearTarget {
			w.slow = false
		} else if used {
			w.bytes = min(w.bytes+n, mostWindow)
		}
		return
	}
	if queueing > targetDelay {
		over := min(int64(queueing-targetDelay), int64(targetDelay)/2)
		w.bytes = max(w.bytes-int(int64(n)*over/int64(targetDelay)), leastPackets*packet)
	}
	if used {
		w.grow(n, packet, queueing)
	}
}

// used tells whether the window is what holds a sender that has so many bytes in flight. In slow start it is ahead of what the pacer lets out.
func (w *window) used(flying int) bool {
	if w.slow {
		flying *= 2
	}
	return flying >= w.bytes
}

// grow adds the gain, spread over a round trip. A line that nobody waits for is filled at the full pace, whatever its queue. [UTP-30, UTP-32]
func (w *window) grow(n, packet int, queueing time.Duration) {
	gain := max(gainBytes, packet)
	if w.short && queueing >= shortQueue {
		gain /= shortGain
	}
	w.rest += int64(n) * int64(gain)
	more := w.rest / int64(w.bytes)
	w.rest -= more * int64(w.bytes)
	w.bytes = min(w.bytes+int(more), mostWindow)
}

// lost takes that something was lost, after packets had waited so long: the line had no room for it, or it was chance. [UTP-32]
func (w *window) lost(packet int, queueing time.Duration) {
	w.before = mark{w.bytes, w.threshold, w.slow, w.short}
	w.short = queueing >= shortQueue
	kept := w.bytes / 2
	if !w.short {
		kept = w.bytes * chanceKeeps / 10
	}
	w.bytes = max(kept, leastPackets*packet)
	w.threshold, w.slow, w.rest = w.bytes, false, 0
}

// silent begins anew, with one packet: nothing came back for long. [UTP-31]
func (w *window) silent(packet int) {
	w.before = mark{w.bytes, w.threshold, w.slow, w.short}
	w.threshold = max(w.bytes/2, leastPackets*packet)
	w.bytes, w.slow, w.rest = packet, true, 0
}

// undo takes the last decrease back: what it was for was not lost. [UTP-16]
func (w *window) undo() {
	if b := w.before; b.bytes > w.bytes && !w.held {
		w.bytes, w.threshold, w.slow, w.short = b.bytes, b.threshold, b.slow, b.short
	}
	w.before = mark{}
}

// idle gives up half of a window that was not used.
func (w *window) idle(packet int) {
	w.threshold = max(w.threshold, w.bytes)
	w.bytes = max(w.bytes/2, leastPackets*packet)
	w.slow = true
}
