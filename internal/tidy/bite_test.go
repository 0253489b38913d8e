package tidy

import (
	"strings"
	"testing"
)

// sample is a small source that breaks, or keeps, one rule. An empty want says
// that nothing may be found.
type sample struct {
	name, rel, src, want string
}

// importSamples are judged by the real policy.txt.
var importSamples = []sample{
	{"down", "core/wire/a.go", `import "peerwire/core/bt"`, ""},
	{"up", "core/bt/a.go", `import "peerwire/core/wire"`, "no such edge"},
	{"sideways", "core/pick/a.go", `import "peerwire/core/choke"`, "no such edge"},
	{"core to shell", "core/swarm/a.go", `import "peerwire/shell/disk"`, "no such edge"},
	{"sim to shell", "sim/a.go", `import "peerwire/shell/tcp"`, "no such edge"},
	{"sim's test to shell", "sim/a_test.go", `import "peerwire/shell/tcp"`, "no such edge"},
	{"shell to sim", "shell/tcp/a.go", `import "peerwire/sim"`, "no such edge"},
	{"shell's test to sim", "shell/tcp/a_test.go", `import "peerwire/sim"`, "no such edge"},
	{"client to sim", "cmd/btclient/a.go", `import "peerwire/sim"`, "no such edge"},
	{"client to loop", "cmd/btclient/internal/demo/a.go", `import "peerwire/shell/loop"`, ""},
	{"test of core drives sim", "core/core_test.go", `import "peerwire/sim"`, ""},
	{"unknown package", "core/rng/a.go", `import "fmt"`, "not in the lattice"},
	{"core, standard", "core/wire/a.go", `import "net/netip"`, ""},
	{"core, os", "core/wire/a.go", `import "os"`, "list of standard packages"},
	{"core, net", "core/dial/a.go", `import "net"`, "list of standard packages"},
	{"core, sync", "core/swarm/a.go", `import "sync"`, "list of standard packages"},
	{"core, maps", "core/swarm/a.go", `import "maps"`, "list of standard packages"},
	{"core, context outside fsm", "core/swarm/a.go", `import "context"`, "list of standard packages"},
	{"core/fsm, context", "core/fsm/a.go", `import "context"`, ""},
	{"core's tests are free", "core/wire/a_test.go", `import "os"`, ""},
	{"shell is free", "shell/tcp/a.go", `import "net"`, ""},
	{"core, bitset", "core/pick/a.go", `import "github.com/bits-and-blooms/bitset"`, ""},
	{"core, looplab", "core/pick/a.go", `import "github.com/looplab/fsm"`, "this module"},
	{"core/fsm, looplab", "core/fsm/a.go", `import "github.com/looplab/fsm"`, ""},
	{"core, cli", "core/a.go", `import "github.com/urfave/cli/v3"`, "this module"},
	{"rapid in a test", "core/pick/a_test.go", `import "pgregory.net/rapid"`, ""},
	{"rapid in the code", "core/pick/a.go", `import "pgregory.net/rapid"`, "this module"},
}

func TestImportsBite(t *testing.T) {
	p, err := loadPolicy()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range importSamples {
		t.Run(s.name, func(t *testing.T) {
			f := mustParse(t, s.rel, "package a\n"+s.src+"\n")
			expect(t, checkImports(p, f), s.want)
		})
	}
}

func TestPolicyBites(t *testing.T) {
	for _, text := range []string{"edge core/bt", "wish core/bt: core", "edge: core", "edge a b: c"} {
		if _, err := parsePolicy(text); err == nil {
			t.Errorf("accepted %q", text)
		}
	}
}

// styleSamples are whole files.
var styleSamples = []sample{
	{"clean", "a/a.go", "package a\n\nfunc f() {}\n", ""},
	{"not gofmt'ed", "a/a.go", "package a\nfunc  f() {}\n", "gofmt"},
	{"long line", "a/a.go", "package a\n\n// " + strings.Repeat("x", 158) + "\n", "columns"},
	{"tabs count", "a/a.go", "package a\n\nfunc f() {\n\t// " + strings.Repeat("x", 154) + "\n}\n", "columns"},
	{"widest line", "a/a.go", "package a\n\n// " + strings.Repeat("x", 157) + "\n", ""},
	{"long file", "a/a.go", "package a\n" + strings.Repeat("\n// c\n", 300), "at most 600"},
	{"long function", "a/a.go", "package a\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 69) + "}\n", "at most 70"},
	{"longest function", "a/a.go", "package a\n\n// f.\n//\n// More.\nfunc f() {\n" + strings.Repeat("\tf()\n", 68) + "}\n", ""},
	{"long literal", "a/a.go", "package a\n\nvar f = func() {\n" + strings.Repeat("\tg()\n", 69) + "}\n", "at most 70"},
	{"long table", "a/a.go", "package a\n\nvar t = []int{\n" + strings.Repeat("\t1,\n", 300) + "}\n", ""},
	{"test function", "a/a_test.go", "package a\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 100) + "}\n", ""},
	{"long test function", "a/a_test.go", "package a\n\nfunc f() {\n" + strings.Repeat("\tf()\n", 120) + "}\n", "at most 120"},
	{"leftover", "a/a.go", "package a\n\n// TO" + "DO: later.\n", "left over"},
	{"bare panic", "a/a.go", "package a\n\nfunc f() { panic(\"no\") }\n", "BUG: "},
	{"panic with an error", "a/a.go", "package a\n\nfunc f(err error) { panic(err) }\n", "BUG: "},
	{"honest panic", "a/a.go", "package a\n\nfunc f() { panic(\"BUG: no\") }\n", ""},
	{"honest sum", "a/a.go", "package a\n\nfunc f(s string) { panic(\"BUG: \" + s) }\n", ""},
	{"honest format", "a/a.go", "package a\n\nfunc f() { panic(fmt.Sprintf(\"BUG: %d\", 1)) }\n", ""},
	{"panic in a test", "a/a_test.go", "package a\n\nfunc f() { panic(\"no\") }\n", ""},
}

