package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
)

// The exit codes.
const (
	exitEnough = 0 // so many of each group were caught as must be
	exitFewer  = 1
	exitFailed = 2 // the check itself could not be done
)

// enough is how many mutants of a group must be caught, in percent.
const enough = 95

// options is the command line.
type options struct {
	only    string
	without string
	out     string
	jobs    int
	list    bool
}

func main() {
	var o options
	flag.StringVar(&o.only, "only", "", "mutate only these groups: tables, choke, trust, pick")
	flag.StringVar(&o.without, "without", "", "leave out the tests of these packages, such as core/peerfsm")
	flag.StringVar(&o.out, "out", "mutate.jsonl", "where results are kept; the same command goes on where it was")
	flag.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "test so many mutants at a time")
	flag.BoolVar(&o.list, "list", false, "only list the mutants")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code, err := run(ctx, &o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
	}
	os.Exit(code)
}

// run is the whole program; it gives the exit code.
func run(ctx context.Context, o *options, out, progress io.Writer) (int, error) {
	chosen, err := choose(o.only)
	if err != nil {
		return exitFailed, err
	}
	b, err := plan(chosen)
	if err != nil {
		return exitFailed, err
	}
	if o.list {
		return exitEnough, list(out, b.mutants)
	}
	results, err := check(ctx, o, b, chosen, progress)
	if err != nil {
		return exitFailed, err
	}
	return report(out, chosen, results)
}

// choose finds the groups that were asked for; all when none was.
func choose(only string) ([]group, error) {
	if only == "" {
		return groups, nil
	}
	var chosen []group
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(groups, func(g group) bool { return g.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no group %q", name)
		}
		chosen = append(chosen, groups[i])
	}
	return chosen, nil
}

func list(out io.Writer, mutants []mutant) error {
	var err error
	for _, m := range mutants {
		_, failed := fmt.Fprintf(out, "%s  %s  %s\n", m.Group, m.Place, m.Change)
		err = errors.Join(err, failed)
	}
	_, failed := fmt.Fprintf(out, "%d mutants\n", len(mutants))
	return errors.Join(err, failed)
}
