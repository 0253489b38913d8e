package main

import (
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"time"

	sought "peerwire/sim/campaign"
	"peerwire/sim/kept"
	"peerwire/sim/scenario"
)

// failuresOf is the folder that stands beside a file of results.
func failuresOf(out string) string { return out + ".failures" }

// farewell is how long it may take, when the campaign's time is up, to make the transcript of a failure that was being made small.
const farewell = 5 * time.Second

// until tells whether there is no more time for something that begins now: it takes so long as it may, or the campaign was over so long ago. Who
// interrupts it waits for nothing.
func (c *crew) until(ctx context.Context, after time.Duration) func() bool {
	end := time.Now().Add(c.shrink)
	if last, ok := ctx.Deadline(); ok && last.Add(after).Before(end) {
		end = last.Add(after)
	}
	return func() bool { return interrupted(ctx) || !time.Now().Before(end) }
}

// keep makes a failing scenario small, and keeps it in a file, and a transcript of the core that fails in another.
func (c *crew) keep(ctx context.Context, e *entry, s *scenario.Scenario, v sought.Verdict) error {
	began := time.Now()
	k := sought.Shrinker{Options: sought.Options{Most: c.events, Enough: c.until(ctx, 0)}}
	least, verdict := s, v
	without := fmt.Errorf("the run did not end")
	transcript := ""
	if v.Checker != hangs {
		least, verdict = k.Shrink(s, v)
		transcript, without = kept.Transcript(least, verdict, c.until(ctx, farewell))
	}
	e.Shrunk = &shrunk{
		Peers: least.Peers(), Pieces: int(least.Torrent.Geometry().NumPieces()), Events: verdict.Events, Runs: k.Runs, Wall: thousandths(time.Since(began)),
		Late: k.Late,
	}
	base := filepath.Join(failuresOf(c.out), kept.Name(s, e.Seed, v.Checker))
	e.Kept = filepath.ToSlash(base + ".toml")
	if err := os.MkdirAll(failuresOf(c.out), 0o777); err != nil {
		return err
	}
	if without == nil {
		e.Transcript = filepath.ToSlash(base + ".txt")
		if err := os.WriteFile(base+".txt", []byte(transcript), 0o666); err != nil {
			return err
		}
	}
	from := fmt.Sprintf("%s with seed %d", s.Name, e.Seed)
	if k.Late {
		from += ", and can perhaps be made smaller: there was no more time"
	}
	text := kept.Scenario(least, verdict, from, e.commands(), without)
	return os.WriteFile(base+".toml", []byte(text), 0o666)
}

// commands show a failure again: the scenario, and the transcript if there is one.
func (e *entry) commands() []string {
	list := []string{fmt.Sprintf("btsim campaign --scenarios %s --out again.jsonl", e.Kept)}
	if e.Transcript != "" {
		folder := path.Dir(e.Transcript)
		if !filepath.IsAbs(folder) {
			folder = "$PWD/" + folder // go test runs somewhere else
		}
		list = append(list, fmt.Sprintf("go test ./sim/kept -run TestKept -kept %q", folder))
	}
	return list
}
