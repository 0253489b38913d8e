package tidy

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// root is the top of the repository, seen from this package's folder, where go
// test runs us.
const root = "../.."

// modulePath prefixes every import of our own packages.
const modulePath = "peerwire"

// file is one Go source, with all that the syntactic rules need.
type file struct {
	rel  string // slash path from the root
	src  []byte
	fset *token.FileSet
	ast  *ast.File
}

// dir is the package's path relative to the module root, "." for the root.
func (f *file) dir() string { return path.Dir(f.rel) }

// test tells whether the file is only compiled for tests.
func (f *file) test() bool { return strings.HasSuffix(f.rel, "_test.go") }

// line gives the line of a position in this file.
func (f *file) line(p token.Pos) int { return f.fset.Position(p).Line }

// parse reads one source; the rules that look at comments need them kept.
func parse(rel string, src []byte) (*file, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, rel, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &file{rel: rel, src: src, fset: fset, ast: tree}, nil
}

// repository parses every Go file of the tree, nested modules included. Files
// under testdata are inputs of tests, not our code.
func repository(t *testing.T) []*file {
	t.Helper()
	var files []*file
	walk := func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(p) != ".go" {
			return nil
		}
		f, err := parseFile(p)
		if err != nil {
			t.Errorf("does not parse: %v", err)
			return nil
		}
		files = append(files, f)
		return nil
	}
	if err := filepath.WalkDir(root, walk); err != nil {
		t.Fatal(err)
	}
	return files
}

// parseFile reads and parses the file at p, below root.
func parseFile(p string) (*file, error) {
	src, err := os.ReadFile(p)
	if err != nil {
		return nil, err
	}
	rel, err := filepath.Rel(root, p)
	if err != nil {
		return nil, err
	}
	return parse(filepath.ToSlash(rel), src)
}
