package check

import (
	"fmt"
	"time"

	"peerwire/core/bt"
)

// Flow is what a peer with a limited rate has sent.
type Flow struct {
	Name    string
	Bytes   int64         // that went through
	Rate    int64         // bytes a second
	Present time.Duration // how long it has been there, and until when beyond that its uplink is taken
}

// allowance is what may go through at once, beside the rate: what is on its way through counts as through.
const allowance = 2 * bt.BlockSize

// Check tells whether more went through until now than can; nil when not.
func (f *Flow) Check(now bt.Instant) error {
	most := int64(f.Present/time.Second)*f.Rate + int64(f.Present%time.Second)*(f.Rate>>10)/int64(time.Second)<<10 + f.Rate>>10 + allowance
	if f.Bytes > most {
		return &Failure{Uplink, f.Name, now, fmt.Sprintf("%d bytes went through an uplink of %d a second in %v", f.Bytes, f.Rate, f.Present)}
	}
	return nil
}

// Conserved tells whether more payload was received than sent; nil when not. What was sent and not received is on its way, or was lost with a
// connection.
func Conserved(now bt.Instant, sent, received int64) error {
	if received > sent {
		return &Failure{Conservation, "", now, fmt.Sprintf("%d bytes were sent, and %d received", sent, received)}
	}
	return nil
}
