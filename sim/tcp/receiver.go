package tcp

import (
	"peerwire/core/bt"
	"peerwire/sim/packet"
)

// Receiver acknowledges every segment as it comes.
type Receiver struct {
	from packet.ID
	next int64           // the first segment that is missing
	over [maxWindow]bool // by number modulo the widest window: a segment above next that is there
	ack  ack             // to be sent
	due  bool            // whether it is
}

// NewReceiver makes the end of a flow that comes from a host.
func NewReceiver(from packet.ID) *Receiver { return &Receiver{from: from} }

// Bytes is how much payload arrived in order.
func (r *Receiver) Bytes() int64 { return r.next * Payload }

// Arrived implements packet.Host.
func (r *Receiver) Arrived(_ bt.Instant, p packet.Packet) {
	n := number(p.Data)
	if n >= r.next {
		r.over[n%maxWindow] = true
	}
	for r.over[r.next%maxWindow] {
		r.over[r.next%maxWindow] = false
		r.next++
	}
	r.ack, r.due = ack{r.next, n}, true
}

// Tick implements packet.Host.
func (*Receiver) Tick(bt.Instant) {}

// NextDeadline implements packet.Host.
func (*Receiver) NextDeadline() bt.Instant { return bt.Never }

// Transmit implements packet.Host.
func (r *Receiver) Transmit(_ bt.Instant, buf []byte) (packet.Packet, bool) {
	if !r.due {
		return packet.Packet{}, false
	}
	r.due = false
	return packet.Packet{To: r.from, Size: ackSize, Data: r.ack.put(buf)}, true
}

// Refused implements packet.Host. A lost acknowledgement is made good by the next.
func (*Receiver) Refused(bt.Instant, packet.Packet, packet.Verdict) {}
