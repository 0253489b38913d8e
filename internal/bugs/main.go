package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"time"
)

// options is the command line.
type options struct {
	only     string
	out      string
	keep     string
	again    bool
	seeds    int
	jobs     int
	patience time.Duration
}

// The exit codes.
const (
	exitCaught = 0
	exitMissed = 1
	exitFailed = 2
)

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "these bugs, with commas between them")
	flag.StringVar(&o.out, "out", "docs/bugs.md", "the file that gets the table; - is standard output")
	flag.StringVar(&o.keep, "keep", "", "the folder that gets what fails with a bug and passes without: "+keptFolder)
	flag.BoolVar(&o.again, "again", false, "look for nothing, and play only again what is kept in "+keptFolder+" of each bug: it must fail")
	flag.IntVar(&o.seeds, "seeds", 2000, "so many random scenarios at most, of each bug")
	flag.IntVar(&o.jobs, "jobs", 1, "so many runs at a time")
	flag.DurationVar(&o.patience, "for", 5*time.Minute, "no longer than this with each bug")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, &o)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bugs:", err)
	}
	os.Exit(code)
}

// run is the whole program; it gives the exit code.
func run(ctx context.Context, o *options) (int, error) {
	bugs, err := list(bugsText)
	if err != nil {
		return exitFailed, err
	}
	if o.only != "" {
		names := strings.Split(o.only, ",")
		bugs = slices.DeleteFunc(bugs, func(b bug) bool { return !slices.Contains(names, b.name) })
	}
	if len(bugs) == 0 {
		return exitFailed, errors.New("there is no such bug")
	}
	if o.again {
		return replayAll(ctx, bugs)
	}
	var results []result
	code := exitCaught
	for i := range bugs {
		r, err := hunt(ctx, &bugs[i], o)
		if err != nil {
			return exitFailed, err
		}
		if !r.caught() {
			code = exitMissed
		}
		results = append(results, r)
		fmt.Fprintf(os.Stderr, "%d of %d: %s: %s after %d runs, %v\n", i+1, len(bugs), r.bug.name, orMissed(r.Checker), r.runs, r.took.Round(time.Second))
		if o.out != "-" { // as it is so far, should it be interrupted
			if err := os.WriteFile(o.out, []byte(table(results)), 0o666); err != nil {
				return exitFailed, err
			}
		}
	}
	if o.out == "-" {
		fmt.Print(table(results))
	}
	return code, nil
}

// replayAll plays again what is kept of each bug.
func replayAll(ctx context.Context, bugs []bug) (code int, err error) {
	for i := range bugs {
		whole, err := again(ctx, &bugs[i])
		if err != nil {
			return exitFailed, err
		}
		if !whole {
			code = exitMissed
		}
	}
	return code, nil
}

func orMissed(checker string) string {
	if checker == "" {
		return "not caught"
	}
	return checker
}

// table is what docs/bugs.md says.
func table(results []result) string {
	var b strings.Builder
	caught, small, told, proven := 0, 0, 0, 0
	var rows strings.Builder
	for i := range results {
		r := &results[i]
		fmt.Fprintf(&rows, "| `%s` | %s | `%s` | %s | ", r.bug.name, r.bug.wrong, r.bug.file, orMissed(strings.ReplaceAll(r.Checker, "|", "/")))
		if !r.caught() {
			fmt.Fprintf(&rows, "- | %d | - | - | - | - | - |\n", r.runs)
			continue
		}
		caught++
		peers, pieces, wall := "-", "-", "-"
		if s := r.Shrunk; s != nil {
			peers, pieces, wall = fmt.Sprint(s.Peers), fmt.Sprint(s.Pieces), s.Wall.String()+" s"
			if s.Peers <= 4 && s.Pieces <= 4 {
				small++
			}
		}
		if r.transcript.there {
			told++
		}
		if r.transcript.whole() {
			proven++
		}
		fmt.Fprintf(&rows, "%d | %d | %s | %s | %s | %v | %v |\n", r.Seed, r.runs, peers, pieces, wall, r.scenario, r.transcript)
	}
	fmt.Fprintf(&b, `# Which checker catches which bug

%d bugs of the kinds that real clients have had, each put into the core by itself: %d were caught by a campaign of random scenarios, and
%d of them shrank to at most 4 peers and 4 pieces. Of %d a transcript was kept beside the scenario, and %d of these fail in `+"`go test`"+` with the bug
and pass without. The last two columns say whether the kept scenario does so, and the transcript; a failure of the swarm as a whole, such as of
liveness, has none.
`+"`go run ./internal/bugs`"+` writes this table anew; times are wall time on a machine that did other things too.

| bug | what is wrong | where | checker | seed | runs | peers | pieces | made small in | scenario | transcript |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
`, len(results), caught, small, told, proven)
	b.WriteString(rows.String())
	return b.String()
}
