package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// source is a package to be mutated, parsed and type-checked.
type source struct {
	fset  *token.FileSet
	types *types.Package
	info  *types.Info
	files []*ast.File
	text  map[*ast.File][]byte
}

// listed is what go list tells about a package.
type listed struct {
	ImportPath   string
	Dir          string
	Export       string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Deps         []string
	TestImports  []string
	XTestImports []string
}

// goList asks the go command about packages.
func goList(args ...string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", strings.Join(args, " "), err, stderr.String())
	}
	var all []listed
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
}

// load reads the package in a folder. What it imports is taken from what the go command compiled.
func load(dir string) (*source, error) {
	all, err := goList("-export", "-deps", "./"+filepath.ToSlash(dir))
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	this := all[len(all)-1] // what depends on others comes after them
	s := &source{fset: token.NewFileSet(), text: map[*ast.File][]byte{}, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{},
	}}
	for _, name := range this.GoFiles {
		path := filepath.Join(dir, name)
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := parser.ParseFile(s.fset, path, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files, s.text[tree] = append(s.files, tree), text
	}
	conf := types.Config{Importer: importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("%s was not compiled", path)
		}
		return os.Open(exports[path])
	})}
	s.types, err = conf.Check(this.ImportPath, s.fset, s.files, s.info)
	return s, err
}

// woven is a package with all its mutants: the texts of its files, by path, and what the mutants are.
type woven struct {
	files   map[string]string
	mutants []mutant
}

// weave builds all mutants of a package into its text. next is the first number that is not taken.
func (s *source) weave(group string, next *int) *woven {
	out := &woven{files: map[string]string{}}
	for _, f := range s.files {
		w := &weaver{source: s, file: f, group: group, next: next, conditions: map[ast.Expr]spare{}, cases: map[ast.Expr]string{},
			counted: map[ast.Expr]bool{}}
		w.look()
		text := w.whole()
		if len(w.found) > 0 {
			out.files[s.fset.Position(f.Pos()).Filename] = text
			out.mutants = append(out.mutants, w.found...)
		}
	}
	return out
}
