// Package golden compares texts that a test makes with files that hold what they should be. With -rewrite, a flag that all tests of this
// module share with package datadriven, the files are written anew.
package golden

import (
	"flag"
	"os"
	"strings"
	"testing"

	_ "github.com/cockroachdb/datadriven" // for its flag -rewrite: a binary can have but one of the name
	"github.com/google/go-cmp/cmp"
)

// Rewriting tells whether golden files are to be written anew.
func Rewriting() bool { return flag.Lookup("rewrite").Value.String() == "true" }

// Compare compares a text with a file, or writes the file.
func Compare(t *testing.T, path, have string) {
	t.Helper()
	if Rewriting() {
		if err := os.WriteFile(path, []byte(have), 0o666); err != nil {
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

// Section compares what stands between two markers of a file with a text, or writes it there.
func Section(t *testing.T, path, begin, end, have string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, found := strings.Cut(string(text), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s lacks the markers %q and %q", path, begin, end)
	}
	Compare(t, path, head+begin+have+end+tail)
}
