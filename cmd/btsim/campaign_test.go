package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	sought "peerwire/sim/campaign"
	"peerwire/sim/scenario"
)

// stuck is a scenario with a model to shrink for, which fails at once when a run may have but few events.
const stuck = `
seed = 3
[torrent]
size = "64 KiB"
piece = "32 KiB"
[[peers]]
name = "s"
have = "all"
[[peers]]
name = "p"
count = 2
`

// crewOf is a crew of one for a scenario.
func crewOf(t *testing.T, c *campaign, text string) (*crew, order) {
	t.Helper()
	s, err := scenario.Read("stuck.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c.out = filepath.Join(t.TempDir(), "out.jsonl")
	log, err := openLog(c.out)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := log.file.Close(); err != nil {
			t.Error(err)
		}
	})
	return &crew{campaign: c, log: log, show: newMeter(io.Discard), small: map[string]int{}}, order{&source{s.Name, s}, uint64(s.Seed)}
}

// over is a context whose time is up.
func over(t *testing.T) context.Context {
	ctx, stop := context.WithDeadline(context.Background(), time.Now().Add(-time.Hour))
	t.Cleanup(stop)
	return ctx
}

// A run that is under way when the time is up leaves nothing behind: neither a result nor a failure.
func TestRunUnderWayWhenTheTimeIsUp(t *testing.T) {
	c, o := crewOf(t, &campaign{events: 20, shrink: time.Hour}, stuck)
	if err := c.do(over(t), o); err != nil {
		t.Fatal(err)
	}
	if c.sum.UnderWay != 1 || c.sum.Runs != 0 || len(c.log.done) != 0 {
		t.Errorf("%+v, %d results", c.sum, len(c.log.done))
	}
	if err := c.do(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	if c.sum.Runs != 1 || c.sum.Failed != 1 {
		t.Errorf("the next time: %+v", c.sum)
	}
}

// A failure that was found before the time was up is kept, as small as it is by then, and fails as it did when it is run again.
func TestFailureIsKeptWhenTheTimeIsUp(t *testing.T) {
	c, o := crewOf(t, &campaign{events: 20, shrink: time.Hour}, stuck)
	s, _ := o.scenario()
	v := sought.Run(s, sought.Options{Most: c.events})
	if !v.Failed() {
		t.Fatal("it does not fail")
	}
	e := entry{Scenario: s.Name, Seed: uint64(s.Seed)}
	if err := c.keep(over(t), &e, s, v); err != nil {
		t.Fatal(err)
	}
	if !e.Shrunk.Late || e.Shrunk.Runs != 0 {
		t.Errorf("%+v", e.Shrunk)
	}
	text, err := os.ReadFile(e.Kept)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), "# It was stuck with seed 3, and can perhaps be made smaller: there was no more time.") {
		t.Errorf("the file does not say that there was no time:\n%s", text)
	}
	again, err := scenario.Read("again.toml", text)
	if err != nil {
		t.Fatal(err)
	}
	if v := sought.Run(again, sought.Options{Most: c.events}); v.Checker != sought.Endless {
		t.Errorf("%+v", v)
	}
}

// What takes time has so much as it may take, or what is left of the campaign's and so much more; and none when somebody interrupts it.
func TestUntil(t *testing.T) {
	c := &crew{campaign: &campaign{shrink: time.Hour}}
	interrupted, stop := context.WithCancel(context.Background())
	stop()
	for _, f := range []struct {
		what   string
		ctx    context.Context
		after  time.Duration
		enough bool
	}{
		{"a campaign without end", context.Background(), 0, false},
		{"one that is over", over(t), 0, true},
		{"one that was over not so long ago", over(t), 2 * time.Hour, false},
		{"one that was interrupted", interrupted, 2 * time.Hour, true},
	} {
		if enough := c.until(f.ctx, f.after)(); enough != f.enough {
			t.Errorf("%s: %t", f.what, enough)
		}
	}
	if c.shrink = 0; !c.until(over(t), 2*time.Hour)() {
		t.Error("it takes longer than it may")
	}
}
