package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
)

func newCampaign() *cli.Command {
	return &cli.Command{
		Name:  "campaign",
		Usage: "look for scenarios that fail: run many under all checkers, and make the failing ones small",
		Description: `A run is a scenario and a seed. Without --scenarios each seed stands for a random scenario: a set of
features is drawn first, then a small swarm that shows them. Every run is looked at by all checkers there are.

Each run is a line of JSON in --out (docs/json.md has its keys); what is there already is not run again, so the same
command goes on where it was. A scenario that fails is made as small as can be and kept in the folder FILE.failures,
and beside it, when one core is to blame, a transcript: all that this core was told, as a conversation. Both fail until
the core is mended, and the commands that show them again are printed. docs/simulator.md says more.

When the time of --for is up the campaign ends within seconds. Runs under way are left for the next time. What was being
made small is kept as small as it is by then, and the command that shows it again goes on making it smaller.

With --shard I/N this is the I-th of N that share the work, from 1: any batch scheduler can run them, each with its own --out.

Examples:
   btsim campaign --for 10m
   btsim campaign --seeds 1..100000 --jobs 8 --out night.jsonl
   btsim campaign --seeds 1..100000 --shard 3/40 --out night-3.jsonl
   btsim campaign --scenarios 'churn' --seeds 1..20
   btsim campaign --scenarios 'campaign.jsonl.failures/*.toml'

Exit codes: 0 nothing failed, 1 something did, or it could not be done, 2 a bad scenario, or a command line that makes no sense.`,
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "scenarios", Usage: "run the scenarios that `GLOB` matches: names of those that ship, or TOML files; random ones without it"},
			&cli.StringFlag{Name: "seeds", Usage: "with the seeds `A..B`; without it random scenarios go on from 1, others have the seed in their file"},
			&cli.IntFlag{Name: "jobs", Usage: "`N` runs at a time", Value: runtime.GOMAXPROCS(0)},
			&cli.StringFlag{Name: "shard", Usage: "do the part `I/N` of the work, from 1/N to N/N"},
			&cli.DurationFlag{Name: "for", Usage: "end after `DURATION`, such as 10m", DefaultText: "no end"},
			&cli.StringFlag{Name: "out", Usage: "keep the results in `FILE`", Value: "campaign.jsonl"},
			&cli.IntFlag{Name: "failures", Usage: "begin no more runs after `N` failures", DefaultText: "no limit"},
			&cli.Uint64Flag{Name: "events", Usage: "a run that takes more than `N` events has failed", DefaultText: "as many as its scenario can need"},
			&cli.DurationFlag{
				Name: "shrink", Usage: "spend at most `DURATION` on making a failing scenario small, and as much on its transcript", Value: time.Minute,
			},
			&cli.BoolFlag{Name: "json", Usage: "print the summary as one JSON object, with the keys of docs/json.md"},
		},
		Action: runCampaign,
	}
}

// campaign is what a command line asks for.
type campaign struct {
	globs    string
	from, to uint64 // seeds; from 1 on without end, or those of the files, when from is 0
	shard    uint64 // from 0
	shards   uint64
	jobs     int
	lasts    time.Duration // 0 is without limit
	shrink   time.Duration
	failures int    // 0 is without limit
	events   uint64 // of a run; 0 is as many as its scenario can need
	out      string
}

func runCampaign(ctx context.Context, cmd *cli.Command) error {
	c, err := campaignOf(cmd)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	sources, err := c.sources()
	if err != nil {
		return err
	}
	log, err := openLog(c.out)
	if err != nil {
		return err
	}
	crew := &crew{campaign: c, log: log, sources: sources, show: newMeter(cmd.Root().ErrWriter)}
	err = crew.work(ctx)
	if closed := log.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return command.Fail(fmt.Errorf("campaign: %w", err))
	}
	if cmd.Bool("json") {
		err = crew.sum.writeJSON(cmd.Root().Writer)
	} else {
		err = crew.sum.write(cmd.Root().Writer)
	}
	if err != nil {
		return command.Written(err)
	}
	if n := crew.sum.Failed; n > 0 {
		return command.Fail(fmt.Errorf("campaign: %s failed: see %s", plural(n, "run"), failuresOf(c.out)))
	}
	return nil
}

// campaignOf reads the command line.
func campaignOf(cmd *cli.Command) (*campaign, error) {
	c := &campaign{
		globs: cmd.String("scenarios"), jobs: cmd.Int("jobs"), lasts: cmd.Duration("for"), out: cmd.String("out"),
		failures: cmd.Int("failures"), shrink: cmd.Duration("shrink"), shards: 1,
		events: cmd.Uint64("events"),
	}
	if cmd.Args().Len() > 0 {
		return nil, command.Misuse("campaign: %q is no option; scenarios are named with --scenarios (see btsim campaign --help)", cmd.Args().First())
	}
	if err := command.Valued(cmd, "out"); err != nil {
		return nil, err
	}
	if text := cmd.String("seeds"); text != "" {
		from, to, ok := pair(text, "..")
		if !ok || from < 1 || to < from {
			return nil, command.Misuse("campaign: option --seeds: %q: it is no range such as 1..1000", text)
		}
		c.from, c.to = from, to
	} else if c.globs == "" {
		c.from, c.to = 1, math.MaxUint64
	}
	if text := cmd.String("shard"); text != "" {
		i, n, ok := pair(text, "/")
		if !ok || i < 1 || i > n {
			return nil, command.Misuse("campaign: option --shard: %q: it is no part such as 3/40", text)
		}
		c.shard, c.shards = i-1, n
	}
	for _, f := range []struct {
		name string
		bad  bool
	}{{"jobs", c.jobs < 1}, {"for", c.lasts < 0}, {"failures", c.failures < 0}, {"shrink", c.shrink < 0}} {
		if f.bad {
			return nil, command.Misuse("campaign: option --%s cannot be so little", f.name)
		}
	}
	if !cmd.IsSet("seeds") && c.globs == "" && c.lasts == 0 && c.failures == 0 {
		return nil, command.Misuse("campaign: when is it to end? Say --seeds, --for or --failures (see btsim campaign --help)")
	}
	return c, nil
}

// pair reads two numbers with something between them.
func pair(text, between string) (a, b uint64, ok bool) {
	first, second, ok := strings.Cut(text, between)
	a, errA := strconv.ParseUint(first, 10, 64)
	b, errB := strconv.ParseUint(second, 10, 64)
	return a, b, ok && errA == nil && errB == nil
}

// plural is so many of something.
func plural(n int, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return grouped(int64(n)) + " " + of + "s"
}
