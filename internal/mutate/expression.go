package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// expression is the text of e with its mutants, if it has any.
func (w *weaver) expression(e ast.Expr) (string, bool) {
	if t, ok := w.cases[e]; ok {
		id := w.take(e.Pos(), "case "+w.said(e)+" never applies")
		return fmt.Sprintf("zzCase%s(%d, %s)", t, id, w.plain(e)), true
	}
	if v, ok := w.info.Types[e]; !ok || v.Value != nil {
		return "", false // a constant, or a type
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if text, ok := w.binary(e); ok {
			return text, true
		}
	case *ast.CallExpr:
		if text, ok := w.call(e); ok {
			return text, true
		}
	case *ast.ParenExpr:
		return "", false // what it holds has its own
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return "", false // what it negates has its own
		}
	}
	if _, ok := w.conditions[e]; ok && w.isBool(e) {
		return w.truth(e, w.between(e, e.Pos(), e.End())), true
	}
	return "", false
}

// binary weaves a comparison, or an && or ||.
func (w *weaver) binary(e *ast.BinaryExpr) (string, bool) {
	if !w.isBool(e) {
		return "", false
	}
	switch e.Op {
	case token.EQL, token.NEQ:
		x, y := w.node(e.X), w.node(e.Y)
		return w.truth(e, x+" "+e.Op.String()+" "+y), true
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		t := w.typeName(w.info.TypeOf(e.X))
		x, y := w.node(e.X), w.node(e.Y)
		always, never := w.constant(e)
		with := func(op token.Token) string { return w.becomes(e, w.said(e.X)+" "+op.String()+" "+w.said(e.Y)) }
		id := w.take(e.OpPos, with(boundary[e.Op]), with(negation[e.Op]), always, never)
		return fmt.Sprintf("zzOrd%s(%d, %q, %s, %s)", t, id, e.Op, x, y), true
	case token.LAND, token.LOR:
		x, y, other := w.node(e.X), w.node(e.Y), token.LAND
		if e.Op == token.LAND {
			other = token.LOR
		}
		id := w.take(e.OpPos, fmt.Sprintf("%s => %s before %s", e.Op, other, w.said(e.Y)))
		return fmt.Sprintf("(zzOn(%d) && (%s %s %s) || !zzOn(%d) && (%s %s %s))", id, x, other, y, id, x, e.Op, y), true
	}
	return "", false
}

var (
	boundary = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}
	negation = map[token.Token]token.Token{token.LSS: token.GEQ, token.LEQ: token.GTR, token.GTR: token.LEQ, token.GEQ: token.LSS}
)

// truth weaves a condition that is no comparison of order.
func (w *weaver) truth(e ast.Expr, text string) string {
	always, never := w.constant(e)
	return fmt.Sprintf("zzIs(%d, %s)", w.take(e.Pos(), w.becomes(e, "!("+w.said(e)+")"), always, never), text)
}

// constant says that a condition becomes one or the other, but where it is spared that.
func (w *weaver) constant(e ast.Expr) (always, never string) {
	but := w.conditions[e]
	if !but.always {
		always = w.becomes(e, "true")
	}
	if !but.never {
		never = w.becomes(e, "false")
	}
	return always, never
}

// call weaves min and max of two, an order by criteria, and a criterion.
func (w *weaver) call(e *ast.CallExpr) (string, bool) {
	switch f := e.Fun.(type) {
	case *ast.Ident:
		if _, builtin := w.info.Uses[f].(*types.Builtin); !builtin || len(e.Args) != 2 || f.Name != "min" && f.Name != "max" {
			return "", false
		}
		x, y, helper, other := w.node(e.Args[0]), w.node(e.Args[1]), "zzMax", "min"
		if f.Name == "min" {
			helper, other = "zzMin", "max"
		}
		id := w.take(e.Pos(), w.becomes(e, fmt.Sprintf("%s(%s, %s)", other, w.said(e.Args[0]), w.said(e.Args[1]))))
		return fmt.Sprintf("%s%s(%d, %s, %s)", helper, w.typeName(w.info.TypeOf(e)), id, x, y), true
	case *ast.SelectorExpr:
		switch w.plain(f) {
		case "cmp.Compare":
			if !w.counted[e] {
				return w.criterion(e), true
			}
		case "cmp.Or":
			return w.order(e), true
		}
	}
	return "", false
}

// criterion weaves one criterion of an order. A comparison behind a minus is not woven again.
func (w *weaver) criterion(e ast.Expr) string {
	if minus, ok := e.(*ast.UnaryExpr); ok {
		w.counted[minus.X] = true
	}
	w.counted[e] = true
	text := w.node(e)
	return fmt.Sprintf("zzSign(%d, %s)", w.take(e.Pos(), w.becomes(e, "-("+w.said(e)+")"), w.becomes(e, "0")), text)
}

// order weaves an order by criteria, the first that decides.
func (w *weaver) order(e *ast.CallExpr) string {
	var args, swaps []string
	for i, arg := range e.Args {
		args = append(args, w.criterion(arg))
		if i > 0 {
			swaps = append(swaps, fmt.Sprintf("%s and %s change places", w.said(e.Args[i-1]), w.said(arg)))
		}
	}
	return fmt.Sprintf("zzOr(%d, %s)", w.take(e.Pos(), swaps...), strings.Join(args, ", "))
}

// becomes says what becomes of an expression.
func (w *weaver) becomes(e ast.Expr, what string) string { return w.said(e) + " => " + what }

// said is the text of an expression, on one line.
func (w *weaver) said(e ast.Expr) string { return strings.Join(strings.Fields(w.plain(e)), " ") }

// isBool tells whether e is a plain truth value.
func (w *weaver) isBool(e ast.Expr) bool {
	t := w.info.TypeOf(e)
	return slices.Contains([]types.Type{types.Typ[types.Bool], types.Typ[types.UntypedBool]}, t)
}
