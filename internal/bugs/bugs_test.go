package main

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// Every bug can be put into the program as it is, which is another program then that parses; there are thirty at least, all over the core, and no two
// go by one name.
func TestBugsApply(t *testing.T) {
	bugs, err := list(bugsText)
	if err != nil {
		t.Fatal(err)
	}
	names, folders := map[string]bool{}, map[string]bool{}
	for _, b := range bugs {
		names[b.name], folders[filepath.Dir(b.file)] = true, true
		text, err := b.put(filepath.Join("..", ".."))
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), b.file, text, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
	if len(names) != len(bugs) || len(bugs) < 30 || len(folders) < 5 {
		t.Errorf("%d bugs of %d names, in %d packages", len(bugs), len(names), len(folders))
	}
}

// What no longer applies, and what is no bug at all, is an error.
func TestStaleBug(t *testing.T) {
	bugs, err := list("x: it is gone\ncore/disk.go\n-nobody ever said this\n+x\n")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bugs[0].put(filepath.Join("..", "..")); err == nil || !strings.Contains(err.Error(), "0 times, and not once") {
		t.Error(err)
	}
	if _, err := list("x: it is gone\ncore/disk.go\n nothing\n+x\n"); err == nil {
		t.Error("that is a bug")
	}
}

// The first run that fails is what caught the bug.
func TestRead(t *testing.T) {
	var r result
	err := r.read([]byte(`{"campaign":1}
{"seed":1,"verdict":"passed"}
{"seed":2,"verdict":"failed","checker":"liveness","shrunk":{"peers":2,"pieces":1,"wall_seconds":0.5}}
{"seed":3,"verdict":"failed","checker":"slots"}
`))
	if err != nil || r.Seed != 2 || r.Checker != "liveness" || r.runs != 3 || r.Shrunk.Peers != 2 {
		t.Errorf("%v %+v", err, r)
	}
}
