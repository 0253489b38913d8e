package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sample is a module whose core/choke has a bit of everything that is mutated, and a test that misses some of it.
var sample = map[string]string{
	"go.mod": "module peerwire\n\ngo 1.26\n",
	"core/choke/choke.go": `// Package choke is a sample.
package choke

import "cmp"

type kind uint8

const (
	low kind = iota
	high
)

type thing struct{ rank, age int }

// order compares by rank, then by age.
func order(a, b thing) int {
	return cmp.Or(-cmp.Compare(a.rank, b.rank), cmp.Compare(a.age, b.age))
}

func clamp(n int) int { return max(0, min(n, 9)) }

func within(n, from, to int) bool {
	if n < from || !(n < to) {
		return false
	}
	return true
}

func name(k kind) string {
	switch k {
	case low:
		return "low"
	case high:
		return "high"
	}
	return ""
}

func count(n int) (c int) {
	if n < 0 {
		panic("BUG: no such count")
	}
	for c < n {
		c++
	}
	return c
}

func checkNothing(n int) bool { return n == 0 }
`,
	"core/choke/choke_test.go": `package choke

import "testing"

func TestOrder(t *testing.T) {
	if order(thing{1, 1}, thing{2, 0}) <= 0 || order(thing{1, 1}, thing{1, 2}) >= 0 || order(thing{2, 1}, thing{1, 0}) >= 0 {
		t.Error("order")
	}
}

func TestClamp(t *testing.T) {
	if clamp(-1) != 0 || clamp(4) != 4 || clamp(12) != 9 {
		t.Error("clamp")
	}
}

func TestWithin(t *testing.T) {
	if !within(3, 2, 5) || within(1, 2, 5) || within(5, 2, 5) { // and what of 2?
		t.Error("within")
	}
}

func TestName(t *testing.T) {
	if name(low) != "low" || name(2) != "" { // and what of high?
		t.Error("name")
	}
}

func TestCount(t *testing.T) {
	if count(3) != 3 {
		t.Error("count")
	}
}
`,
}

// inSample makes a module of the sample the current folder.
func inSample(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range sample {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sim", "internal/mutate"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(name)), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
}

// Every kind of expression has its mutants, and no self-check has any.
func TestMutants(t *testing.T) {
	inSample(t)
	b, err := plan([]group{{"choke", "core/choke"}})
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, m := range b.mutants {
		have = append(have, strings.TrimPrefix(m.Place, "core/choke/choke.go:")+" "+m.Change)
	}
	want := []string{
		"17:16 -cmp.Compare(a.rank, b.rank) => -(-cmp.Compare(a.rank, b.rank))",
		"17:16 -cmp.Compare(a.rank, b.rank) => 0",
		"17:46 cmp.Compare(a.age, b.age) => -(cmp.Compare(a.age, b.age))",
		"17:46 cmp.Compare(a.age, b.age) => 0",
		"17:9 -cmp.Compare(a.rank, b.rank) and cmp.Compare(a.age, b.age) change places",
		"20:39 min(n, 9) => max(n, 9)",
		"20:32 max(0, min(n, 9)) => min(0, min(n, 9))",
		"23:7 n < from => n <= from",
		"23:7 n < from => n >= from",
		"23:7 n < from => true",
		"23:7 n < from => false",
		"23:21 n < to => n <= to",
		"23:21 n < to => n >= to",
		"23:21 n < to => true",
		"23:21 n < to => false",
		"23:14 || => && before !(n < to)",
		"31:7 case low never applies",
		"33:7 case high never applies",
		"43:8 c < n => c <= n",
		"43:8 c < n => c >= n",
		"43:8 c < n => false",
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Error(diff)
	}
}

// The mutants are what their descriptions say: of the sample's, exactly those survive that its tests cannot tell. And the second
// time the command only reads what it wrote.
func TestSample(t *testing.T) {
	inSample(t)
	o := &options{only: "choke", out: "results.jsonl", jobs: 2}
	var first, second, progress bytes.Buffer
	code, err := run(context.Background(), o, &first, &progress)
	if code != exitFewer || err != nil {
		t.Fatalf("code %d, %v\n%s", code, err, progress.String())
	}
	want := `| group | mutants | caught | % | test failed | crashed | too slow | survived |
| --- | --- | --- | --- | --- | --- | --- | --- |
| choke | 21 | 19 | 90.5 | 19 | 0 | 0 | 2 |

survivors:
choke  core/choke/choke.go:23:7  n < from => n <= from
choke  core/choke/choke.go:33:7  case high never applies

fewer than 95 % of a group were caught
`
	if diff := cmp.Diff(want, first.String()); diff != "" {
		t.Error(diff)
	}
	progress.Reset()
	if _, err := run(context.Background(), o, &second, &progress); err != nil || second.String() != want || progress.Len() > 0 {
		t.Errorf("the second time: %v, %s%s", err, second.String(), progress.String())
	}
}

// A line that was cut off is forgotten, with its mutant tried again; results of another tree are refused.
func TestResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "results.jsonl")
	h := head{Tree: "a"}
	r, err := openRecord(path, h)
	if err != nil {
		t.Fatal(err)
	}
	kept := result{mutant: mutant{Group: "choke", Place: "a:1", Change: "x"}, How: failed}
	cut := result{mutant: mutant{Place: "a:2"}, How: failed}
	for _, res := range []result{kept, cut} {
		if err := r.add(res); err != nil {
			t.Fatal(err)
		}
	}
	r.file.Close()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-3], 0o666); err != nil {
		t.Fatal(err)
	}
	if r, err = openRecord(path, h); err != nil {
		t.Fatal(err)
	}
	if len(r.done) != 1 || r.done[kept.key()] != kept {
		t.Errorf("read %v", r.done)
	}
	if err := r.add(cut); err != nil {
		t.Fatal(err)
	}
	r.file.Close()
	if again, _ := os.ReadFile(path); !bytes.Equal(again, text) {
		t.Errorf("the file is now %s", again)
	}
	if _, err := openRecord(path, head{Tree: "b"}); err == nil {
		t.Error("results of another tree are taken")
	}
}

