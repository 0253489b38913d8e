package check_test

import (
	"os"
	"strings"
	"testing"

	"peerwire/sim/check"
)

// Every checker has a name of its own, and the documentation says of it what it says of itself.
func TestAll(t *testing.T) {
	text, err := os.ReadFile("../../docs/simulator.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[check.Checker]bool{}
	for _, i := range check.All() {
		always := map[bool]string{true: "yes ", false: ""}[i.Always]
		if row := "| `" + string(i.Checker) + "` | " + always + "| " + i.Means + " |\n"; seen[i.Checker] || !strings.Contains(string(text), row) {
			t.Errorf("the documentation lacks %s", row)
		}
		seen[i.Checker] = true
	}
}

func TestFailure(t *testing.T) {
	f := &check.Failure{Checker: check.Choke, Node: "A", At: 3_500_000_000, What: "so it is"}
	if s := f.Error(); s != "t=3.500s A: checker choke: so it is" {
		t.Error(s)
	}
}
