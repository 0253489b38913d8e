// Command report prints every clause of SPEC.md with the code and the tests that cite it. Run
// it at the top of the repository: go run ./internal/specmap/report. With -prune it also takes off
// the pending list what has got its citations meanwhile.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

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
	print(out, clauses, found)
	if prune {
		return pruneFile(specmap.Gaps(clauses, specmap.Constants(string(text)), found))
	}
	return nil
}

// print writes one line a clause and the sums.
func print(out io.Writer, clauses []specmap.Clause, found *specmap.Citations) {
	var musts, code, test int
	for _, c := range clauses {
		inCode, inTest := found.Code[c.ID()], found.Test[c.ID()]
		fmt.Fprintf(out, "%-7s %-6s %-4s  code %-40s test %s\n", c.ID(), c.Strength, c.Binds, places(inCode), places(inTest))
		if c.Strength == "MUST" {
			musts++
			code += min(1, len(inCode))
			test += min(1, len(inTest))
		}
	}
	fmt.Fprintf(out, "\n%d clauses, %d of them MUST: %d with code, %d with a test\n", len(clauses), musts, code, test)
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
