package specmap

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/sim"
	"peerwire/sim/script"
)

// transcripts is where they are, from here.
var transcripts = filepath.Join(root, "sim", "testdata", "transcripts")

// reach plays every transcript and tells which clauses it really reached, by file.
func reach(t *testing.T) map[string]*clause.Recorder {
	t.Helper()
	reached := map[string]*clause.Recorder{}
	datadriven.Walk(t, transcripts, func(t *testing.T, path string) {
		rec := new(clause.Recorder)
		s := script.New(sim.Options{Seed: 1, Recorder: rec})
		datadriven.RunTest(t, path, func(t *testing.T, td *datadriven.TestData) string {
			s.Do(td.FullCmd(), td.Input)
			return td.Expected // what it reads is package sim's test
		})
		if err := s.Err(); err != nil {
			t.Error(err)
		}
		reached[path] = rec
	})
	return reached
}

// A transcript that lists a clause reaches it: the core has recorded it there. And every clause is reached by some transcript, but
// for those on the list, which only shrinks.
func TestTranscriptsReachTheClauses(t *testing.T) {
	reached := reach(t)
	if len(reached) < 100 {
		t.Errorf("only %d transcripts", len(reached))
	}
	for path, rec := range reached {
		text, err := os.ReadFile(filepath.Clean(path))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			m := listed.FindStringSubmatch(strings.TrimSpace(line))
			if m == nil {
				continue
			}
			for word := range strings.FieldsSeq(m[1]) {
				if id, ok := clause.Parse(strings.TrimSuffix(word, ",")); !ok || rec.Hits(id) == 0 {
					t.Errorf("%s lists %s, and does not reach it", filepath.Base(path), word)
				}
			}
		}
	}
	_, clauses := readSpec(t)
	for _, c := range clauses {
		id, _ := clause.Parse(c.ID())
		hit := false
		for _, rec := range reached {
			hit = hit || rec.Hits(id) > 0
		}
		switch why := unreached[c.ID()]; {
		case !hit && why == "":
			t.Errorf("no transcript reaches %s", c.ID())
		case hit && why != "":
			t.Errorf("%s is reached, though %s: take it off the list", c.ID(), why)
		}
	}
}

// The excuses for a clause that no transcript reaches by the recorder. Transcripts and tests cite it all the same.
const (
	always   = "it holds at all times, so that there is no moment to record"
	silently = "it is obeyed in a package that keeps no record"
	missing  = "the core does not obey it yet"
)

var unreached = map[string]string{
	"HSK-8": always, "FRM-1": always, "FRM-2": always, "FRM-6": always, "LIM-3": always, "LIM-4": always, "PCK-1": always, "ANN-1": always,
	"FLG-1": always, "FLG-5": always, "FLG-6": always, "FLG-9": always, "FLG-11": always, "FLG-12": always, "FLG-14": always,
	"LIM-6": silently, "DUP-4": silently, "PCK-2": silently, "PCK-3": silently, "PCK-4": silently,
	"DIA-2": silently, "DIA-3": silently, "DIA-4": silently, "DIA-5": silently, "DIA-7": silently, "DIA-10": silently, "DIA-11": silently,
	"HSK-10": missing,
}
