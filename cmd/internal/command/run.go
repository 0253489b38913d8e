// Package command is what the programs have in common: how they begin and end, how they speak of a command line that makes no sense, and
// their exit codes.
package command

import (
	"context"
	"fmt"
	"io"

	"github.com/urfave/cli/v3"
)

// Run is a whole program: it runs the command that the arguments name, shows its error, and gives the exit code.
func Run(root *cli.Command, args []string, stdout, stderr io.Writer) int {
	root.Version = Version
	root.Writer, root.ErrWriter = stdout, stderr
	root.EnableShellCompletion = true
	root.ExitErrHandler = func(context.Context, *cli.Command, error) {} // done here
	root.Action = noCommand
	root.Commands = append(root.Commands, newVersion(root.Name))
	root.HideVersion = true // there is a command for that, which tells more
	for _, c := range append(root.Commands, root) {
		c.OnUsageError = explainUsage
		c.DisableSliceFlagSeparator = true
		c.HideHelpCommand = c != root // a file may well be named "help"
	}
	err := root.Run(context.Background(), args)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(stderr, root.Name+": "+err.Error())
	}
	return codeOf(err)
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
	return Misuse("unknown command %q%s (see %s --help)", name, hint, cmd.Name)
}
