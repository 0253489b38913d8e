package transfer_test

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/utp"
	"peerwire/sim/packet"
	"peerwire/sim/transfer"
)

// A reader that stops stops the writer too, and when it goes on all the rest comes.
func TestPause(t *testing.T) {
	n := packet.NewNet(1)
	a, b := transfer.Join(n, utp.Config{}, transfer.Clock{}, 1), transfer.Join(n, utp.Config{}, transfer.Clock{Began: time.Hour}, 2)
	n.Route(a.ID(), b.ID(), n.Link("there", packet.Line{Rate: 10 << 20, Delay: 10 * time.Millisecond}))
	n.Route(b.ID(), a.ID(), n.Link("back", packet.Line{Delay: 10 * time.Millisecond}))
	const size = 64 << 20
	s := a.Send(b, bt.Instant(time.Second), size)
	n.RunTo(bt.Instant(3 * time.Second))
	b.Pause(true)
	before := s.Bytes()
	n.RunTo(bt.Instant(60 * time.Second))
	if s.Bytes() != before || before == 0 || s.Err() != nil {
		t.Fatalf("%d bytes before, %d after: %v", before, s.Bytes(), s.Err())
	}
	b.Pause(false)
	n.RunTo(bt.Instant(80 * time.Second))
	if s.Bytes() != size || s.Done() > bt.Instant(72*time.Second) || s.Err() != nil {
		t.Errorf("%d bytes, done at %v: %v", s.Bytes(), s.Done(), s.Err())
	}
}
