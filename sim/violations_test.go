package sim_test

import (
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/sim"
)

// Every violation is drawn by some transcript.
func TestEveryViolationIsDrawn(t *testing.T) {
	if testing.Short() {
		return // it takes all transcripts
	}
	has := make(map[clause.Violation]bool)
	datadriven.Walk(t, transcripts, func(t *testing.T, path string) {
		for _, v := range play(t, path, sim.Options{Seed: 1}).Violations() {
			has[v] = true
		}
	})
	for v := clause.Violation(1); v.Clause() != 0; v++ {
		if !has[v] {
			t.Errorf("no transcript draws %v [%v]", v, v.Clause())
		}
	}
}
