package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// proof is what came of playing again what a campaign has kept: a kept scenario, or a kept transcript.
type proof struct {
	there  bool // one was kept
	caught bool // it fails with the bug
	passes bool // and passes without
}

// String is what the table says.
func (p proof) String() string {
	switch {
	case !p.there:
		return "-"
	case p.caught && p.passes:
		return "yes"
	case p.caught:
		return "without the bug too"
	}
	return "no"
}

func (p proof) whole() bool { return p.there && p.caught && p.passes }

// replay is the test that plays kept failures again.
const replay = "TestKept"

// prove plays what a campaign has kept once with the bug, and once without: as go test does.
func (r *result) prove(ctx context.Context, dir, overlay string) error {
	if r.Kept == "" {
		return nil
	}
	folder := filepath.Join(dir, filepath.Dir(filepath.FromSlash(r.Kept)))
	with, err := failing(ctx, folder, "-overlay", overlay)
	if err != nil {
		return fmt.Errorf("%s: %w", r.bug.name, err)
	}
	without, err := failing(ctx, folder)
	if err != nil {
		return fmt.Errorf("%s: %w", r.bug.name, err)
	}
	of := func(path string) proof {
		name := filepath.Base(path)
		return proof{there: path != "", caught: path != "" && with[name], passes: !without[name]}
	}
	r.scenario, r.transcript = of(r.Kept), of(r.Transcript)
	return nil
}

// failing are the kept failures of a folder that fail still, by the names of their files.
func failing(ctx context.Context, folder string, flags ...string) (map[string]bool, error) {
	args := append([]string{"test", "-v", "-count=1", "-vet=off", "-run", "^" + replay + "$"}, flags...)
	args = append(args, "./sim/kept", "-kept", folder)
	out, err := exec.CommandContext(ctx, "go", args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	failed, seen := map[string]bool{}, false
	for line := range strings.Lines(string(out)) {
		verdict, name, ok := strings.Cut(strings.TrimSpace(line), ": "+replay+"/")
		if !ok {
			continue
		}
		seen = true
		if name, _, _ = strings.Cut(name, " "); verdict == "--- FAIL" {
			failed[name] = true
		}
	}
	if !seen {
		return nil, fmt.Errorf("nothing was played again:\n%s", out)
	}
	return failed, nil
}

// keptFolder is where the failures are that every go test plays again.
const keptFolder = "sim/kept/testdata"

// again plays what is kept of a bug with the bug once more, and tells whether all of it fails still.
func again(ctx context.Context, b *bug) (whole bool, err error) {
	dir, err := os.MkdirTemp("", "bugs")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(dir)
	overlay, err := b.overlay(dir)
	if err != nil {
		return false, err
	}
	folder, err := filepath.Abs(keptFolder)
	if err != nil {
		return false, err
	}
	failed, err := failing(ctx, folder, "-overlay", overlay)
	if err != nil {
		return false, fmt.Errorf("%s: %w", b.name, err)
	}
	whole = true
	var said []string
	for _, f := range []struct{ what, name string }{{"scenario", b.name + ".toml"}, {"transcript", b.name + ".txt"}} {
		_, err := os.Stat(filepath.Join(folder, f.name))
		p := proof{there: err == nil, caught: failed[f.name], passes: true}
		whole = whole && (!p.there || p.caught)
		said = append(said, fmt.Sprintf("the %s fails: %v", f.what, p))
	}
	fmt.Printf("%s: %s; of all that is kept %d do\n", b.name, strings.Join(said, ", "), len(failed))
	return whole, nil
}

// keep copies to a folder what was proven: there it is played again by every go test.
func (r *result) keep(dir, to string) error {
	for path, p := range map[string]proof{r.Kept: r.scenario, r.Transcript: r.transcript} {
		if !p.whole() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		// How it was to be seen in a campaign's folder is no use in another.
		head, rest, ok := strings.Cut(string(text), " To see it again:\n")
		if _, body, found := strings.Cut(rest, "\n\n"); ok && found {
			text = []byte(head + " The core had the bug " + r.bug.name + ", which internal/bugs knows.\n\n" + body)
		}
		if err := os.WriteFile(filepath.Join(to, r.bug.name+filepath.Ext(path)), text, 0o666); err != nil {
			return err
		}
	}
	return nil
}