// Every row, rule and need is mutated, no change stands twice, and each operation does something to the tables: what is left out of the
// check because it compares them with themselves finds it.
func TestTableMutants(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	b, err := plan(groups[:1])
	if err != nil {
		t.Fatal(err)
	}
	byOperation := map[string]mutant{}
	seen := map[string]bool{}
	for _, m := range b.mutants {
		if seen[m.key()] || !strings.HasPrefix(m.Place, "core/peerfsm/machines_") {
			t.Errorf("%s: twice, or of no place", m.key())
		}
		seen[m.key()] = true
		byOperation[strings.Fields(m.order)[1]] = m
	}
	if len(byOperation) != 11 {
		t.Fatalf("%d operations", len(byOperation))
	}
	dir := t.TempDir()
	list, err := b.overlay(dir)
	if err != nil {
		t.Fatal(err)
	}
	own := []binary{{pkg: "core/peerfsm"}} // what TestProved is in
	if err := compile(t.Context(), dir, list, own); err != nil {
		t.Fatal(err)
	}
	self := step{binary: &own[0], tests: []string{"TestProved"}}
	if how, by := self.run(t.Context(), ""); how != survived {
		t.Fatalf("without a mutant %s %s", by, how)
	}
	for _, m := range byOperation {
		if how, by := self.run(t.Context(), m.order); how != failed || by != "core/peerfsm TestProved" {
			t.Errorf("%s: %s by %q", m.Change, how, by)
		}
	}
}

// The command line says what is wrong with it.
func TestChoose(t *testing.T) {
	if _, err := choose("tables,tabels"); err == nil || err.Error() != `there is no group "tabels"` {
		t.Error(err)
	}
	chosen, err := choose("pick,tables")
	if err != nil || !slices.Equal(chosen, []group{groups[3], groups[0]}) {
		t.Errorf("%v, %v", chosen, err)
	}
	if code, err := run(context.Background(), &options{only: "nothing"}, io.Discard, io.Discard); code != exitFailed || err == nil {
		t.Errorf("%d, %v", code, err)
	}
}
