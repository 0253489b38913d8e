package peerfsm

import (
	"math"
	"time"

	"peerwire/core/bt"
)

// rateWindow is the time a rate is measured over, in whole seconds.
const rateWindow = 4

// rate measures bytes a second over the last rateWindow seconds, in integers.
type rate struct {
	total int64              // bytes since the start
	sec   uint32             // the second that slot sec%rateWindow counts
	first uint32             // the second of the first byte
	slots [rateWindow]uint32 // bytes of the last rateWindow seconds, the current one included; or as many as fit
}

func (r *rate) add(now bt.Instant, n int) {
	r.advance(now)
	if r.total == 0 {
		r.first = r.sec
	}
	r.total += int64(n)
	slot := &r.slots[r.sec%rateWindow]
	*slot = uint32(min(int64(*slot)+int64(n), math.MaxUint32))
}

// perSecond is the mean over the window, or over the time since the first byte where that is less.
func (r *rate) perSecond(now bt.Instant) int64 {
	if r.total == 0 {
		return 0
	}
	r.advance(now)
	var sum int64
	for _, n := range r.slots {
		sum += int64(n)
	}
	return sum / int64(min(rateWindow, r.sec-r.first+1))
}

// advance forgets the seconds that have left the window.
func (r *rate) advance(now bt.Instant) {
	sec := uint32(now / bt.Instant(time.Second))
	if sec <= r.sec {
		return
	}
	for s := max(r.sec+1, sec-min(sec, rateWindow-1)); s <= sec; s++ {
		r.slots[s%rateWindow] = 0
	}
	r.sec = sec
}
