package tidy

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
	"slices"
	"strings"
)

// listed is what go list tells about a package.
type listed struct {
	ImportPath     string
	Dir            string
	Export         string
	GoFiles        []string
	IgnoredGoFiles []string
	Standard       bool
	DepOnly        bool
	Error          *struct{ Err string }
}

// worlds are the folders that must be pure, with all below them.
var worlds = []string{"core", "sim"}

// needed are standard packages that the violating samples import.
var needed = []string{"context", "fmt", "iter", "maps", "math", "math/rand/v2", "sync", "time"}

// listPackages asks the go command for the pure packages and for compiled export
// data of everything they import, so that only our own sources are type-checked.
func listPackages() ([]listed, error) {
	args := []string{"list", "-e", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,IgnoredGoFiles,Standard,DepOnly,Error"}
	for _, world := range worlds {
		if _, err := os.Stat(filepath.Join(root, world)); err == nil {
			args = append(args, "./"+world+"/...")
		}
	}
	cmd := exec.Command("go", append(args, needed...)...)
	cmd.Dir = root
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, stderr.String())
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

// newImporter reads the export data that go list has named.
func newImporter(fset *token.FileSet, all []listed) types.Importer {
	exports := map[string]string{}
	for _, p := range all {
		exports[p.ImportPath] = p.Export
	}
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data for %q", path)
		}
		return os.Open(exports[path])
	})
}

// checkPackagePurity type-checks one package from its sources and judges it.
func checkPackagePurity(all []listed, p listed) []string {
	rel := strings.TrimPrefix(p.ImportPath, modulePath+"/")
	if len(p.IgnoredGoFiles) > 0 {
		return []string{fmt.Sprintf("%s: files under build constraints escape this test: %v", rel, p.IgnoredGoFiles)}
	}
	if p.Error != nil {
		return []string{rel + ": " + p.Error.Err}
	}
	sources := map[string][]byte{}
	for _, name := range p.GoFiles {
		src, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return []string{err.Error()}
		}
		sources[rel+"/"+name] = src
	}
	return checkPurity(all, rel, sources)
}

// checkPurity type-checks sources as one package and lists every impurity.
func checkPurity(all []listed, rel string, sources map[string][]byte) []string {
	fset := token.NewFileSet()
	var files []*ast.File
	for name, src := range sources {
		f, err := parser.ParseFile(fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return []string{err.Error()}
		}
		files = append(files, f)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
	conf := types.Config{Importer: newImporter(fset, all)}
	if _, err := conf.Check(modulePath+"/"+rel, fset, files, info); err != nil {
		return []string{fmt.Sprintf("%s: does not type-check: %v", rel, err)}
	}
	judge := &purityJudge{rel: rel, fset: fset, info: info, seen: map[string]bool{}}
	for _, f := range files {
		ast.Inspect(f, judge.visit)
	}
	slices.Sort(judge.bad)
	return judge.bad
}

// purityJudge walks typed syntax and notes each impurity once a line.
type purityJudge struct {
	rel  string
	fset *token.FileSet
	info *types.Info
	seen map[string]bool
	bad  []string
}

func (j *purityJudge) report(pos token.Pos, what string) {
	p := j.fset.Position(pos)
	text := fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, what)
	if !j.seen[text] {
		j.seen[text] = true
		j.bad = append(j.bad, text)
	}
}

// visit judges one node; statements by their form, expressions by their type,
// identifiers by what they refer to.
func (j *purityJudge) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.GoStmt:
		j.report(n.Pos(), "go statement")
	case *ast.SelectStmt:
		j.report(n.Pos(), "select")
	case *ast.SendStmt:
		j.report(n.Pos(), "send on a channel")
	case *ast.BasicLit:
		if n.Kind == token.FLOAT || n.Kind == token.IMAG {
			j.report(n.Pos(), "floating-point literal")
		}
	case *ast.RangeStmt:
		if ranged := j.info.TypeOf(n.X); ranged != nil && anyTerm(ranged, isMap) {
			j.report(n.Pos(), "range over a map")
		}
	case *ast.AssignStmt:
		for _, target := range n.Lhs {
			j.judgeTarget(target)
		}
	case *ast.IncDecStmt:
		j.judgeTarget(n.X)
	case *ast.Ident:
		j.judgeIdent(n)
	}
	if e, ok := n.(ast.Expr); ok {
		j.judgeType(e.Pos(), j.info.TypeOf(e))
	}
	return true
}

