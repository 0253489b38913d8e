package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
)

func newScenarios() *cli.Command {
	return &cli.Command{
		Name:      "scenarios",
		Usage:     "list the scenarios that ship, print one, or tell what a scenario may say",
		ArgsUsage: "[NAME]",
		Description: `A scenario is a TOML file: the torrent, the lines between peers, the tracker, and groups of peers.
To make one of your own, begin with one that ships.

Times are whole numbers with units (25ms, 1h30m), sizes too (256 KiB), and rates (1 MiB/s, 800 kbit/s).

Examples:
   btsim scenarios
   btsim scenarios flash-crowd > mine.toml
   btsim scenarios --keys
   btsim scenarios --faults
   btsim run mine.toml`,
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "keys", Usage: "tell which keys a scenario may have, and what they mean"},
			&cli.BoolFlag{Name: "faults", Usage: "tell which faults there are, how much of each there usually is, and what they mean"},
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			out := cmd.Root().Writer
			switch name := cmd.Args().First(); {
			case cmd.Args().Len() > 1:
				return command.Misuse("scenarios: one scenario at a time (see btsim scenarios --help)")
			case cmd.Bool("keys") && cmd.Bool("faults"), name != "" && (cmd.Bool("keys") || cmd.Bool("faults")):
				return command.Misuse("scenarios: a name, --keys or --faults: one of them (see btsim scenarios --help)")
			case cmd.Bool("keys"):
				return command.Written(showKeys(out))
			case cmd.Bool("faults"):
				return command.Written(showFaults(out))
			case name == "":
				return command.Written(listScenarios(out))
			default:
				text, ok := scenarios.Text(name)
				if !ok {
					return command.Misuse("scenarios: %s", noScenario(name))
				}
				_, err := out.Write(text)
				return command.Written(err)
			}
		},
	}
}

func listScenarios(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, name := range scenarios.Names() {
		s, err := loadScenario("scenarios", name)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d peers\t%s\n", name, s.Peers(), s.About)
	}
	return w.Flush()
}

func showKeys(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range scenario.Fields() {
		is := f.Kind
		if f.Default != "" {
			is += ", " + f.Default
		}
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.Key, is, f.Means)
	}
	return w.Flush()
}

func showFaults(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, k := range fault.All() {
		f := k.Info()
		fmt.Fprintf(w, "%s\t%v\t%v\t%s\n", f.Name, f.Area, f.Usual, f.Means)
	}
	return w.Flush()
}

func noScenario(name string) string {
	return fmt.Sprintf("no scenario is called %q; there are %s", name, strings.Join(scenarios.Names(), ", "))
}

// loadScenario reads a scenario that ships, by its name, or a file, for the command of that name.
func loadScenario(by, name string) (*scenario.Scenario, error) {
	text, ok := scenarios.Text(name)
	if ok {
		return scenario.Read(name+".toml", text)
	}
	if !strings.HasSuffix(name, ".toml") {
		return nil, command.Misuse("%s: %s (or a file that ends in .toml)", by, noScenario(name))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, command.BadFile(name, err)
	}
	defer f.Close()
	if text, err = io.ReadAll(io.LimitReader(f, scenario.MaxFile+1)); err != nil {
		return nil, command.BadFile(name, err)
	}
	s, err := scenario.Read(name, text)
	if err != nil {
		return nil, command.Misuse("%v", err) // which says where
	}
	return s, nil
}
