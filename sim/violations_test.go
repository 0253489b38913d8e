package sim_test

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/sim"
)

// undrawn are the violations that no transcript can draw, with the reason. One that can is to leave the list.
var undrawn = map[clause.Violation]string{
	clause.TooManyPieces: "no session has a torrent whose geometry is not known; package wire's tests draw it",
}

// Every violation is drawn by some transcript.
func TestEveryViolationIsDrawn(t *testing.T) {
	var drawn []clause.Violation
	datadriven.Walk(t, transcripts, func(t *testing.T, path string) {
		drawn = append(drawn, play(t, path, sim.Options{Seed: 1}).Violations()...)
	})
	has := make(map[clause.Violation]bool)
	for _, v := range drawn {
		has[v] = true
	}
	for v := clause.Violation(1); v.Clause() != 0; v++ {
		switch why, excused := undrawn[v]; {
		case !has[v] && !excused:
			t.Errorf("no transcript draws %v [%v]", v, v.Clause())
		case has[v] && excused:
			t.Errorf("%v is drawn, though %s", v, why)
		}
	}
}
