// Command gen writes what core/clause holds of SPEC.md. Run it by go generate ./core/clause,
// which gives it that folder to write into.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"peerwire/internal/specmap"
)

func main() {
	if err := run(filepath.Join("..", "..", "SPEC.md"), "."); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

// run reads the specification and writes the generated files into dir.
func run(spec, dir string) error {
	text, err := os.ReadFile(spec)
	if err != nil {
		return err
	}
	clauses, err := specmap.Parse(string(text))
	if err != nil {
		return err
	}
	files, err := specmap.Generated(clauses)
	if err != nil {
		return err
	}
	for name, src := range files {
		if err := os.WriteFile(filepath.Join(dir, name), src, 0o644); err != nil {
			return err
		}
	}
	return nil
}
