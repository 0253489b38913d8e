package main

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"
)

const rootDescription = `Studies the peer connection of BitTorrent without a network.

Examples:
   btsim run flash-crowd              a swarm in virtual time, summed up
   btsim scenarios                    the scenarios that ship
   btsim fsm                          the machines behind the sixteen status methods, as tables
   btsim fsm snubbed                  the one behind a method
   btsim fsm slot --format mermaid    ... as a diagram
   btsim version

Exit codes: 0 done, 1 failed, 2 a command line that makes no sense.`

// run is the whole program; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	err := newRoot(stdout, stderr).Run(context.Background(), args)
	if err != nil {
		fmt.Fprintln(stderr, "btsim: "+err.Error())
	}
	return codeOf(err)
}

// newRoot is the tree of commands.
func newRoot(stdout, stderr io.Writer) *cli.Command {
	root := &cli.Command{
		Name:                  "btsim",
		Usage:                 "BitTorrent's peer connection, studied",
		Description:           rootDescription,
		Version:               version,
		Commands:              []*cli.Command{newRun(), newScenarios(), newFSM(), newVersion()},
		HideVersion:           true, // there is a command for that, which tells more
		EnableShellCompletion: true,
		Writer:                stdout,
		ErrWriter:             stderr,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {}, // run does it
		Action:                noCommand,
	}
	for _, c := range append(root.Commands, root) {
		c.OnUsageError = explainUsage
		c.HideHelpCommand = c != root
	}
	return root
}

// noCommand is what runs when the first argument is no command.
func noCommand(_ context.Context, cmd *cli.Command) error {
	name := cmd.Args().First()
	if name == "" {
		return cli.ShowRootCommandHelp(cmd)
	}
	hint := ""
	if near := cli.SuggestCommand(cmd.Commands, name); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	return usage("unknown command %q%s (see btsim --help)", name, hint)
}

var (
	unknownFlag  = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	missingValue = regexp.MustCompile(`^flag needs an argument: -*(.*)$`)
)

// explainUsage turns the library's errors into one line that names the option as it is typed.
func explainUsage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	see := fmt.Sprintf(" (see %s --help)", cmd.FullName())
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		return usage("%s: unknown option %s%s", cmd.Name, dashed(m[1]), see)
	}
	if m := missingValue.FindStringSubmatch(err.Error()); m != nil {
		return usage("%s: option %s needs a value%s", cmd.Name, dashed(m[1]), see)
	}
	return usage("%s: %s%s", cmd.Name, err, see)
}

// dashed spells an option as people type it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + strings.TrimLeft(name, "-")
}
