package utp

import (
	"time"

	"peerwire/core/bt"
)

// slowdown is the remedy for the advantage of whoever comes late (LEDBAT++): who began while others had filled the queue takes their
// delay for the way's own, aims above them, and pushes them out. So a connection that delay holds steps back from time
// to time, just long enough for its own packets to leave the queue; then everybody sees what the way takes.
type slowdown struct {
	phase   phase
	due     bt.Instant // not before this
	began   bt.Instant
	full    int           // the window that was
	trip    time.Duration // the round trip that was
	drained int64         // the order of the first packet that was sent since it began
}

// phase is how far a slowdown has come.
type phase uint8

const (
	unheld    phase = iota // delay has not held the window since the last one
	held                   // one is due in time
	draining               // what flies leaves the queue, and one packet goes through after it
	returning              // on the way back to the window that was
)

const (
	slowdownFirst = 2  // round trips after slow start ends
	slowdownShare = 19 // [UTP-33] times as long as a slowdown took, until the next
)

// pass lets a slowdown go on, after an acknowledgement, and tells when one begins. It comes back with what the way holds without a
// queue, and by slow start from there. Reached is the highest order that has arrived, sent how many were sent. [UTP-33]
func (d *slowdown) pass(now bt.Instant, w *window, packet int, trip *rtt, reached, sent int64) (begins bool) {
	switch {
	case d.phase == unheld && w.delayed && !w.slow:
		d.phase, d.due = held, max(d.due, now.Add(slowdownFirst*trip.mean))
	case d.phase == held && now >= d.due:
		d.phase, d.began, d.full, d.trip, d.drained = draining, now, w.bytes, trip.mean, sent
		w.bytes, w.held = leastPackets*packet, true
		return true
	case d.phase == draining && reached >= d.drained:
		d.phase = returning
		w.bytes = max(int(int64(d.full)*int64(trip.last)/int64(max(d.trip, trip.last))), w.bytes)
		w.threshold, w.slow, w.held, w.delayed = d.full, true, false, false
	case d.phase == returning && !w.slow:
		d.phase, d.due = unheld, now.Add(slowdownShare*now.Sub(d.began))
	}
	return false
}

// lost takes that a packet was lost, so that less than the window that was is to come back.
func (d *slowdown) lost() {
	if d.phase == draining {
		d.full /= 2
	}
}
