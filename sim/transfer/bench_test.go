package transfer_test

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/utp"
	"peerwire/sim/packet"
	"peerwire/sim/transfer"
)

// One stream at 1 Gbit/s: what both sockets and the world cost for a byte. Nothing is allocated for a packet.
func BenchmarkStream(b *testing.B) {
	n := packet.NewNet(1)
	from, to := transfer.Join(n, utp.Config{}, transfer.Clock{}, 1), transfer.Join(n, utp.Config{}, transfer.Clock{}, 2)
	n.Route(from.ID(), to.ID(), n.Link("there", packet.Line{Rate: 125_000_000, Delay: 5 * time.Millisecond}))
	n.Route(to.ID(), from.ID(), n.Link("back", packet.Line{Delay: 5 * time.Millisecond}))
	s := from.Send(to, 0, 0)
	n.RunTo(bt.Instant(5 * time.Second))
	b.ReportAllocs()
	before := s.Bytes()
	for b.Loop() {
		n.RunTo(n.Now().Add(10 * time.Millisecond))
	}
	b.SetBytes((s.Bytes() - before) / int64(b.N))
}
