package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
)

// places tells where in the source the rows of each machine, the rules and the needs stand.
type places struct {
	fset *token.FileSet
	at   map[string][]token.Pos // by the machine's name, or "rules" or "needs"
}

// tablePlaces reads the package that holds the tables.
func tablePlaces(dir string) (*places, error) {
	p := &places{fset: token.NewFileSet(), at: map[string][]token.Pos{}}
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(p.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		ast.Inspect(tree, p.visit)
	}
	return p, nil
}

// visit notes the elements of lists of rows, rules and needs.
func (p *places) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ValueSpec:
		if len(n.Names) == 1 && len(n.Values) == 1 && (n.Names[0].Name == "rules" || n.Names[0].Name == "needs") {
			p.note(n.Names[0].Name, n.Values[0])
		}
	case *ast.CompositeLit:
		var name string
		var rows ast.Expr
		for _, e := range n.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				continue
			}
			switch key, _ := kv.Key.(*ast.Ident); {
			case key == nil:
			case key.Name == "Name":
				if lit, ok := kv.Value.(*ast.BasicLit); ok {
					name, _ = strconv.Unquote(lit.Value)
				}
			case key.Name == "Rows":
				rows = kv.Value
			}
		}
		if rows != nil {
			p.note(name, rows)
		}
	}
	return true
}

// note puts down where the elements of a list stand.
func (p *places) note(name string, list ast.Expr) {
	if lit, ok := list.(*ast.CompositeLit); ok {
		for _, e := range lit.Elts {
			p.at[name] = append(p.at[name], e.Pos())
		}
	}
}

// of is where element i of a list stands.
func (p *places) of(name string, i int) string {
	if i >= len(p.at[name]) {
		return fmt.Sprintf("core/peerfsm (%s, %d)", name, i)
	}
	return where(p.fset, p.at[name][i])
}

// where is a place as people look it up, below the top of the module.
func where(fset *token.FileSet, pos token.Pos) string {
	at := fset.Position(pos)
	return fmt.Sprintf("%s:%d:%d", filepath.ToSlash(at.Filename), at.Line, at.Column)
}
