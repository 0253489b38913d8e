package tidy

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// checkPackageDocs wants a package comment in some file of every folder.
func checkPackageDocs(files []*file) []string {
	documented := map[string]bool{}
	var dirs []string
	for _, f := range files {
		if _, seen := documented[f.dir()]; !seen {
			documented[f.dir()] = false
			dirs = append(dirs, f.dir())
		}
		if f.ast.Doc != nil && strings.TrimSpace(f.ast.Doc.Text()) != "" {
			documented[f.dir()] = true
		}
	}
	var bad []string
	for _, dir := range dirs {
		if !documented[dir] {
			bad = append(bad, dir+": package without a doc comment")
		}
	}
	return bad
}

// checkDocs wants a comment on every exported identifier of a non-test file. A
// group's comment speaks for its members. Of a struct's fields only bare numbers
// need words of their own, since their type tells neither unit nor range; the
// comment of the whole type will do when it names them.
func checkDocs(f *file) []string {
	if f.test() {
		return nil
	}
	d := docChecker{file: f}
	for _, decl := range f.ast.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			d.checkFunc(decl)
		case *ast.GenDecl:
			d.checkGroup(decl)
		}
	}
	return d.bad
}

// docChecker gathers what a file leaves unsaid.
type docChecker struct {
	file *file
	bad  []string
}

func (d *docChecker) missing(name string, pos token.Pos) {
	d.bad = append(d.bad, fmt.Sprintf("%s:%d: exported %s without a doc comment", d.file.rel, d.file.line(pos), name))
}

// checkFunc looks at functions, and at methods of exported types.
func (d *docChecker) checkFunc(fn *ast.FuncDecl) {
	if !fn.Name.IsExported() || written(fn.Doc) {
		return
	}
	if fn.Recv != nil && !ast.IsExported(receiver(fn.Recv.List[0].Type)) {
		return
	}
	d.missing(fn.Name.Name, fn.Pos())
}

// checkGroup looks at one declaration of types, constants or variables.
func (d *docChecker) checkGroup(group *ast.GenDecl) {
	for _, spec := range group.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if !spec.Name.IsExported() {
				continue
			}
			if !written(spec.Doc, spec.Comment, group.Doc) {
				d.missing(spec.Name.Name, spec.Pos())
			}
			d.checkMembers(spec, spec.Doc.Text()+group.Doc.Text())
		case *ast.ValueSpec:
			exported := slices.ContainsFunc(spec.Names, (*ast.Ident).IsExported)
			if exported && !written(spec.Doc, spec.Comment, group.Doc) {
				d.missing(spec.Names[0].Name, spec.Pos())
			}
		}
	}
}

// checkMembers looks at the numbers in a struct and the methods of an interface.
func (d *docChecker) checkMembers(spec *ast.TypeSpec, typeDoc string) {
	var members []*ast.Field
	switch t := spec.Type.(type) {
	case *ast.StructType:
		named := func(f *ast.Field) bool { return !bareNumber(f.Type) }
		members = slices.DeleteFunc(slices.Clone(t.Fields.List), named)
	case *ast.InterfaceType:
		members = t.Methods.List
	}
	for _, m := range members {
		for _, name := range m.Names {
			if name.IsExported() && !written(m.Doc, m.Comment) && !strings.Contains(typeDoc, name.Name) {
				d.missing(spec.Name.Name+"."+name.Name, name.Pos())
			}
		}
	}
}

// bareNumber tells whether a field's type is a number without a name of its own.
func bareNumber(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && (strings.HasPrefix(id.Name, "int") || strings.HasPrefix(id.Name, "uint") || strings.HasPrefix(id.Name, "float"))
}

// written tells whether any of the comments says something.
func written(comments ...*ast.CommentGroup) bool {
	return slices.ContainsFunc(comments, func(c *ast.CommentGroup) bool { return strings.TrimSpace(c.Text()) != "" })
}

// receiver is the type name of a method's receiver.
func receiver(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return receiver(e.X)
	case *ast.IndexExpr:
		return receiver(e.X)
	case *ast.IndexListExpr:
		return receiver(e.X)
	case *ast.Ident:
		return e.Name
	}
	return ""
}
