package specmap

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"peerwire/core/clause"
)

// A transcript that lists a clause reaches it: the core has recorded it there. And every clause is reached by some transcript, but
// for those on the list, which only shrinks.
func TestTranscriptsReachTheClauses(t *testing.T) {
	reached, err := Reached(os.DirFS(root))
	if err != nil {
		t.Fatal(err)
	}
	if len(reached) < 100 {
		t.Errorf("only %d transcripts", len(reached))
	}
	for name, rec := range reached {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
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
					t.Errorf("%s lists %s, and does not reach it", name, word)
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
		switch why := Excuses[c.ID()]; {
		case !hit && why == "":
			t.Errorf("no transcript reaches %s", c.ID())
		case hit && why != "":
			t.Errorf("%s is reached, though %s: take it off the list", c.ID(), why)
		}
	}
}
