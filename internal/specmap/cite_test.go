package specmap

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestScan(t *testing.T) {
	clauses, err := Parse(goodSpec)
	if err != nil {
		t.Fatal(err)
	}
	const header = "package a\n\nimport \"peerwire/core/clause\"\n\n"
	found, err := Scan(fstest.MapFS{
		"core/a/a.go":              file(header + "var x = clause.MSG1\n"),
		"core/a/b.go":              file(header + "var y = clause.HaveOutOfRange\n"),
		"core/a/c.go":              file("package a\n\n// It may [FST-4, MSG-1]; see [BEP-3].\nvar z = \"[MSG-2]\"\n"),
		"core/a/d.go":              file("package a\n\nimport c \"peerwire/core/clause\"\n\nvar x = c.FST4\n"),
		"core/a/e.go":              file("package a\n\nvar clause = struct{ MSG2 int }{}\n\nvar x = clause.MSG2\n"),
		"core/a/a_test.go":         file(header + "var x = clause.MSG2\n"),
		"core/a/testdata/a.txt":    file("# clauses: FST-4 MSG-9\nclose have-out-of-range [MSG-2]\n"),
		"core/a/testdata/a.go":     file("this is not Go [MSG-1]\n"),
		"core/clause/ids_gen.go":   file(header + "var x = clause.MSG1 // [MSG-1]\n"),
		"internal/specmap/spec.go": file(header + "// [NON-1]\n"),
		"core/a/bad.go":            file("package a\n\n// [NON-1]\n"),
		"README.txt":               file("[MSG-1]\n"),
	}, clauses)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		where map[string][]string
		id    string
		want  []string
	}{
		{found.Code, "MSG-1", []string{"core/a/a.go:5", "core/a/c.go:3"}},
		{found.Code, "MSG-2", []string{"core/a/b.go:5"}},
		{found.Code, "FST-4", []string{"core/a/c.go:3", "core/a/d.go:5"}},
		{found.Test, "MSG-1", nil},
		{found.Test, "MSG-2", []string{"core/a/a_test.go:5", "core/a/testdata/a.txt:2"}},
		{found.Test, "FST-4", []string{"core/a/testdata/a.txt:1"}},
	} {
		if !slices.Equal(c.where[c.id], c.want) {
			t.Errorf("%s: have %v, want %v", c.id, c.where[c.id], c.want)
		}
	}
	if want := []string{"core/a/bad.go:3: NON-1", "core/a/testdata/a.txt:1: MSG-9"}; !slices.Equal(found.Unknown, want) {
		t.Errorf("unknown: have %v, want %v", found.Unknown, want)
	}
}

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }

func TestScanRefusesBrokenGo(t *testing.T) {
	if _, err := Scan(fstest.MapFS{"a.go": file("package")}, nil); err == nil {
		t.Error("accepted a file that does not parse")
	}
}

func TestScanValues(t *testing.T) {
	clauses, err := Parse(goodSpec)
	if err != nil {
		t.Fatal(err)
	}
	const src = `package a

import "time"

const (
	Wait  = 2 * time.Second // how long [MSG-1]
	Size  = 16<<10 - (1 + 1) // [MSG-1, FST-4]
	Other = 5
	Name  = "x" // [MSG-1]
	Big   = 1 << 70 // [MSG-1]
)

// Alone stands for itself. [FST-4]
const Alone = 7

var limits = T{
	A: 9, // [MSG-2]
	B: f(), // [MSG-2]
	C: 3 * units.Second, // [MSG-2]
}
`
	found, err := Scan(fstest.MapFS{"core/a/a.go": file(src), "core/a/a_test.go": file(src)}, clauses)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string][]int64{"MSG-1": {2e9, 16382}, "FST-4": {16382, 7}, "MSG-2": {9}} {
		if !slices.Equal(found.Values[id], want) {
			t.Errorf("%s: have %v, want %v", id, found.Values[id], want)
		}
	}
}