// judgeTarget refuses to change what belongs to the package: two sessions in one process
// would no longer be alone.
func (j *purityJudge) judgeTarget(target ast.Expr) {
	switch e := target.(type) {
	case *ast.SelectorExpr:
		j.judgeTarget(e.X)
	case *ast.IndexExpr:
		j.judgeTarget(e.X)
	case *ast.StarExpr:
		j.judgeTarget(e.X)
	case *ast.ParenExpr:
		j.judgeTarget(e.X)
	case *ast.Ident:
		if v, ok := j.info.Uses[e].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			j.report(e.Pos(), "change of the package-level variable "+e.Name)
		}
	}
}

// judgeType refuses floats and channels wherever an expression has such a type,
// constant expressions included.
func (j *purityJudge) judgeType(pos token.Pos, t types.Type) {
	if t == nil {
		return
	}
	if anyTerm(t, isFloat) {
		j.report(pos, "floating point")
	}
	if anyTerm(t, isChan) {
		j.report(pos, "channel")
	}
}

// judgeIdent refuses what a package lends beyond its pure part.
func (j *purityJudge) judgeIdent(id *ast.Ident) {
	if def := j.info.Defs[id]; def != nil {
		if _, isVar := def.(*types.Var); isVar {
			j.judgeType(id.Pos(), def.Type())
		}
		return
	}
	obj := j.info.Uses[id]
	if obj == nil || obj.Pkg() == nil {
		return
	}
	if why := impure(obj); why != "" {
		j.report(id.Pos(), fmt.Sprintf("%s.%s: %s", obj.Pkg().Name(), obj.Name(), why))
	}
}

// impure says why an object of a standard package may not be used.
func impure(obj types.Object) string {
	name := obj.Name()
	if _, isPackage := obj.(*types.PkgName); isPackage {
		return ""
	}
	switch obj.Pkg().Path() {
	case "time":
		if !ofDuration(obj) {
			return "of package time only Duration is an argument, not a clock"
		}
	case "math":
		if _, isConst := obj.(*types.Const); !isConst {
			return "of package math only integer constants"
		}
	case "math/rand", "crypto/rand":
		return "randomness comes from the seed"
	case "math/rand/v2":
		if fn, ok := obj.(*types.Func); ok && fn.Signature().Recv() == nil && !slices.Contains([]string{"New", "NewPCG", "NewChaCha8"}, name) {
			return "randomness comes from the seed"
		}
	case "maps":
		return "shows the order of a map"
	case "iter":
		if strings.HasPrefix(name, "Pull") {
			return "runs a coroutine"
		}
	case "context":
		if name != "Background" && name != "Context" {
			return "only context.Background, for looplab"
		}
	case "fmt":
		if strings.HasPrefix(name, "Print") || strings.HasPrefix(name, "Scan") {
			return "talks to the process's own streams"
		}
	case "sync", "sync/atomic", "os", "runtime", "reflect", "unsafe":
		return "has no place here"
	}
	return ""
}

// ofDuration tells whether an object of package time is Duration, one of its
// constants or one of its methods.
func ofDuration(obj types.Object) bool {
	isDuration := func(t types.Type) bool {
		named, ok := t.(*types.Named)
		return ok && named.Obj().Name() == "Duration"
	}
	switch obj := obj.(type) {
	case *types.TypeName:
		return obj.Name() == "Duration"
	case *types.Const:
		return isDuration(obj.Type())
	case *types.Func:
		recv := obj.Signature().Recv()
		return recv != nil && isDuration(recv.Type())
	}
	return false
}

// anyTerm tells whether a type, or any type of a type parameter's set, is of the kind.
func anyTerm(t types.Type, kind func(types.Type) bool) bool {
	param, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return kind(t.Underlying())
	}
	return anyEmbedded(param.Constraint().Underlying(), kind)
}

// anyEmbedded looks through the unions of a constraint that our own source writes.
func anyEmbedded(t types.Type, kind func(types.Type) bool) bool {
	switch t := t.(type) {
	case *types.Interface:
		for i := range t.NumEmbeddeds() {
			if embedded := t.EmbeddedType(i); anyEmbedded(embedded, kind) {
				return true
			}
		}
	case *types.Union:
		for i := range t.Len() {
			if kind(t.Term(i).Type().Underlying()) {
				return true
			}
		}
	case *types.Named:
		return false // a constraint declared elsewhere, such as cmp.Ordered, names kinds it does not use
	default:
		return kind(t.Underlying())
	}
	return false
}

func isMap(t types.Type) bool {
	_, ok := t.(*types.Map)
	return ok
}

func isChan(t types.Type) bool {
	_, ok := t.(*types.Chan)
	return ok
}

func isFloat(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&(types.IsFloat|types.IsComplex) != 0
}
