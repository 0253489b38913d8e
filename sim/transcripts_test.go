package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/internal/golden"
	"peerwire/sim"
	"peerwire/sim/script"
)

// transcripts is where they are.
const transcripts = "testdata/transcripts"

// Every transcript reads as it stands, reaches the clauses that it lists, and draws their violations.
func TestTranscripts(t *testing.T) {
	each(t, func(t *testing.T, path string) {
		rec := new(clause.Recorder)
		s := play(t, path, sim.Options{Seed: 1, Recorder: rec})
		for _, id := range listed(t, path) {
			if rec.Hits(id) == 0 {
				t.Errorf("%v is listed, and was never reached", id)
			}
			if v := violationOf(id); v != 0 && !drew(s, v) {
				t.Errorf("%v is listed, and %v was never drawn", id, v)
			}
		}
	})
}

// However streams are cut when they arrive, every transcript reads the same. [FRM-2] [HSK-8]
func TestTranscriptsHoweverCut(t *testing.T) {
	if golden.Rewriting() {
		return // TestTranscripts writes them, and each is as good as the other
	}
	for _, way := range []struct {
		name    string
		options sim.Options
	}{
		{"at every byte", sim.Options{Cutting: sim.Bytes}},
		{"by chance", sim.Options{Cutting: sim.Chance}},
	} {
		t.Run(way.name, func(t *testing.T) {
			way.options.Seed = 1
			each(t, func(t *testing.T, path string) { play(t, path, way.options) })
		})
	}
}

// each goes through the transcripts. A short test, as that under the race detector is, does with every eighth: no more than one goroutine
// works at any of them.
func each(t *testing.T, f func(t *testing.T, path string)) {
	count := 0
	datadriven.Walk(t, transcripts, func(t *testing.T, path string) {
		if count++; !testing.Short() || count%8 == 0 {
			f(t, path)
		}
	})
}

// However little room there is, control messages are written before the next block, and what was cut is not the last. [ANN-6] [ANN-8]
func TestControlFirstInTheLeastRoom(t *testing.T) {
	if golden.Rewriting() {
		return
	}
	for _, name := range []string{"request_implies_interest", "control_between_pieces", "choke_answers_the_queue", "answers_1000"} {
		play(t, filepath.Join(transcripts, name+".txt"), sim.Options{Seed: 1, Tight: true, Judge: judged})
	}
}

// play runs one transcript in a world of its own.
func play(t *testing.T, path string, o sim.Options) *script.Script {
	t.Helper()
	s := script.New(o)
	datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
		return s.Do(td.FullCmd(), td.Input)
	})
	if err := s.Err(); err != nil {
		t.Error(err)
	}
	return s
}

// listed reads the lines "# clauses: ..." of a transcript.
func listed(t *testing.T, path string) (ids []clause.ID) {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(text), "# ") {
		t.Error("a transcript begins with what it shows")
	}
	for line := range strings.Lines(string(text)) {
		list, ok := strings.CutPrefix(line, "# clauses:")
		if !ok {
			continue
		}
		for word := range strings.FieldsSeq(list) {
			id, ok := clause.Parse(word)
			if !ok {
				t.Errorf("%q is no clause", word)
			}
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		t.Error("a transcript lists the clauses that it reaches")
	}
	return ids
}

// violationOf is the violation of a clause; zero when it binds us.
func violationOf(id clause.ID) clause.Violation {
	for v := clause.Violation(1); v.Clause() != 0; v++ {
		if v.Clause() == id {
			return v
		}
	}
	return 0
}

func drew(s *script.Script, v clause.Violation) bool {
	for _, drawn := range s.Violations() {
		if drawn == v {
			return true
		}
	}
	return false
}
