package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"time"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/internal/pages"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

func newRun() *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "let a swarm live in virtual time, and sum up how it fared",
		ArgsUsage: "SCENARIO",
		Description: `Every peer of the swarm runs the very core that btclient runs. The same scenario and the same seed
give the same run, to the last byte that any core is told: the trace hash in the summary stands for all of it.

SCENARIO is one that ships (see btsim scenarios) or a TOML file (see btsim scenarios --keys).

Examples:
   btsim run flash-crowd
   btsim run flash-crowd --peers 1000 --seed 7 --json
   btsim run slow-seed --check
   btsim run two-classes --report two-classes   and open two-classes/report.html
   btsim run first-pair --trace -`,
		Flags: []cli.Flag{
			&cli.Uint64Flag{Name: "seed", Usage: "all chance follows from `N`", DefaultText: "as the scenario says"},
			&cli.IntFlag{Name: "peers", Usage: "`N` peers in all: the largest group grows or shrinks", DefaultText: "as the scenario says"},
			&cli.StringFlag{Name: "until", Usage: "end the run at a virtual `TIME`, such as 2h, if it did not end before"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object, with the keys of docs/json.md"},
			&cli.BoolFlag{Name: "check", Usage: "run again with a look at every node after every event, compare, and name the first event that differs"},
			&cli.StringFlag{Name: "report", Usage: "write figures (report.html) and the numbers behind them (CSV) into `DIR`; docs/report.md explains them"},
			&cli.StringFlag{Name: "trace", Usage: "record every session in `FILE`, for btsim trace and btsim replay; - prints the lines of it"},
		},
		Action: runScenario,
	}
}

// job is one run of a scenario.
type job struct {
	scene   *scenario.Scenario
	trace   *sim.Trace
	checked bool   // every node is looked at after every event
	keeps   bool   // a record for a report
	command string // that gives the run again
	crowd   *crowd.Crowd
	show    *progress
	began   time.Time
	wall    time.Duration
	heap    uint64 // live bytes before there was a crowd
	weight  int64  // live bytes of a peer, when half of all had come and were complete, or at the end
	mallocs uint64 // allocations of the run
}

func runScenario(ctx context.Context, cmd *cli.Command) error {
	s, err := scenarioOf(cmd)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	dir := cmd.String("report")
	if cmd.IsSet("report") {
		if err := prepareReport(dir); err != nil {
			return err
		}
	}
	record, finish, err := openRecord(cmd)
	if err != nil {
		return err
	}
	j := &job{scene: s, keeps: dir != "", command: commandOf(cmd, s), trace: sim.NewTrace(), show: newProgress(cmd.Root().ErrWriter)}
	j.trace.Record = record
	err = j.run(ctx)
	j.show.end()
	if err := errors.Join(err, finish()); err != nil {
		return err
	}
	r := j.result()
	if cmd.Bool("check") {
		if err := j.repeat(ctx, cmd.Root().ErrWriter); err != nil {
			return err
		}
		r.Checked = true
	}
	if dir != "" {
		if r.Report, err = j.report(dir, r); err != nil {
			return err
		}
	}
	if cmd.Bool("json") {
		return command.Written(r.writeJSON(cmd.Root().Writer))
	}
	return command.Written(r.write(cmd.Root().Writer))
}

// scenarioOf reads the scenario of a command line, changed as its options say.
func scenarioOf(cmd *cli.Command) (*scenario.Scenario, error) {
	if cmd.Args().Len() != 1 || cmd.Args().First() == "" {
		return nil, command.Misuse("run: which scenario? (see btsim run --help)")
	}
	if err := command.Valued(cmd, "until", "trace"); err != nil {
		return nil, err
	}
	if cmd.Bool("json") && cmd.String("trace") == "-" {
		return nil, command.Misuse("run: options --json and --trace - both print: give the trace a file")
	}
	s, err := loadScenario("run", cmd.Args().First())
	if err != nil {
		return nil, err
	}
	if cmd.IsSet("seed") {
		s.Seed = scenario.Seed(cmd.Uint64("seed"))
	}
	if cmd.IsSet("peers") {
		if err := s.Scale(cmd.Int("peers")); err != nil {
			return nil, command.Misuse("run: option --peers: %d: %v", cmd.Int("peers"), err)
		}
	}
	if text := cmd.String("until"); text != "" {
		if err := s.Until.UnmarshalText([]byte(text)); err != nil || s.Until == 0 {
			return nil, command.Misuse("run: option --until: %q: it is no time such as 90s, 2h", text)
		}
	}
	return s, nil
}

// slice is how much virtual time passes between two looks at the clock.
const slice = 100 * time.Millisecond

// peerWeight is about what a peer takes in full swing, bytes.
const peerWeight = 192 << 10

var errInterrupted = command.Fail(errors.New("run: interrupted"))

// run runs the crowd to its end.
func (j *job) run(ctx context.Context) error {
	pages.Reserve(j.scene.Peers() * peerWeight)
	j.heap = liveHeap()
	mallocs := allocations()
	j.began = time.Now()
	j.crowd = j.begin()
	if j.keeps {
		j.crowd.Observe()
	}
	for !j.crowd.Over() {
		if ctx.Err() != nil {
			return errInterrupted
		}
		if err := j.crowd.Run(j.crowd.Now().Add(slice)); err != nil {
			return command.Fail(fmt.Errorf("run: %w", err))
		}
		n := j.crowd.Counts()
		if j.weight == 0 && n.Coming == 0 && 2*n.Completed >= n.Peers {
			j.weigh()
		}
		j.show.update(j.crowd, time.Since(j.began))
	}
	j.wall, j.mallocs = time.Since(j.began), allocations()-mallocs
	if err := j.crowd.Check(); err != nil {
		return command.Fail(fmt.Errorf("run: %w", err))
	}
	if j.weight == 0 {
		j.weigh()
	}
	return nil
}

// begin makes the crowd.
func (j *job) begin() *crowd.Crowd {
	o := sim.Options{Swift: true, Trace: j.trace}
	if j.checked {
		return crowd.NewChecked(j.scene, o)
	}
	return crowd.NewIn(j.scene, o)
}

// weigh notes how much memory a peer takes.
func (j *job) weigh() {
	at := time.Now()
	if n := j.crowd.Counts().Present; n > 0 {
		j.weight = int64(liveHeap()-j.heap) / int64(n)
	}
	j.began = j.began.Add(time.Since(at)) // that took no time of the run's
}

// allocations is how many there ever were.
func allocations() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}

// liveHeap is how many bytes are in use once the garbage is gone.
func liveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// repeat runs the scenario again, and tells where the two runs part, if they do.
func (j *job) repeat(ctx context.Context, stderr io.Writer) error {
	p, err := crowd.Repeat(j.trace, func(t *sim.Trace) error {
		again := &job{scene: j.scene, trace: t, checked: true, show: newProgress(stderr)}
		defer again.show.end()
		again.weight = -1
		return again.run(ctx)
	})
	switch {
	case err != nil:
		return err
	case p != nil:
		return command.Fail(errors.New("run: the second run was another: " + p.String()))
	}
	return nil
}

// result is what is shown of a run.
func (j *job) result() *result {
	return &result{Summary: j.crowd.Summary(), Wall: j.wall, Weight: j.weight, Mallocs: j.mallocs, Events: j.trace.Events(), Hash: j.trace.Sum().String()}
}

// seconds is a time for people: to a millisecond when it is short.
func seconds(d time.Duration) string {
	if d < time.Minute {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
