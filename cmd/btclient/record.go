package main

import (
	"errors"
	"fmt"
	"os"

	"peerwire/cmd/internal/command"
	"peerwire/trace"
)

// startTrace begins the trace that --trace asks for. It does not take the place of the torrent.
func (j *job) startTrace(name, torrent string) error {
	if name == "" {
		return nil
	}
	if err := command.Spare("trace", name, torrent); err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return command.Fail(fmt.Errorf("cannot write the trace: %w", err))
	}
	j.recorded, j.opt.Trace = f, trace.NewWriter(f, command.Build("btclient"))
	return nil
}

// endTrace ends it. That it is not whole is worth a warning: what was asked for besides is done.
func (j *job) endTrace() {
	if j.recorded == nil {
		return
	}
	if err := errors.Join(j.opt.Trace.Flush(), j.recorded.Close()); err != nil {
		j.display.Tell(warning(fmt.Errorf("the trace is not whole: %w", err)))
	}
}
