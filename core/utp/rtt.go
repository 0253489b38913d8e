package utp

import "time"

// rtt estimates the round trip, from packets that were sent once, and how long an acknowledgement may take.
type rtt struct {
	mean, dev time.Duration // dev is the mean deviation
	last      time.Duration
	least     time.Duration
	known     bool
}

// measured takes a round trip.
func (r *rtt) measured(d time.Duration) {
	r.last = d
	if !r.known {
		r.mean, r.dev, r.least, r.known = d, d/2, d, true
		return
	}
	r.least = min(r.least, d)
	diff := r.mean - d
	r.dev += (max(diff, -diff) - r.dev) / 4
	r.mean -= diff / 8
}

// timeout is how long to wait for an acknowledgement after so many timeouts in a row.
func (r *rtt) timeout(row int) time.Duration {
	d := firstRTO
	if r.known {
		d = max(r.mean+4*r.dev, leastRTO)
	}
	return min(d<<min(row, 10), mostRTO)
}
