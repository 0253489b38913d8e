package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// weaver rewrites one file so that each of its expressions of interest is there together with its mutants.
type weaver struct {
	*source
	file  *ast.File
	group string
	next  *int // the first number that is not taken
	found []mutant

	conditions map[ast.Expr]spare  // what decides a branch, or is a part of what does
	cases      map[ast.Expr]string // the values in the cases of a switch over whole numbers, and their type
	counted    map[ast.Expr]bool   // criteria of an order that are woven as such
	spared     []ast.Node          // what is left out
}

// spare are the mutants that a condition does not have: one that makes a loop endless, and the second of two that are the same, since
// a && false is false && b.
type spare struct{ always, never bool }

// look finds out what the expressions of the file are for.
func (w *weaver) look() {
	ast.Inspect(w.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if name := n.Name.Name; name == "String" || name == "Check" || strings.HasPrefix(name, "check") {
				w.spared = append(w.spared, n)
			}
		case *ast.IfStmt:
			w.condition(n.Cond, spare{})
			if onlyPanics(n.Body.List) {
				w.spared = append(w.spared, n.Cond)
			}
		case *ast.ForStmt:
			w.condition(n.Cond, spare{always: true})
		case *ast.SwitchStmt:
			w.lookAtCases(n)
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				w.condition(n.X, spare{})
				w.condition(n.Y, spare{always: n.Op == token.LOR, never: n.Op == token.LAND})
			}
		case *ast.UnaryExpr:
			if n.Op == token.NOT {
				w.condition(n.X, spare{})
			}
		}
		return true
	})
	if filepath.Base(w.fset.Position(w.file.Pos()).Filename) == "check.go" {
		w.spared = append(w.spared, w.file)
	}
}

// condition notes that e, or what stands in its parentheses, decides something.
func (w *weaver) condition(e ast.Expr, but spare) {
	for e != nil {
		w.conditions[e] = but
		p, ok := e.(*ast.ParenExpr)
		if !ok {
			return
		}
		e = p.X
	}
}

// lookAtCases notes what the cases of a switch are: conditions, or values.
func (w *weaver) lookAtCases(s *ast.SwitchStmt) {
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		for _, e := range clause.List {
			if s.Tag == nil {
				w.condition(e, spare{})
				if onlyPanics(clause.Body) {
					w.spared = append(w.spared, e)
				}
			} else if t, ok := w.info.TypeOf(s.Tag).Underlying().(*types.Basic); ok && t.Info()&types.IsInteger != 0 {
				w.cases[e] = w.typeName(w.info.TypeOf(s.Tag))
			}
		}
	}
}

// onlyPanics tells whether statements do nothing but admit a bug.
func onlyPanics(list []ast.Stmt) bool {
	if len(list) != 1 {
		return false
	}
	s, ok := list[0].(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := s.X.(*ast.CallExpr)
	if !ok {
		return false
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && id.Name == "panic"
}

// whole is the text of the file.
func (w *weaver) whole() string {
	text := w.text[w.file]
	head := string(text[:w.offset(w.file.Name.End())])
	body := head + w.between(w.file, w.file.Name.End(), token.Pos(int(w.file.FileStart)+len(text)))
	for _, spec := range w.file.Imports {
		if spec.Path.Value == `"cmp"` {
			body += "\nvar _ = cmp.Or[int]\n" // its other uses may be gone
		}
	}
	return body
}

func (w *weaver) offset(p token.Pos) int { return int(p - w.file.FileStart) }

// node is the text of n with its mutants.
func (w *weaver) node(n ast.Node) string {
	if slices.Contains(w.spared, n) {
		return w.plain(n)
	}
	if e, ok := n.(ast.Expr); ok {
		if text, ok := w.expression(e); ok {
			return text
		}
	}
	return w.between(n, n.Pos(), n.End())
}

// plain is the text of n as it is.
func (w *weaver) plain(n ast.Node) string {
	return string(w.text[w.file][w.offset(n.Pos()):w.offset(n.End())])
}

// between is the text from one place to another, with the mutants of the parts of n.
func (w *weaver) between(n ast.Node, from, to token.Pos) string {
	var b strings.Builder
	for _, c := range parts(n) {
		if c.Pos() < from || c.End() > to {
			continue // a comment before n, or a part of a part: a function's type surrounds its name
		}
		b.Write(w.text[w.file][w.offset(from):w.offset(c.Pos())])
		b.WriteString(w.node(c))
		from = c.End()
	}
	b.Write(w.text[w.file][w.offset(from):w.offset(to)])
	return b.String()
}

// parts are the children of n, in the order of the text.
func parts(n ast.Node) (all []ast.Node) {
	ast.Inspect(n, func(c ast.Node) bool {
		if c != nil && c != n {
			all = append(all, c)
		}
		return c == n
	})
	slices.SortStableFunc(all, func(a, b ast.Node) int { return int(a.Pos() - b.Pos()) })
	return all
}

// typeName is how the file spells a type; "" when it has no name for it, and the compiler must find out.
func (w *weaver) typeName(t types.Type) string {
	unnamed := false
	name := types.TypeString(t, func(p *types.Package) string {
		if p == w.types {
			return ""
		}
		for _, spec := range w.file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil && path == p.Path() {
				if spec.Name != nil {
					return spec.Name.Name
				}
				return p.Name()
			}
		}
		unnamed = true
		return ""
	})
	if unnamed {
		return ""
	}
	return "[" + name + "]"
}

// take gives n numbers to the mutants of a place, and notes those whose change is not "".
func (w *weaver) take(at token.Pos, changes ...string) int {
	first := *w.next
	*w.next += len(changes)
	for i, change := range changes {
		if change != "" {
			w.found = append(w.found, mutant{Group: w.group, Place: where(w.fset, at), Change: change, order: fmt.Sprint(first + i)})
		}
	}
	return first
}
