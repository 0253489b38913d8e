package utp

import (
	"time"

	"peerwire/core/bt"
)

// One-way delays come as differences of two clocks, in microseconds, and wrap around. Only how they differ from each other
// means anything, so all comparisons are of differences.

// shorter tells whether delay a is less than b.
func shorter(a, b uint32) bool { return int32(a-b) < 0 }

// history is the least delay of each of the last minutes. The least of all is the base: what the way takes when nobody queues.
type history struct {
	minutes [baseMinutes]uint32
	n       int        // minutes that there are
	since   bt.Instant // when the newest began
}

const (
	baseMinutes = 10                    // [UTP-28]
	driftLimit  = 10 * time.Millisecond // [UTP-29] in a minute: what changes more is no clock
)

// add takes a delay. When a minute is over it tells by how much the least of it was under that of the minute before.
func (h *history) add(now bt.Instant, delay uint32) (drift uint32) {
	switch {
	case h.n == 0:
		h.minutes[0], h.n, h.since = delay, 1, now
	case now.Sub(h.since) >= time.Minute:
		if h.n > 1 {
			if fell := h.minutes[1] - h.minutes[0]; fell < uint32(driftLimit/time.Microsecond) {
				drift = fell
			}
		}
		copy(h.minutes[1:], h.minutes[:])
		h.minutes[0], h.since = delay, now
		h.n = min(h.n+1, baseMinutes)
	case shorter(delay, h.minutes[0]):
		h.minutes[0] = delay
	}
	return drift
}

// base is the least delay on record; there must be one.
func (h *history) base() uint32 {
	least := h.minutes[0]
	for _, d := range h.minutes[1:h.n] {
		if shorter(d, least) {
			least = d
		}
	}
	return least
}

// raise corrects the record by what the clocks have drifted.
func (h *history) raise(by uint32) {
	for i := range h.n {
		h.minutes[i] += by
	}
}

// delays follows both directions of a connection.
type delays struct {
	ours, theirs history
	filter       [currentSamples]uint32 // the latest of ours
	samples      int
	queueing     time.Duration // what our packets wait in queues, now
}

// currentSamples is how many samples the least of which is taken for the delay of now, so that one late packet means nothing.
const currentSamples = 4 // [UTP-28]

// arrived takes what a packet says: how long it took itself, by both clocks, and how long ours took before it, if that is known. It
// tells whether the clocks have drifted. [UTP-28, UTP-29]
func (d *delays) arrived(now bt.Instant, theirs, ours uint32, known bool) (drifted bool) {
	drift := d.theirs.add(now, theirs)
	if drift > 0 {
		d.ours.raise(drift) // our packets seem to take as much longer as theirs seem to take less
	}
	if !known {
		return drift > 0
	}
	d.ours.add(now, ours)
	d.filter[d.samples%currentSamples] = ours
	d.samples++
	least := ours
	for _, f := range d.filter[:min(d.samples, currentSamples)] {
		if shorter(f, least) {
			least = f
		}
	}
	d.queueing = max(time.Duration(int32(least-d.ours.base()))*time.Microsecond, 0)
	return drift > 0
}
