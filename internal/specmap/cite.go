package specmap

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Citations is what a tree says about the clauses. The lists hold places such as
// "core/wire/decode.go:54", in the order of the walk.
type Citations struct {
	Code    map[string][]string // by clause id, from Go outside tests
	Test    map[string][]string // by clause id, from tests and transcripts
	Values  map[string][]int64  // by clause id, numbers of Go outside tests; durations in ns
	Unknown []string            // places that cite what is no clause, with the word
}

// clausePackage is the import whose constants are citations.
const clausePackage = "peerwire/core/clause"

// silent are the folders whose mention of a clause proves nothing: they handle
// clauses as such.
var silent = []string{"core/clause", "internal/specmap", "internal/tidy", ".git"}

// Scan reads the Go files and transcripts below the root of tree.
func Scan(tree fs.FS, clauses []Clause) (*Citations, error) {
	s := scanner{consts: map[string]string{}, found: &Citations{
		Code: map[string][]string{}, Test: map[string][]string{}, Values: map[string][]int64{},
	}}
	for _, c := range clauses {
		s.consts[c.Const()] = c.ID()
		if c.Violation != "" {
			s.consts[c.ViolationConst()] = c.ID()
		}
		s.ids = append(s.ids, c.ID())
	}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(silent, name) {
				return fs.SkipDir
			}
			return nil
		}
		return s.file(tree, name)
	})
	return s.found, err
}

// scanner knows which words name a clause.
type scanner struct {
	consts map[string]string // clause id by constant of core/clause
	ids    []string
	found  *Citations
}

// file reads one file, if it is of a kind that can cite.
func (s *scanner) file(tree fs.FS, name string) error {
	transcript := strings.Contains(name, "testdata/") && path.Ext(name) == ".txt"
	source := path.Ext(name) == ".go" && !strings.Contains(name, "testdata/")
	if !transcript && !source {
		return nil
	}
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	if transcript {
		s.transcript(name, string(text))
		return nil
	}
	return s.source(name, text)
}

var (
	bracketed = regexp.MustCompile(`\[([A-Z]{3}-[0-9]+(?:,? [A-Z]{3}-[0-9]+)*)\]`)
	listed    = regexp.MustCompile(`^#\s*clauses:(.*)$`)
	idWord    = regexp.MustCompile(`[A-Z]{3}-[0-9]+`)
)

// transcript finds ids in brackets anywhere, and in lines "# clauses: ...".
func (s *scanner) transcript(name, text string) {
	for i, line := range strings.Split(text, "\n") {
		place := fmt.Sprintf("%s:%d", name, i+1)
		s.brackets(s.found.Test, place, line)
		if m := listed.FindStringSubmatch(line); m != nil {
			for word := range strings.FieldsSeq(m[1]) {
				s.cite(s.found.Test, place, strings.TrimSuffix(word, ","))
			}
		}
	}
}

// brackets cites every id of every "[MSG-4]" or "[MSG-4, FST-2]" in a text.
func (s *scanner) brackets(into map[string][]string, place, text string) {
	for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
		for _, id := range idWord.FindAllString(m[1], -1) {
			s.cite(into, place, id)
		}
	}
}

// cite notes one citation, or that it cites nothing. References to BEPs and RFCs
// look alike and are not ours.
func (s *scanner) cite(into map[string][]string, place, id string) {
	switch {
	case slices.Contains(s.ids, id):
		into[id] = append(into[id], place)
	case strings.HasPrefix(id, "BEP-"), strings.HasPrefix(id, "RFC-"):
	default:
		s.found.Unknown = append(s.found.Unknown, place+": "+id)
	}
}

// source finds the constants of core/clause, a violation standing for its clause, and
// ids in brackets in comments.
func (s *scanner) source(name string, text []byte) error {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	into := s.found.Code
	if strings.HasSuffix(name, "_test.go") {
		into = s.found.Test
	} else {
		s.values(fset, tree)
	}
	place := func(p token.Pos) string { return fmt.Sprintf("%s:%d", name, fset.Position(p).Line) }
	for _, group := range tree.Comments {
		for _, c := range group.List {
			s.brackets(into, place(c.Pos()), c.Text)
		}
	}
	local := localName(tree)
	ast.Inspect(tree, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == local && s.consts[sel.Sel.Name] != "" {
				s.cite(into, place(sel.Pos()), s.consts[sel.Sel.Name])
			}
		}
		return true
	})
	return nil
}

// localName is what a file calls core/clause, or "" when it does not import it.
func localName(tree *ast.File) string {
	for _, spec := range tree.Imports {
		if target, err := strconv.Unquote(spec.Path.Value); err != nil || target != clausePackage {
			continue
		}
		if spec.Name != nil {
			return spec.Name.Name
		}
		return path.Base(clausePackage)
	}
	return ""
}
