package core

import (
	"testing"

	"peerwire/core/bt"
)

// When all is said each Transmit says so again, and nothing else; but without room it says nothing at all. [ANN-8]
func TestLast(t *testing.T) {
	r := newRig(t, bt.Geometry{PieceLength: 1 << 20, Total: 1 << 30})
	r.transmit()
	for range 2 {
		if got := r.s.Transmit(r.now, r.conn, nil); got != (bt.Transmission{}) {
			t.Errorf("without room: %+v", got)
		}
		if got := r.s.Transmit(r.now, r.conn, r.room[:]); got != (bt.Transmission{Last: true}) {
			t.Errorf("when all is said: %+v", got)
		}
	}
	if got := r.s.Transmit(r.now, r.conn+1, r.room[:]); got != (bt.Transmission{Last: true}) {
		t.Errorf("to nobody: %+v", got)
	}
}
