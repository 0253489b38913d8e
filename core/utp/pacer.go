package utp

import (
	"time"

	"peerwire/core/bt"
)

// pacer spreads what is sent over the round trip, so that a window that opens at once does not become a burst.
type pacer struct {
	clear bt.Instant // when all that was sent will have left at the pace
	burst time.Duration
}

const (
	burstPackets = 4                // [UTP-34]
	burstTime    = time.Millisecond // [UTP-34] clocks that wake senders are no finer
)

// sent takes that so many bytes were sent while a window's worth goes out a round trip. A quarter more than that may go, or
// the window were never used up; in slow start it is to double.
func (p *pacer) sent(now bt.Instant, n int, w *window, trip time.Duration) {
	if trip == 0 {
		return
	}
	each := int64(trip) * 4 / 5
	if w.slow {
		each = int64(trip) / 2
	}
	took := time.Duration(int64(n) * each / int64(w.bytes))
	p.burst = max(burstPackets*took, burstTime)
	p.clear = max(p.clear, now).Add(took)
}

// ready tells whether something may be sent; else when to ask again, which leaves time for a burst to gather.
func (p *pacer) ready(now bt.Instant) (bool, bt.Instant) {
	if p.clear <= now || p.clear.Sub(now) < p.burst {
		return true, 0
	}
	return false, p.clear.Add(-p.burst / 2)
}

// hold lets nothing through for a while.
func (p *pacer) hold(now bt.Instant) { p.clear = max(p.clear, now.Add(p.burst+4*burstTime)) }
