package peerfsm

import (
	"path/filepath"
	"strings"
	"testing"

	"peerwire/internal/golden"
)

// The whole matrix of every machine is on file, so that no change of it goes unseen.
func TestMatrices(t *testing.T) {
	for _, m := range machines {
		name := strings.ReplaceAll(m.Name(), " ", "-")
		golden.Compare(t, filepath.Join("testdata", "machines", name+".golden"), m.Matrix().Columns())
	}
}

// SPEC.md shows the tables as they are.
func TestSpecIsFresh(t *testing.T) {
	const path, begin, end = "../../SPEC.md", "<!-- generated: machines -->\n", "<!-- end -->"
	golden.Section(t, path, begin, end, "\n"+Document()+"\n"+Reasons()+"\n")
}
