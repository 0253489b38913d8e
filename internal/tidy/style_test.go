package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The limits of shape. A table that needs more room is a package-level variable,
// which only the length of its file limits.
const (
	maxFileLines     = 600
	maxFuncLines     = 70
	maxTestFuncLines = 120
	maxColumns       = 160
	tabColumns       = 4
)

// leftover finds the marks of unfinished work.
var leftover = regexp.MustCompile(`\b(` + "TO" + `DO|FIX` + `ME|X` + `XX)\b`)

// checkStyle applies every rule about one file's shape.
func checkStyle(f *file) []string {
	var bad []string
	bad = append(bad, checkFormat(f)...)
	bad = append(bad, checkLines(f)...)
	bad = append(bad, checkFuncs(f)...)
	bad = append(bad, checkLeftovers(f)...)
	bad = append(bad, checkPanics(f)...)
	return bad
}

// checkFormat wants the file exactly as gofmt writes it.
func checkFormat(f *file) []string {
	formatted, err := format.Source(f.src)
	if err != nil || !bytes.Equal(formatted, f.src) {
		return []string{f.rel + ": not gofmt'ed"}
	}
	return nil
}

// checkLines limits the number of lines and their width.
func checkLines(f *file) []string {
	var bad []string
	lines := strings.Split(strings.TrimSuffix(string(f.src), "\n"), "\n")
	if len(lines) > maxFileLines {
		bad = append(bad, fmt.Sprintf("%s: %d lines, at most %d", f.rel, len(lines), maxFileLines))
	}
	for i, line := range lines {
		columns := utf8.RuneCountInString(line) + (tabColumns-1)*strings.Count(line, "\t")
		if columns > maxColumns {
			bad = append(bad, fmt.Sprintf("%s:%d: %d columns, at most %d", f.rel, i+1, columns, maxColumns))
		}
	}
	return bad
}

// checkFuncs limits the lines of every function, literals at package level included.
func checkFuncs(f *file) []string {
	limit := maxFuncLines
	if f.test() {
		limit = maxTestFuncLines
	}
	var bad []string
	measure := func(name string, n ast.Node) {
		if lines := f.line(n.End()) - f.line(n.Pos()) + 1; lines > limit {
			bad = append(bad, fmt.Sprintf("%s:%d: %s has %d lines, at most %d", f.rel, f.line(n.Pos()), name, lines, limit))
		}
	}
	ast.Inspect(f.ast, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Doc != nil { // Pos would count the comment too
				measure(n.Name.Name, &ast.FuncDecl{Name: n.Name, Type: n.Type, Body: n.Body})
			} else {
				measure(n.Name.Name, n)
			}
			return false // what it contains is counted with it
		case *ast.FuncLit:
			measure("function literal", n)
			return false
		}
		return true
	})
	return bad
}

// checkLeftovers finds promises to finish later, in comments.
func checkLeftovers(f *file) []string {
	var bad []string
	for _, group := range f.ast.Comments {
		for _, c := range group.List {
			if mark := leftover.FindString(c.Text); mark != "" {
				bad = append(bad, fmt.Sprintf("%s:%d: %s left over", f.rel, f.line(c.Pos()), mark))
			}
		}
	}
	return bad
}

// checkPanics wants every panic outside tests to own up to a bug of ours.
func checkPanics(f *file) []string {
	if f.test() {
		return nil
	}
	var bad []string
	ast.Inspect(f.ast, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "panic" || len(call.Args) != 1 {
			return true
		}
		if !strings.HasPrefix(leadingText(call.Args[0]), "BUG: ") {
			bad = append(bad, fmt.Sprintf("%s:%d: a panic's text starts with \"BUG: \"", f.rel, f.line(call.Pos())))
		}
		return true
	})
	return bad
}

// leadingText is the literal an expression's text starts with: of a string, of a
// sum that starts with one, of a formatting call.
func leadingText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return ""
		}
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			return ""
		}
		return text
	case *ast.BinaryExpr:
		return leadingText(e.X)
	case *ast.CallExpr:
		if len(e.Args) == 0 {
			return ""
		}
		return leadingText(e.Args[0])
	}
	return ""
}