func TestStyleBites(t *testing.T) {
	for _, s := range styleSamples {
		t.Run(s.name, func(t *testing.T) { expect(t, checkStyle(mustParse(t, s.rel, s.src)), s.want) })
	}
}

// docSamples are whole files.
var docSamples = []sample{
	{"documented", "a/a.go", "// Package a is.\npackage a\n\n// F does.\nfunc F() {}\n", ""},
	{"no package comment", "a/a.go", "package a\n", "package without"},
	{"function", "a/a.go", "// Package a is.\npackage a\nfunc F() {}\n", "exported F"},
	{"method", "a/a.go", "// Package a is.\npackage a\n// T is.\ntype T int\nfunc (t *T) F() {}\n", "exported F"},
	{"generic method", "a/a.go", "// Package a is.\npackage a\n// T is.\ntype T[K any] int\nfunc (t *T[K]) F() {}\n", "exported F"},
	{"method of a hidden type", "a/a.go", "// Package a is.\npackage a\ntype t int\nfunc (t) F() {}\n", ""},
	{"type", "a/a.go", "// Package a is.\npackage a\ntype T int\n", "exported T"},
	{"field", "a/a.go", "// Package a is.\npackage a\n// T is.\ntype T struct {\n F int\n}\n", "exported T.F"},
	{"field in the type's comment", "a/a.go", "// Package a is.\npackage a\n// T has F.\ntype T struct {\n F int\n}\n", ""},
	{"field of a named type", "a/a.go", "// Package a is.\npackage a\n// T is.\ntype T struct {\n F time.Duration\n}\n", ""},
	{"interface method", "a/a.go", "// Package a is.\npackage a\n// T is.\ntype T interface {\n F()\n}\n", "exported T.F"},
	{"constant", "a/a.go", "// Package a is.\npackage a\nconst C = 1\n", "exported C"},
	{"group", "a/a.go", "// Package a is.\npackage a\n// All of them.\nconst (\n C = 1\n D = 2\n)\n", ""},
	{"variable", "a/a.go", "// Package a is.\npackage a\nvar V = 1\n", "exported V"},
	{"directive only", "a/a.go", "// Package a is.\npackage a\n\n//go:noinline\nfunc F() {}\n", "exported F"},
	{"test file", "a/a_test.go", "// Package a is.\npackage a\nfunc TestX() {}\n", ""},
}

func TestDocsBite(t *testing.T) {
	for _, s := range docSamples {
		t.Run(s.name, func(t *testing.T) {
			f := mustParse(t, s.rel, s.src)
			expect(t, append(checkPackageDocs([]*file{f}), checkDocs(f)...), s.want)
		})
	}
}

// wordSamples are lines of any tracked text.
var wordSamples = []sample{
	{"clean", "README.md", "run go test in net/work/x", ""},
	{"folder", "README.md", "see /wo" + "rk/x", "names"},
	{"home", "a.go", "// /ro" + "ot/go", "names"},
	{"user", "a.sh", "cd /ho" + "me/me/x", "names"},
	{"registry", "go.env", "GOPROXY=https://proxy.golang" + ".org", "names"},
	{"leftover", "README.md", "FIX" + "ME", "left over"},
	{"leftover in a string", "a.go", "var x = \"FIX" + "ME\"", ""},
}

func TestWordsBite(t *testing.T) {
	for _, s := range wordSamples {
		t.Run(s.name, func(t *testing.T) { expect(t, checkWords(s.rel, s.src), s.want) })
	}
}

// mustParse parses a sample.
func mustParse(t *testing.T, rel, src string) *file {
	t.Helper()
	f, err := parse(rel, []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// expect wants exactly one kind of finding, or none at all.
func expect(t *testing.T, bad []string, want string) {
	t.Helper()
	if want == "" && len(bad) > 0 {
		t.Errorf("found %q in a clean sample", bad)
	}
	if want != "" && (len(bad) == 0 || !strings.Contains(bad[0], want)) {
		t.Errorf("found %q, want one with %q", bad, want)
	}
}

// expectAny wants some finding with the text; one sample may break several rules.
func expectAny(t *testing.T, bad []string, want string) {
	t.Helper()
	for _, text := range bad {
		if strings.Contains(text, want) {
			return
		}
	}
	t.Errorf("found %q, want one with %q", bad, want)
}
