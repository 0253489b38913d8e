package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"peerwire/cmd/internal/command"
	"peerwire/core/utp"
)

// TestMain makes this test binary serve as btsim too, so that scripts run the real program.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"btsim": main}) }

// TestScripts runs the scripts in testdata/script. Beside testscript's own commands they have:
//
//	code N btsim ARG...    run it, and check its exit code; stdout and stderr are then those it wrote
//	cutlast FILE           leave out half of the last line of a file
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"code": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) < 2 || args[1] != "btsim" {
					ts.Fatalf("usage: code N btsim ARG...")
				}
				var stdout, stderr bytes.Buffer
				if code := fmt.Sprint(run(args[1:], &stdout, &stderr)); code != args[0] {
					ts.Fatalf("exit code %s, want %s: %s", code, args[0], stderr.String())
				}
				ts.Check(os.WriteFile(ts.MkAbs("stdout.txt"), stdout.Bytes(), 0o666))
				ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), stderr.Bytes(), 0o666))
			},
			"cutlast": func(ts *testscript.TestScript, neg bool, args []string) {
				if neg || len(args) != 1 {
					ts.Fatalf("usage: cutlast FILE")
				}
				text := ts.ReadFile(args[0])
				last := strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n') + 1
				ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text[:(last+len(text))/2]), 0o666))
			},
		},
	})
}

// btsim gives what the program prints.
func btsim(t *testing.T, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(append([]string{"btsim"}, args...), &stdout, &stderr); code != command.Done {
		t.Fatalf("btsim %v ends with %d: %s", args, code, stderr.String())
	}
	return stdout.String()
}

// described is what JSON tells of one machine.
func described(t *testing.T, args ...string) (d design) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(btsim(t, append([]string{"fsm", "--format", "json"}, args...)...)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		t.Fatal(err)
	}
	return d
}

// What btsim shows is what SPEC.md shows, diagram by diagram and as a whole.
func TestSpecShowsTheSame(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "SPEC.md"))
	if err != nil {
		t.Fatal(err)
	}
	spec := string(text)
	peer, transport, _ := strings.Cut(btsim(t, "fsm", "--format", "mermaid"), "### Machine uTP")
	if !strings.Contains(spec, peer) || !strings.Contains(spec, "### Machine uTP"+transport) || transport == "" {
		t.Error("SPEC.md does not hold what btsim fsm --format mermaid prints")
	}
	all := described(t)
	if n := strings.Count(spec, "```mermaid\n"); n != len(all.Machines) || n == 0 {
		t.Errorf("SPEC.md has %d diagrams of %d machines", n, len(all.Machines))
	}
	for _, m := range all.Machines {
		behind := strings.Join(m.Methods, ", ")
		if behind == "" {
			behind = utp.Purpose
		}
		section := "### Machine " + m.Name + ": " + behind + "\n\n```mermaid\n"
		if !strings.Contains(spec, section+btsim(t, "fsm", m.Name, "--format", "mermaid")+"```\n") {
			t.Errorf("SPEC.md has another diagram of %s", m.Name)
		}
	}
}

// The sixteen status methods, each behind one machine, each a name for it; and every format tells all of the machine.
func TestEveryMachineIsShown(t *testing.T) {
	count := 0
	for _, m := range described(t).Machines {
		for _, method := range m.Methods {
			count++
			if d := described(t, method); len(d.Machines) != 1 || !slices.Contains(d.Machines[0].Methods, method) {
				t.Errorf("%s shows another machine", method)
			}
		}
		table, mermaid, dot := btsim(t, "fsm", m.Name), btsim(t, "fsm", m.Name, "-f", "mermaid"), btsim(t, "fsm", m.Name, "-f", "dot")
		for _, state := range m.States {
			if !strings.Contains(table, state) || !strings.Contains(mermaid, state) || !strings.Contains(dot, state) {
				t.Errorf("the state %s of %s is not shown", state, m.Name)
			}
		}
		for _, row := range m.Rows {
			for _, from := range row.From {
				line := fmt.Sprintf("    %s --> %s: %s\n", from, row.To, row.Event)
				arrow := fmt.Sprintf("    %q -> %q [ label = %q ];\n", from, row.To, row.Event)
				if !strings.Contains(mermaid, line) || !strings.Contains(dot, arrow) || !strings.Contains(table, row.Clause) {
					t.Errorf("the row %+v of %s is not shown", row, m.Name)
				}
			}
		}
	}
	if count != 16 {
		t.Errorf("%d status methods", count)
	}
}

// brokenPipe takes nothing.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, os.ErrClosed }

// A result that cannot be written is an error, and its own code.
func TestBrokenPipe(t *testing.T) {
	for _, args := range [][]string{{"fsm"}, {"version"}} {
		var stderr bytes.Buffer
		code := run(append([]string{"btsim"}, args...), brokenPipe{}, &stderr)
		if code != command.Failed || !strings.HasPrefix(stderr.String(), "btsim: cannot write the result: ") {
			t.Errorf("%v ends with %d, %q", args, code, stderr.String())
		}
	}
}
