package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// result is what came of a bug. Some of it is as btsim campaign writes it.
type result struct {
	Checker string `json:"checker"`
	Seed    uint64 `json:"seed"`
	Verdict string `json:"verdict"`
	Kept    string `json:"kept"`

	Transcript string `json:"transcript"`
	Shrunk     *struct {
		Peers  int         `json:"peers"`
		Pieces int         `json:"pieces"`
		Wall   json.Number `json:"wall_seconds"`
	} `json:"shrunk"`

	bug  *bug
	runs int           // until it was caught
	took time.Duration // all of these

	scenario, transcript proof // that what was kept fails with the bug alone
}

func (r *result) caught() bool { return r.Verdict == "failed" }

// hunt builds the program with a bug, and lets it look for a scenario that fails.
func hunt(ctx context.Context, b *bug, o *options) (r result, err error) {
	r.bug = b
	dir, err := os.MkdirTemp("", "bugs")
	if err != nil {
		return r, err
	}
	defer os.RemoveAll(dir)
	overlay, err := b.overlay(dir)
	if err != nil {
		return r, err
	}
	program, err := b.build(ctx, dir, overlay)
	if err != nil {
		return r, err
	}
	began := time.Now()
	const results = "runs.jsonl"
	cmd := exec.CommandContext(ctx, program, "campaign", "--seeds", fmt.Sprintf("1..%d", o.seeds), "--failures", "1", "--jobs", fmt.Sprint(o.jobs),
		"--for", o.patience.String(), "--shrink", "1m", "--out", results)
	cmd.Dir = dir // so that what is kept says nothing of where it was
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		return r, fmt.Errorf("%s: %w\n%s", b.name, err, out)
	}
	r.took = time.Since(began)
	text, err := os.ReadFile(filepath.Join(dir, results))
	if err != nil {
		return r, fmt.Errorf("%s: %w\n%s", b.name, err, out)
	}
	if err := r.read(text); err != nil {
		return r, err
	}
	if err := r.prove(ctx, dir, overlay); err != nil || o.keep == "" {
		return r, err
	}
	return r, r.keep(dir, o.keep)
}

// overlay puts the bug into files that the compiler reads instead of the program's, and gives the one that tells it so.
func (b *bug) overlay(dir string) (string, error) {
	top, err := os.Getwd()
	if err != nil {
		return "", err
	}
	text, err := b.put(top)
	if err != nil {
		return "", err
	}
	changed, path := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	list, err := json.Marshal(map[string]map[string]string{"Replace": {filepath.Join(top, filepath.FromSlash(b.file)): changed}})
	if err == nil {
		err = errors.Join(os.WriteFile(changed, []byte(text), 0o600), os.WriteFile(path, list, 0o600))
	}
	return path, err
}

// build builds btsim with the bug in it.
func (b *bug) build(ctx context.Context, dir, overlay string) (string, error) {
	program := filepath.Join(dir, "btsim")
	if out, err := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", program, "./cmd/btsim").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%s does not build: %w\n%s", b.name, err, out)
	}
	return program, nil
}

// read finds the first failure among the lines of a campaign.
func (r *result) read(text []byte) error {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	lines.Scan() // the head
	for lines.Scan() {
		if r.runs++; r.caught() {
			continue
		}
		if err := json.Unmarshal(lines.Bytes(), r); err != nil {
			return err
		}
	}
	return lines.Err()
}
