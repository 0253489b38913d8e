// Command report prints every clause of SPEC.md with the code and the tests that cite it, and a transcript that
// reached it when it was played just now. Run it at the top of the repository: go run ./internal/specmap/report. With -prune it also
// takes off the pending list what has got its citations meanwhile.
package main

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"peerwire/core/clause"
	"peerwire/internal/specmap"
)

var pendingFile = filepath.Join("internal", "specmap", "testdata", "pending.txt")

func main() {
	prune := flag.Bool("prune", false, "take covered clauses off "+pendingFile)
	flag.Parse()
	if err := run(os.Stdout, *prune); err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(1)
	}
}

// run reads the repository in the current folder and prints the report.
func run(out io.Writer, prune bool) error {
	text, err := os.ReadFile("SPEC.md")
	if err != nil {
		return err
	}
	clauses, err := specmap.Parse(string(text))
	if err != nil {
		return err
	}
	found, err := specmap.Scan(os.DirFS("."), clauses)
	if err != nil {
		return err
	}
	reached, err := specmap.Reached(os.DirFS("."))
	if err != nil {
		return err
	}
	print(out, clauses, found, reachedBy(reached))
	if prune {
		return pruneFile(specmap.Gaps(clauses, specmap.Constants(string(text)), found))
	}
	return nil
}

// reachedBy lists the transcripts that reached each clause, by the clause's id.
func reachedBy(reached map[string]*clause.Recorder) map[string][]string {
	by := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(reached)) {
		for id := clause.ID(1); id.String() != clause.ID(0).String(); id++ {
			if reached[name].Hits(id) > 0 {
				by[id.String()] = append(by[id.String()], strings.TrimSuffix(path.Base(name), ".txt"))
			}
		}
	}
	return by
}

// print writes one line a clause and the sums.
func print(out io.Writer, clauses []specmap.Clause, found *specmap.Citations, reached map[string][]string) {
	var all, musts sums
	for _, c := range clauses {
		inCode, inTest, by := found.Code[c.ID()], found.Test[c.ID()], reached[c.ID()]
		shown := transcriptsAmong(inTest)
		played := places(by)
		if len(by) == 0 {
			played = places(shown) + ", not recorded: " + specmap.Excuses[c.ID()]
		}
		fmt.Fprintf(out, "%-7s %-6s %-4s  code %-40s test %-62s transcript %s\n", c.ID(), c.Strength, c.Binds, places(inCode), places(inTest), played)
		all.add(inCode, inTest, by, shown)
		if c.Strength == "MUST" {
			musts.add(inCode, inTest, by, shown)
		}
	}
	fmt.Fprintf(out, "\n         clauses  with code  with test  reached by a transcript  reached, or cited by one\n")
	for _, line := range []struct {
		name string
		sums
	}{{"all", all}, {"MUST", musts}} {
		fmt.Fprintf(out, "%-7s  %7d  %9d  %9d  %23d  %24d\n", line.name, line.clauses, line.code, line.test, line.played, line.shown)
	}
}

// transcriptsAmong are those of the places that are in transcripts, by the transcripts' names.
func transcriptsAmong(all []string) (names []string) {
	for _, place := range all {
		if file, _, _ := strings.Cut(place, ":"); path.Ext(file) == ".txt" {
			names = append(names, strings.TrimSuffix(path.Base(file), ".txt"))
		}
	}
	return slices.Compact(names)
}

// sums counts clauses, and those that have something.
type sums struct{ clauses, code, test, played, shown int }

func (s *sums) add(code, test, by, shown []string) {
	s.clauses++
	s.code += min(1, len(code))
	s.test += min(1, len(test))
	s.played += min(1, len(by))
	s.shown += min(1, len(by)+len(shown))
}

// places shortens a list of citations to the first and the number of the others.
func places(all []string) string {
	switch len(all) {
	case 0:
		return "-"
	case 1:
		return all[0]
	}
	return fmt.Sprintf("%s +%d", all[0], len(all)-1)
}

// pruneFile rewrites the pending list, keeping its head of comments.
func pruneFile(gaps []specmap.Gap) error {
	text, err := os.ReadFile(pendingFile)
	if err != nil {
		return err
	}
	pending, err := specmap.ParseGaps(string(text))
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			b.WriteString(line)
		}
	}
	for _, g := range specmap.Prune(gaps, pending) {
		b.WriteString(g.String() + "\n")
	}
	return os.WriteFile(pendingFile, []byte(b.String()), 0o644)
}
