package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/trace"
)

// openRecord begins the trace of --trace, or prints it as it comes; finish ends it. There is none without the option.
func openRecord(cmd *cli.Command) (w *trace.Writer, finish func() error, err error) {
	switch name := cmd.String("trace"); name {
	case "":
		return nil, func() error { return nil }, nil
	case "-":
		w, finish = printed(cmd.Root().Writer)
		return w, finish, nil
	default:
		if err := command.Spare("trace", name, cmd.Args().First()); err != nil {
			return nil, nil, err
		}
		f, err := os.Create(name)
		if err != nil {
			return nil, nil, command.Fail(fmt.Errorf("run: cannot write the trace: %w", err))
		}
		w = trace.NewWriter(f, maker())
		return w, func() error { return command.Written(errors.Join(w.Flush(), f.Close())) }, nil
	}
}

// printed is a trace that is printed as btsim trace does, while it is written.
func printed(to io.Writer) (*trace.Writer, func() error) {
	from, into := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- print(from, to) }()
	w := trace.NewWriter(into, maker())
	return w, func() error {
		err := w.Flush()
		into.Close()
		return command.Written(errors.Join(err, <-done))
	}
}

// print prints the lines of a trace. When that fails, what writes the trace fails.
func print(from *io.PipeReader, to io.Writer) error {
	out := bufio.NewWriter(to)
	r, err := trace.NewReader(from)
	if err == nil {
		t := &traceFile{Reader: r}
		err = t.each(func(_ *trace.Record, lines []trace.Line) bool {
			for i := range lines {
				if !lines[i].Inner {
					_, _ = out.WriteString(lines[i].String() + "\n") // Flush tells
				}
			}
			return true
		})
	}
	if err == io.EOF {
		err = out.Flush()
	}
	from.CloseWithError(err)
	return err
}
