package specmap

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"peerwire/core/clause"
)

// root is the top of the repository.
const root = "../.."

// readSpec gives the text of SPEC.md and its clauses.
func readSpec(t *testing.T) (string, []Clause) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "SPEC.md"))
	if err != nil {
		t.Fatal(err)
	}
	clauses, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(text), clauses
}

// core/clause is what the specification says, to the byte.
func TestGeneratedIsFresh(t *testing.T) {
	_, clauses := readSpec(t)
	files, err := Generated(clauses)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range files {
		have, err := os.ReadFile(filepath.Join(root, "core", "clause", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(have, want) {
			t.Errorf("core/clause/%s is stale: run go generate ./core/clause", name)
		}
	}
}

// The constants that code uses say what the text says.
func TestConstantsSayWhatTheTextSays(t *testing.T) {
	_, clauses := readSpec(t)
	violations := 0
	for _, c := range clauses {
		id, ok := clause.Parse(c.ID())
		if !ok || id.String() != c.ID() || id.Strength().String() != c.Strength || id.Binds().String() != c.Binds {
			t.Errorf("%s: core/clause says %s %s %s", c.ID(), id, id.Strength(), id.Binds())
		}
		if c.Violation == "" {
			continue
		}
		violations++
		v := clause.Violation(violations)
		if v.String() != c.Violation || v.Clause() != id || v.Consequence().String() != c.Consequence {
			t.Errorf("%s: core/clause says %s of %s costs %s", c.ID(), v, v.Clause(), v.Consequence())
		}
	}
}

// Every clause has its code and its test, but for those on the list, which only shrinks.
func TestEveryMustIsCited(t *testing.T) {
	spec, clauses := readSpec(t)
	found, err := Scan(os.DirFS(root), clauses)
	if err != nil {
		t.Fatal(err)
	}
	for _, place := range found.Unknown {
		t.Errorf("%s: no such clause", place)
	}
	text, err := os.ReadFile(filepath.Join("testdata", "pending.txt"))
	if err != nil {
		t.Fatal(err)
	}
	pending, err := ParseGaps(string(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range Ratchet(Gaps(clauses, Constants(spec), found), pending) {
		t.Errorf("%s (go run ./internal/specmap/report -prune)", fault)
	}
}

// The specification refers only to clauses that it has.
func TestReferencesExist(t *testing.T) {
	text, clauses := readSpec(t)
	known := map[string]bool{}
	for _, c := range clauses {
		known[c.ID()] = true
	}
	for i, line := range strings.Split(text, "\n") {
		for _, id := range idWord.FindAllString(line, -1) {
			if !known[id] && id != "UTF-8" && id != "SHA-1" {
				t.Errorf("SPEC.md:%d: there is no %s", i+1, id)
			}
		}
	}
}

// Every constant stands, as the table says it, in the clause that gives it.
func TestConstantTable(t *testing.T) {
	text, clauses := readSpec(t)
	table := Constants(text)
	if rows := strings.Count(text[strings.Index(text, "\n## Constants\n"):], "\n| ") - 2; len(table) == 0 || len(table) < rows {
		t.Fatalf("read %d constants", len(table))
	}
	byID := map[string]Clause{}
	for _, c := range clauses {
		byID[c.ID()] = c
	}
	for _, k := range table {
		if !saysNumber(byID[k.Clause].Text, k) {
			t.Errorf("SPEC.md:%d: %s does not say %d %s", k.Line, k.Clause, k.Value, k.Unit)
		}
	}
}

// saysNumber looks for a constant's value in a text, as it is, with thousands
// separated, in KiB or MiB, in hours, or in a word.
func saysNumber(text string, k Constant) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" .;:()", r) })
	spelled := []string{strconv.FormatInt(k.Value, 10)}
	switch {
	case k.Unit == "bytes" && k.Value%(1<<20) == 0:
		spelled = append(spelled, strconv.FormatInt(k.Value>>20, 10)+" MiB")
	case k.Unit == "bytes" && k.Value%(1<<10) == 0:
		spelled = append(spelled, strconv.FormatInt(k.Value>>10, 10)+" KiB")
	case k.Unit == "s" && k.Value%3600 == 0:
		spelled = append(spelled, strconv.FormatInt(k.Value/3600, 10)+" h")
	}
	if k.Value == 3 {
		spelled = append(spelled, "three")
	}
	flat := " " + strings.ReplaceAll(strings.Join(words, " "), ",", "") + " "
	for _, s := range spelled {
		if strings.Contains(flat, " "+s+" ") {
			return true
		}
	}
	return false
}
