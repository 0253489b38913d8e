package tidy

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// grant is one line of policy.txt: kind says to which sort of import it applies,
// importer and targets are patterns.
type grant struct {
	kind     string
	importer string
	targets  []string
}

// policy is the parsed policy.txt.
type policy []grant

// loadPolicy reads the policy beside this file.
func loadPolicy() (policy, error) {
	text, err := os.ReadFile("policy.txt")
	if err != nil {
		return nil, err
	}
	return parsePolicy(string(text))
}

// parsePolicy reads lines "kind importer: target...", with # comments.
func parsePolicy(text string) (policy, error) {
	var p policy
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		head, tail, found := strings.Cut(line, ":")
		words := strings.Fields(head)
		if !found || len(words) != 2 || !slices.Contains([]string{"edge", "test", "std", "module", "modtest"}, words[0]) {
			return nil, fmt.Errorf("policy.txt:%d: want \"kind importer: targets\", have %q", i+1, line)
		}
		p = append(p, grant{kind: words[0], importer: words[1], targets: strings.Fields(tail)})
	}
	return p, nil
}

// matches tells whether a path fits a pattern: itself, or "x/..." for x and all below.
func matches(pattern, path string) bool {
	if pattern == "..." || pattern == path {
		return true
	}
	base, wide := strings.CutSuffix(pattern, "/...")
	return wide && (path == base || strings.HasPrefix(path, base+"/"))
}

// names tells whether some line of this kind speaks of the importer at all.
func (p policy) names(kind, importer string) bool {
	return slices.ContainsFunc(p, func(g grant) bool { return g.kind == kind && matches(g.importer, importer) })
}

// allows tells whether some line of this kind lets the importer have the target.
func (p policy) allows(kind, importer, target string) bool {
	return slices.ContainsFunc(p, func(g grant) bool {
		fits := func(pattern string) bool { return matches(pattern, target) }
		return g.kind == kind && matches(g.importer, importer) && slices.ContainsFunc(g.targets, fits)
	})
}

// checkImports applies the policy to one file.
func checkImports(p policy, f *file) []string {
	var bad []string
	if !p.names("edge", f.dir()) {
		bad = append(bad, fmt.Sprintf("%s: package %s is not in the lattice of policy.txt", f.rel, f.dir()))
	}
	for _, spec := range f.ast.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err)
		}
		if why := p.refuse(f, target); why != "" {
			bad = append(bad, fmt.Sprintf("%s:%d: imports %q: %s", f.rel, f.line(spec.Pos()), target, why))
		}
	}
	return bad
}

// refuse says why a file may not import the target, or nothing when it may.
func (p policy) refuse(f *file, target string) string {
	if target == modulePath || strings.HasPrefix(target, modulePath+"/") {
		return p.refuseOwn(f, strings.TrimPrefix(strings.TrimPrefix(target, modulePath), "/"))
	}
	if first, _, _ := strings.Cut(target, "/"); strings.Contains(first, ".") {
		if p.allows("module", f.dir(), target) || f.test() && p.allows("modtest", f.dir(), target) {
			return ""
		}
		return "no line of policy.txt gives it this module"
	}
	if f.test() || !p.names("std", f.dir()) || p.allows("std", f.dir(), target) {
		return ""
	}
	return "not on its list of standard packages"
}

// refuseOwn judges an edge between two of our packages. A test in package x_test
// may always import x.
func (p policy) refuseOwn(f *file, target string) string {
	if p.allows("edge", f.dir(), target) {
		return ""
	}
	if f.test() && (target == f.dir() || p.allows("test", f.dir(), target)) {
		return ""
	}
	return "the lattice has no such edge"
}
