package specmap

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"
)

// The table of constants and the code cannot drift apart when a number that the code cites a clause for is read
// from it: a constant declaration, or a field of a literal, with the id in brackets in its comment.

// nanosecond scales of package time, the one package whose constants are known here.
var timeUnits = map[string]int64{
	"Nanosecond": 1, "Microsecond": 1e3, "Millisecond": 1e6, "Second": 1e9, "Minute": 60e9, "Hour": 3600e9,
}

// values finds the numbers of a file that cite a clause. Durations are in nanoseconds.
func (s *scanner) values(fset *token.FileSet, tree *ast.File) {
	byLine := map[int]string{}
	for _, group := range tree.Comments {
		byLine[fset.Position(group.Pos()).Line] += group.Text()
	}
	note := func(e ast.Expr, text string) {
		v, ok := evaluate(e)
		if !ok {
			return
		}
		for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
			for _, id := range idWord.FindAllString(m[1], -1) {
				s.found.Values[id] = append(s.found.Values[id], v)
			}
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GenDecl:
			for _, spec := range n.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && n.Tok == token.CONST && len(v.Values) == 1 {
					note(v.Values[0], n.Doc.Text()+v.Doc.Text()+v.Comment.Text())
				}
			}
		case *ast.KeyValueExpr:
			note(n.Value, byLine[fset.Position(n.Pos()).Line])
		}
		return true
	})
}

// evaluate computes a constant expression of whole numbers and units of time.
func evaluate(e ast.Expr) (int64, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return constant.Int64Val(constant.ToInt(constant.MakeFromLiteral(e.Value, e.Kind, 0)))
	case *ast.ParenExpr:
		return evaluate(e.X)
	case *ast.SelectorExpr:
		x, ok := e.X.(*ast.Ident)
		unit := timeUnits[e.Sel.Name]
		return unit, ok && x.Name == "time" && unit != 0
	case *ast.BinaryExpr:
		x, okX := evaluate(e.X)
		y, okY := evaluate(e.Y)
		if !okX || !okY {
			return 0, false
		}
		return combine(e.Op, x, y)
	}
	return 0, false
}

// combine applies the operators that limits are written with.
func combine(op token.Token, x, y int64) (int64, bool) {
	a, b := constant.MakeInt64(x), constant.MakeInt64(y)
	switch op {
	case token.SHL:
		if y < 0 || y > 62 {
			return 0, false
		}
		return constant.Int64Val(constant.Shift(a, token.SHL, uint(y)))
	case token.MUL, token.ADD, token.SUB:
		return constant.Int64Val(constant.BinaryOp(a, op, b))
	}
	return 0, false
}

// Held tells whether the code has a number that cites the constant's clause and equals it.
func (c *Citations) Held(k Constant) bool {
	want := k.Value
	switch k.Unit {
	case "s":
		want *= timeUnits["Second"]
	case "ms":
		want *= timeUnits["Millisecond"]
	}
	return slices.Contains(c.Values[k.Clause], want)
}
