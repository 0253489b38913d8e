package utp

import (
	"path/filepath"
	"slices"
	"testing"

	"peerwire/core/fsm"
	"peerwire/internal/golden"
)

// The whole matrix of the machine is on file, so that no change of it goes unseen.
func TestMatrix(t *testing.T) {
	golden.Compare(t, filepath.Join("testdata", "machine.golden"), Machine().Matrix().Columns())
}

// SPEC.md shows the table as it is.
func TestSpecIsFresh(t *testing.T) {
	const path, begin, end = "../../SPEC.md", "<!-- generated: uTP machine -->\n", "<!-- end of uTP machine -->"
	golden.Section(t, path, begin, end, "\n"+Document()+"\n")
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
