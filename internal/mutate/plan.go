package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

var (
	//go:embed overlay/schema.go.txt
	schemaText string
	//go:embed overlay/peerfsm.go.txt
	peerfsmText string
	//go:embed overlay/fsm.go.txt
	fsmText string
)

// addedName is what files are called that the overlay adds to packages.
const addedName = "zz_mutate.go"

// build is the program with all its mutants.
type build struct {
	mutants []mutant
	files   map[string]string // texts by path below the top of the module: changed files, and added ones
}

// plan makes the mutants of the groups.
func plan(chosen []group) (*build, error) {
	b := &build{files: map[string]string{}}
	next := 0
	for _, g := range chosen {
		if g.name == "tables" {
			if err := b.planTables(g); err != nil {
				return nil, err
			}
			continue
		}
		s, err := load(g.pkg)
		if err != nil {
			return nil, err
		}
		w := s.weave(g.name, &next)
		for path, text := range w.files {
			b.files[path] = text
		}
		b.files[filepath.Join(g.pkg, addedName)] = "package " + s.types.Name() + "\n" + schemaText
		b.mutants = append(b.mutants, w.mutants...)
	}
	return b, nil
}

// planTables makes the mutants of the tables. A changed table may refuse the event of a rule, which Join forbids; then the rule does
// nothing, where the joint table would run out of the array.
func (b *build) planTables(g group) error {
	mutants, err := tableMutants(g.pkg)
	if err != nil {
		return err
	}
	b.mutants = append(b.mutants, mutants...)
	const path, was, is = "core/fsm/joint.go", "to != s[target]", "to != illegal && to != s[target]"
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		return err
	}
	if strings.Count(string(text), was) != 1 {
		return fmt.Errorf("%s does not say %q once", path, was)
	}
	b.files[filepath.FromSlash(path)] = strings.Replace(string(text), was, is, 1)
	b.files[filepath.Join("core", "fsm", addedName)] = fsmText
	b.files[filepath.Join(g.pkg, addedName)] = peerfsmText
	return nil
}

// overlay writes the files to a folder, with the list that go build -overlay wants, and gives the path of the list.
func (b *build) overlay(dir string) (string, error) {
	top, err := os.Getwd()
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for path, text := range b.files {
		at := filepath.Join(dir, fmt.Sprintf("%d_%s", len(replace), filepath.Base(path)))
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			return "", err
		}
		replace[filepath.Join(top, path)] = at
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	at := filepath.Join(dir, "overlay.json")
	return at, os.WriteFile(at, text, 0o600)
}
