package utp_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"peerwire/core/clause"
	"peerwire/sim/dialogue"
)

var listed = regexp.MustCompile(`(?m)^#\s*clauses:(.*)$`)

// Every conversation reads as it stands, and reaches the clauses that it lists.
func TestDialogues(t *testing.T) {
	datadriven.Walk(t, "testdata/dialogues", func(t *testing.T, path string) {
		rec := new(clause.Recorder)
		d := dialogue.New(rec)
		datadriven.RunTest(t, path, func(t *testing.T, data *datadriven.TestData) string { return d.Do(data.FullCmd()) })
		if d.Err() != nil {
			t.Error(d.Err())
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range listed.FindAllStringSubmatch(string(text), -1) {
			for word := range strings.FieldsSeq(m[1]) {
				if id, ok := clause.Parse(word); !ok || rec.Hits(id) == 0 {
					t.Errorf("%s is listed, and was never reached", word)
				}
			}
		}
	})
}
