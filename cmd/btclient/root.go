package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/client"
	"peerwire/cmd/btclient/internal/ui"
)

const rootDescription = `Downloads and seeds torrents over TCP and uTP, checks them and makes new ones.

Examples:
   btclient demo                                       see it at work, without files or network
   btclient get debian.torrent -d ~/Downloads          download
   btclient get debian.torrent -d ~/Downloads --seed   download, and stay as a seed
   btclient create photos -a udp://tracker.example.org:6969/announce -o photos.torrent
   btclient seed photos.torrent -d .                   seed what was just made

Options may stand before or after files. Exit codes: 0 done (also when interrupted while seeding
what is complete), 1 failed, 2 bad input or usage, 130 interrupted before it was done.`

// run is the whole program; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	err := newRoot(stdout, stderr).Run(context.Background(), args)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(stderr, "btclient: "+err.Error())
	}
	return codeOf(err)
}

// newRoot is the tree of commands.
func newRoot(stdout, stderr io.Writer) *cli.Command {
	root := &cli.Command{
		Name:        "btclient",
		Usage:       "a BitTorrent client",
		Description: rootDescription,
		Version:     client.Version,
		Commands: []*cli.Command{
			newGet(), newSeed(), newVerify(), newInfo(), newCreate(), newDemo(), newVersion(),
		},
		HideVersion:           true, // there is a command for that, which tells more
		EnableShellCompletion: true,
		Writer:                stdout,
		ErrWriter:             stderr,
		ExitErrHandler:        func(context.Context, *cli.Command, error) {}, // run does it
		Action:                noCommand,
	}
	for _, c := range append(root.Commands, root) {
		c.OnUsageError = explainUsage
		c.DisableSliceFlagSeparator = true
		c.HideHelpCommand = c != root // a file may well be named "help"
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
	return usage("unknown command %q%s (see btclient --help)", name, hint)
}

var (
	unknownFlag  = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	missingValue = regexp.MustCompile(`^flag needs an argument: -*(.*)$`)
	invalidValue = regexp.MustCompile(`^invalid value ("(?:[^"\\]|\\.)*") for flag -(\S+): (?:strconv\.\w+: )?(.*)$`)
)

// explainUsage turns the library's errors into one line that names the option as it is typed.
func explainUsage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	see := fmt.Sprintf(" (see %s --help)", cmd.FullName())
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		return usage("%s: unknown option %s%s%s", cmd.Name, dashed(m[1]), nearFlag(cmd, m[1]), see)
	}
	if m := missingValue.FindStringSubmatch(err.Error()); m != nil {
		return usage("%s: option %s needs a value%s", cmd.Name, dashed(m[1]), see)
	}
	if m := invalidValue.FindStringSubmatch(err.Error()); m != nil {
		return usage("%s: option %s: %s: %s", cmd.Name, dashed(m[2]), m[1], m[3])
	}
	return usage("%s: %s%s", cmd.Name, err, see)
}

// nearFlag is a hint at the option that may have been meant, if one is near.
func nearFlag(cmd *cli.Command, name string) string {
	if len(name) < 2 {
		return ""
	}
	near := strings.TrimLeft(cli.SuggestFlag(cmd.Flags, name, true), "-")
	if len(near) < 2 {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", dashed(near))
}

// dashed spells an option as people type it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// onlyArgument is the one argument that a command takes.
func onlyArgument(cmd *cli.Command, what string) (string, error) {
	switch args := cmd.Args(); {
	case args.Len() == 0 || args.First() == "":
		return "", usage("%s: %s is missing (see %s --help)", cmd.Name, what, cmd.FullName())
	case args.Len() > 1:
		return "", usage("%s: one argument too many: %q", cmd.Name, args.Get(1))
	default:
		return args.First(), nil
	}
}

// output writes lines of a command's result and remembers the first failure, of a full disk or a closed pipe.
type output struct {
	w   io.Writer
	err error
}

func (o *output) line(format string, args ...any) {
	if o.err == nil {
		_, o.err = fmt.Fprintln(o.w, ui.Printable(fmt.Sprintf(format, args...)))
	}
}

// close is the command's error, when there was none but that of writing.
func (o *output) close() error {
	if o.err != nil {
		return failed(errors.Join(errors.New("cannot write the result"), o.err))
	}
	return nil
}
