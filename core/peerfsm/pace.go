package peerfsm

import (
	"math"
	"time"

	"peerwire/core/bt"
)

// pace decides how many requests are kept with a peer, and how long one may take. Integers only.
type pace struct {
	mean      time.Duration // of the time from request to block
	deviation time.Duration // mean absolute deviation from it
	second    uint32        // the second that lastRate was taken in
	lastRate  uint32        // bytes a second, or as many as fit
	target    uint16        // requests to keep
	samples   uint8
	climbing  bool // slow start: one request more for each block that comes
}

// climbMargin is the growth of the rate, in bytes a second from one second to the next, below which
// slow start ends.
const climbMargin = 5000

// sampleGain is the weight of the newest sample, 1/sampleGain, once there are that many.
const sampleGain = 20

func newPace() pace { return pace{target: FirstRequestQueue, climbing: true} }

// answered takes the time one request took, and the rate at which blocks come, bytes a second.
func (c *pace) answered(now bt.Instant, took time.Duration, rate int64) {
	c.sample(took)
	second := uint32(now / bt.Instant(time.Second))
	if c.climbing {
		c.target = min(c.target+1, MaxOutgoingRequests)
		if second > c.second {
			c.climbing = c.second == 0 || rate >= int64(c.lastRate)+climbMargin
			c.second, c.lastRate = second, uint32(min(rate, math.MaxUint32))
		}
		return
	}
	queue := rate * int64(RequestQueueTime/time.Second) / bt.BlockSize
	c.target = uint16(max(MinRequestQueue, min(queue, MaxOutgoingRequests)))
}

func (c *pace) sample(took time.Duration) {
	c.samples = min(c.samples+1, sampleGain)
	if c.samples == 1 {
		c.mean, c.deviation = took, took/20
		return
	}
	off := took - c.mean
	c.mean += off / time.Duration(c.samples)
	c.deviation += (max(off, -off) - c.deviation) / time.Duration(c.samples)
}

// limit is how long a request may take: mean and four mean deviations, in whole seconds rounded up,
// within the floor and the cap; the cap before the first sample. [TMR-7]
func (c *pace) limit() time.Duration {
	if c.samples == 0 {
		return MaxRequestTimeout
	}
	t := c.mean + 4*c.deviation
	t = (t + time.Second - 1).Truncate(time.Second)
	return max(MinRequestTimeout, min(t, MaxRequestTimeout))
}

func (c *pace) snubbed() { c.target, c.climbing = 1, false }

func (c *pace) recovered() { c.target, c.climbing = MinRequestQueue, true }
