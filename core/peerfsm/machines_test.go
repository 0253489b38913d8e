package peerfsm

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The flag is datadriven's too, which some test of this binary may have brought along.
func init() {
	if flag.Lookup("rewrite") == nil {
		flag.Bool("rewrite", false, "write golden files anew")
	}
}

func rewriting() bool {
	f := flag.Lookup("rewrite")
	return f.Value.String() == "true"
}

// golden compares a text with a file, or writes the file.
func golden(t *testing.T, path, have string) {
	t.Helper()
	if rewriting() {
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

// The whole matrix of every machine is on file, so that no change of it goes unseen.
func TestMatrices(t *testing.T) {
	for _, m := range machines {
		name := strings.ReplaceAll(m.Name(), " ", "-")
		golden(t, filepath.Join("testdata", "machines", name+".golden"), m.Matrix().Columns())
	}
}

// SPEC.md shows the tables as they are.
func TestSpecIsFresh(t *testing.T) {
	const path, begin, end = "../../SPEC.md", "<!-- generated: machines -->\n", "<!-- end -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the markers %q and %q", path, begin, end)
	}
	golden(t, path, head+begin+"\n"+Document()+"\n"+Reasons()+"\n"+end+tail)
}
