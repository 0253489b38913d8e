package utp

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"peerwire/core/fsm"
)

// golden compares a text with a file, or writes the file. The flag is that of package datadriven.
func golden(t *testing.T, path, have string) {
	t.Helper()
	if f := flag.Lookup("rewrite"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, []byte(have), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), have); diff != "" {
		t.Errorf("%s is stale; run the tests with -rewrite if the change is meant:\n%s", path, diff)
	}
}

// The whole matrix of the machine is on file, so that no change of it goes unseen.
func TestMatrix(t *testing.T) {
	golden(t, filepath.Join("testdata", "machine.golden"), Machine().Matrix().Columns())
}

// SPEC.md shows the table as it is.
func TestSpecIsFresh(t *testing.T) {
	const path, begin, end = "../../SPEC.md", "<!-- generated: uTP machine -->\n", "<!-- end of uTP machine -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the markers %q and %q", path, begin, end)
	}
	golden(t, path, head+begin+"\n"+Document()+"\n"+end+tail)
}

// Whatever happens in whatever order, every connection that has begun can end, and what is over stays so.
func TestMachineEnds(t *testing.T) {
	m := Machine()
	for s := range fsm.State(m.States()) {
		reached := []fsm.State{s}
		for i := 0; i < len(reached); i++ {
			for e := range numEvents {
				if to, ok := m.Next(reached[i], e); ok && !slices.Contains(reached, to) {
					reached = append(reached, to)
				}
			}
		}
		if !slices.Contains(reached, over) {
			t.Errorf("%s cannot end", m.StateName(s))
		}
		if s == over && len(reached) > 1 {
			t.Errorf("what is over goes on to %s", m.StateName(reached[1]))
		}
	}
}
