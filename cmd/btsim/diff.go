package main

import (
	"errors"
	"io"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/trace"
)

// context is how many lines before a difference are shown.
const diffContext = 8

// recordWords is a record and its lines.
type recordWords struct {
	rec    trace.Record
	lines  []string
	ended  error
	teller trace.Teller
}

func (w *recordWords) next(t *traceFile) {
	w.lines = w.lines[:0]
	if w.ended = t.Next(&w.rec); w.ended != nil {
		return
	}
	for _, l := range w.teller.Tell(&w.rec) {
		w.lines = append(w.lines, l.String())
	}
}

// diffTraces shows the first record in which two traces differ, and what went before it.
func diffTraces(cmd *cli.Command, one, other string) error {
	a, err := openTrace(cmd, one)
	if err != nil {
		return err
	}
	b, err := openTrace(cmd, other)
	if err != nil {
		a.file.Close()
		return err
	}
	var x, y recordWords
	var before []string
	for {
		x.next(a)
		y.next(b)
		if x.ended != nil || y.ended != nil || !trace.Same(&x.rec, &y.rec) {
			break
		}
		before = append(before, x.lines...)
		before = before[max(0, len(before)-diffContext):]
	}
	endA, endB := ended(a, cmd, x.ended), ended(b, cmd, y.ended)
	out := command.Output{To: cmd.Root().Writer}
	if err := errors.Join(endA, endB); err != nil {
		return err
	}
	if x.ended != nil && y.ended != nil {
		out.Line("%s and %s are the same", one, other)
		return out.Close()
	}
	for _, line := range before {
		out.Line("  %s", line)
	}
	show := func(sign, name string, w *recordWords) {
		if w.ended != nil {
			w.lines = []string{"(the end of " + name + ")"}
		}
		for _, line := range w.lines {
			out.Line("%s %s", sign, line)
		}
	}
	show("-", one, &x)
	show("+", other, &y)
	return errors.Join(out.Close(), command.FailQuietly())
}

// ended tells what was wrong with the end of a trace, if it has ended.
func ended(t *traceFile, cmd *cli.Command, err error) error {
	if err == nil {
		err = io.EOF
	}
	return t.ended(cmd, err)
}
