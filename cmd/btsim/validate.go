package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/core/bt"
	"peerwire/sim/validate"
)

// quickSeeds is how many seeds each setting gets with --quick.
const quickSeeds = 2

func newValidate() *cli.Command {
	return &cli.Command{
		Name:  "validate",
		Usage: "hold the simulator against theorems, fluid models and what others found",
		Description: `Runs the swarms of docs/validation.md, each with many seeds, and tells what was measured, the band that
it should be in, and whether it is. All seeds take half an hour of a core, --quick five minutes; --resume keeps what is done. The
figures depend on nothing but the program: docs/validation.md changes when the core or the simulator does.

Exit codes: 0 all is in its band or explained, 1 something is not, or the runs failed, 2 a command line that makes no sense.

Examples:
   btsim validate                                a table of everything
   btsim validate --only libtorrent
   btsim validate --quick --jobs 2               two seeds each; a band may be missed by chance, which is said
   btsim validate --resume runs.jsonl --out docs/validation.md
   btsim validate --resume runs.jsonl --kept      what an interrupted validation has found so far
   btsim validate --only hajek-zhu --seeds 20 --json`,
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "only", Usage: "only the study `NAME`, or those whose names begin so; may be given more than once"},
			&cli.IntFlag{Name: "seeds", Usage: "`N` runs of each swarm, with the seeds 1 to N", DefaultText: "as many as each study asks for"},
			&cli.BoolFlag{Name: "quick", Usage: "two runs of each swarm: a first look"},
			&cli.IntFlag{Name: "jobs", Value: 1, Usage: "`N` runs at one time"},
			&cli.StringFlag{Name: "out", Usage: "write the chapter, in Markdown, to `FILE`"},
			&cli.StringFlag{Name: "resume", Usage: "keep each run that is done in `FILE`, and do not do again what is there already"},
			&cli.BoolFlag{Name: "kept", Usage: "run nothing: judge what the file of --resume has, of each study as many seeds as all its swarms " +
				"have been run with"},
			&cli.BoolFlag{Name: "any-program", Usage: "let what another program has run, in the file of --resume, count too: for when nothing but " +
				"the words of the chapter has changed since"},
			&cli.BoolFlag{Name: "json", Usage: "print one JSON object, with the keys of docs/json.md"},
		},
		Action: runValidate,
	}
}

// validation is a run of the command.
type validation struct {
	studies []validate.Study
	seeds   []int           // of each study
	runs    []validate.Runs // of each study
	show    *sweep
	journal *runJournal // nil when nothing is kept
}

// swarmRun is one run that is to be done: of a study, a point, and from 1 a seed.
type swarmRun struct{ study, point, seed int }

func runValidate(ctx context.Context, cmd *cli.Command) (err error) {
	v, err := validationOf(cmd)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	if name := cmd.String("resume"); name != "" {
		if v.journal, err = openRuns(name, cmd.Bool("any-program")); err != nil {
			return err
		}
		defer v.journal.close()
	}
	if cmd.Bool("kept") {
		v.keepToKept()
	}
	v.show = newSweep(cmd.Root().ErrWriter)
	err = v.run(ctx, cmd.Int("jobs"))
	v.show.end()
	switch {
	case ctx.Err() != nil:
		return command.Interrupt()
	case err != nil:
		return command.Fail(fmt.Errorf("validate: %w", err))
	}
	r := v.result()
	if name := cmd.String("out"); name != "" {
		if err := os.WriteFile(name, []byte(r.chapter()), 0o666); err != nil {
			return command.Fail(fmt.Errorf("validate: cannot write the chapter: %w", err))
		}
	}
	if cmd.Bool("json") {
		err = r.writeJSON(cmd.Root().Writer)
	} else {
		err = r.write(cmd.Root().Writer)
	}
	if err != nil {
		return command.Written(err)
	}
	if r.missed > 0 {
		return command.Fail(fmt.Errorf("validate: %d of %d figures are outside their bands", r.missed, r.judged))
	}
	return nil
}

