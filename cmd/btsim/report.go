package main

import (
	"fmt"
	"path/filepath"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btsim/internal/report"
	"peerwire/cmd/internal/command"
	"peerwire/sim/scenario"
)

// prepareReport sees to it that a report can be written when the run is over.
func prepareReport(dir string) error {
	if dir == "" {
		return command.Misuse("run: option --report: into which folder?")
	}
	if err := report.Prepare(dir); err != nil {
		return command.Fail(fmt.Errorf("run: option --report: %w", err))
	}
	return nil
}

// commandOf is a command line that gives the run again that cmd asks for.
func commandOf(cmd *cli.Command, s *scenario.Scenario) string {
	line := fmt.Sprintf("btsim run %s --seed %d", cmd.Args().First(), s.Seed)
	if cmd.IsSet("peers") {
		line += fmt.Sprintf(" --peers %d", cmd.Int("peers"))
	}
	if until := cmd.String("until"); until != "" {
		line += " --until " + until
	}
	return line
}

// report writes the report of a run that is over, and gives the path of its page.
func (j *job) report(dir string, r *result) (string, error) {
	files, err := report.Files(&report.Run{Command: j.command, Scenario: j.scene, Summary: r.Summary, Record: j.crowd.Record(), Events: r.Events, Hash: r.Hash})
	if err != nil {
		return "", command.Fail(fmt.Errorf("run: cannot draw the report: %w", err))
	}
	if err := report.Write(dir, files); err != nil {
		return "", command.Fail(fmt.Errorf("run: option --report: %w", err))
	}
	return filepath.Join(dir, report.Page), nil
}
