package specmap

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// Of every time in the table of constants a transcript that is about its clause stands one nanosecond before it, and then at it.
func TestTimesHaveBothSides(t *testing.T) {
	text, _ := readSpec(t)
	var files []string
	for _, folder := range [...]string{transcripts, dialogues} {
		names, err := filepath.Glob(filepath.Join(root, filepath.FromSlash(folder), "*.txt"))
		if err != nil || len(names) == 0 {
			t.Fatal("no transcripts", err)
		}
		files = append(files, names...)
	}
	stands := make(map[string]bool) // the clauses of transcripts that stand a nanosecond before something
	for _, name := range files {
		transcript, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !nanosecondBefore.Match(transcript) {
			continue
		}
		for _, id := range anyClause.FindAllString(string(transcript), -1) {
			stands[id] = true
		}
	}
	for _, c := range Constants(text) {
		if (c.Unit == "s" || c.Unit == "ms") && !stands[c.Clause] && !slices.Contains(noDeadlines, c.Clause) {
			t.Errorf("%s [%s]: no transcript stands one nanosecond before it", c.Name, c.Clause)
		}
	}
}

// noDeadlines are the clauses whose times nothing waits for: they are lengths that something else is compared with.
var noDeadlines = []string{"LIM-4", "UTP-29", "UTP-30", "UTP-31", "UTP-32"}

// nanosecondBefore finds a time that is a nanosecond before a whole millisecond.
var nanosecondBefore = regexp.MustCompile(`\.\d{3}999999s`)

var anyClause = regexp.MustCompile(`\b[A-Z]{3}-[0-9]+\b`)