// validationOf reads a command line.
func validationOf(cmd *cli.Command) (*validation, error) {
	v := &validation{}
	switch {
	case cmd.Args().Len() > 0:
		return nil, command.Misuse("validate: it takes options only (see btsim validate --help)")
	case cmd.IsSet("seeds") && cmd.Int("seeds") < 1:
		return nil, command.Misuse("validate: option --seeds: %d: it is at least 1", cmd.Int("seeds"))
	case cmd.IsSet("seeds") && cmd.Bool("quick"):
		return nil, command.Misuse("validate: --quick is --seeds %d: one of them is enough", quickSeeds)
	case cmd.Bool("kept") && cmd.String("resume") == "":
		return nil, command.Misuse("validate: option --kept needs --resume FILE")
	case cmd.Bool("any-program") && cmd.String("resume") == "":
		return nil, command.Misuse("validate: option --any-program needs --resume FILE")
	case cmd.Int("jobs") < 1:
		return nil, command.Misuse("validate: option --jobs: %d: it is at least 1", cmd.Int("jobs"))
	}
	only, names := cmd.StringSlice("only"), []string{}
	for _, s := range validate.Studies() {
		names = append(names, s.Name)
		if len(only) > 0 && !slices.ContainsFunc(only, func(o string) bool { return strings.HasPrefix(s.Name, o) }) {
			continue
		}
		v.studies = append(v.studies, s)
		seeds := s.Seeds
		if cmd.Bool("quick") {
			seeds = quickSeeds
		}
		if cmd.IsSet("seeds") {
			seeds = cmd.Int("seeds")
		}
		v.seeds = append(v.seeds, seeds)
	}
	for _, o := range only {
		if !slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, o) }) {
			return nil, command.Misuse("validate: no study is called %q; there are %s", o, strings.Join(names, ", "))
		}
	}
	return v, nil
}

// keepToKept leaves those studies, and of each those seeds, that were run before.
func (v *validation) keepToKept() {
	studies := v.studies
	v.studies, v.seeds = nil, nil
	for _, s := range studies {
		n := 0
		for !slices.ContainsFunc(s.Points, func(p validate.Point) bool { return v.journal.find(&s, &p, n+1) == nil }) {
			n++
		}
		if n > 0 {
			v.studies, v.seeds = append(v.studies, s), append(v.seeds, n)
		}
	}
}

// run does all runs that are not done yet, so many at a time.
func (v *validation) run(ctx context.Context, jobs int) error {
	rounds := 0
	for i := range v.studies {
		s := &v.studies[i]
		runs := make(validate.Runs, len(s.Points))
		for p := range runs {
			runs[p] = make([]validate.Figures, v.seeds[i])
		}
		v.runs = append(v.runs, runs)
		rounds = max(rounds, v.seeds[i])
	}
	var todo []swarmRun
	for seed := 1; seed <= rounds; seed++ {
		todo = append(todo, v.round(seed)...)
	}
	v.show.begin(todo)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan swarmRun)
	var workers sync.WaitGroup
	for range jobs {
		workers.Go(func() {
			for r := range next {
				if err := v.one(ctx, r); err != nil {
					stop(err)
				}
			}
		})
	}
	for _, r := range todo {
		if ctx.Err() != nil {
			break
		}
		next <- r
	}
	close(next)
	workers.Wait()
	return context.Cause(ctx)
}

// round lists the runs with a seed that are not done yet: with each seed every swarm is run before any is with the next, so that what is interrupted
// has some of everything.
func (v *validation) round(seed int) (todo []swarmRun) {
	for i := range v.studies {
		s := &v.studies[i]
		for p := range s.Points {
			if seed > v.seeds[i] {
				break
			}
			if known := v.journal.find(s, &s.Points[p], seed); known != nil {
				v.runs[i][p][seed-1] = known
			} else {
				todo = append(todo, swarmRun{i, p, seed})
			}
		}
	}
	return todo
}

// one does one run.
func (v *validation) one(ctx context.Context, r swarmRun) error {
	s := &v.studies[r.study]
	p := &s.Points[r.point]
	began := time.Now()
	f, err := p.Run(uint64(r.seed), func(now, until bt.Instant, here int) error {
		v.show.update(fmt.Sprintf("%s/%s seed %d   t=%v   %d here", s.Name, p.Name, r.seed, time.Duration(now).Round(time.Second), here))
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("%s, %s, seed %d: %w", s.Name, p.Name, r.seed, err)
	}
	v.runs[r.study][r.point][r.seed-1] = f // nobody else has this place
	v.show.done(r, time.Since(began))
	return v.journal.add(s.Name, p.Name, r.seed, f, time.Since(began))
}
