package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	sought "peerwire/sim/campaign"
	"peerwire/sim/scenario"
)

// failuresOf is the folder that stands beside a file of results.
func failuresOf(out string) string { return out + ".failures" }

// keep makes a failing scenario small, and keeps it in a file.
func (c *crew) keep(ctx context.Context, e *entry, s *scenario.Scenario, v sought.Verdict) error {
	began := time.Now()
	k := sought.Shrinker{Options: sought.Options{Most: c.events}, Enough: func() bool { return ctx.Err() != nil || time.Since(began) >= c.shrink }}
	least, verdict := s, v
	if v.Checker != hangs {
		least, verdict = k.Shrink(s, v)
	}
	e.Shrunk = &shrunk{
		Peers: least.Peers(), Pieces: int(least.Torrent.Geometry().NumPieces()), Events: verdict.Events, Runs: k.Runs, Wall: thousandths(time.Since(began)),
	}
	if err := os.MkdirAll(failuresOf(c.out), 0o777); err != nil {
		return err
	}
	base := filepath.Join(failuresOf(c.out), fileName(s.Name)+fmt.Sprintf("-%d", e.Seed))
	e.Kept = filepath.ToSlash(base + ".toml")
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", verdict.Checker)
	for line := range strings.Lines(strings.TrimSpace(verdict.Text + "\n" + verdict.Stack)) {
		fmt.Fprintf(&b, "# %s\n", strings.TrimRight(line, "\n"))
	}
	fmt.Fprintf(&b, "#\n# It was %s with seed %d. To see it again:\n#\n#	btsim campaign --scenarios %s --out again.jsonl\n\n", s.Name, e.Seed, e.Kept)
	b.Write(scenario.Write(least))
	return os.WriteFile(base+".toml", []byte(b.String()), 0o666)
}

// fileName is a name that can be a file's.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, name)
}
