package script_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/sim"
	"peerwire/sim/script"
)

// Play reads every transcript as datadriven does: the same clauses are reached as often, and the same violations drawn. A short test, as that under
// the race detector is, does with every eighth: nothing here is concurrent.
func TestPlay(t *testing.T) {
	count := 0
	datadriven.Walk(t, filepath.Join("..", "testdata", "transcripts"), func(t *testing.T, path string) {
		if count++; testing.Short() && count%8 > 0 {
			return
		}
		want := new(clause.Recorder)
		s := script.New(sim.Options{Seed: 1, Recorder: want})
		datadriven.RunTest(t, path, func(_ *testing.T, td *datadriven.TestData) string {
			s.Do(td.FullCmd(), td.Input)
			return td.Expected // what it reads is package sim's test
		})
		text, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			t.Fatal(err)
		}
		have := new(clause.Recorder)
		played, err := script.Play(string(text), sim.Options{Seed: 1, Recorder: have})
		if err != nil {
			t.Fatal(err)
		}
		if *have != *want || !slices.Equal(played.Violations(), s.Violations()) {
			t.Error("it was played another way")
		}
	})
}
