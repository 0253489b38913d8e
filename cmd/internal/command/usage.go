package command

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/urfave/cli/v3"
)

var (
	unknownFlag  = regexp.MustCompile(`^flag provided but not defined: -(.*)$`)
	missingValue = regexp.MustCompile(`^flag needs an argument: -*(.*)$`)
	invalidValue = regexp.MustCompile(`^invalid value ("(?:[^"\\]|\\.)*") for flag -(\S+): (?:strconv\.\w+: )?(.*)$`)
)

// explainUsage turns the library's errors into one line that names the option as it is typed.
func explainUsage(_ context.Context, cmd *cli.Command, err error, _ bool) error {
	see := fmt.Sprintf(" (see %s --help)", cmd.FullName())
	if m := unknownFlag.FindStringSubmatch(err.Error()); m != nil {
		return Misuse("%s: unknown option %s%s%s", cmd.Name, dashed(m[1]), nearFlag(cmd, m[1]), see)
	}
	if m := missingValue.FindStringSubmatch(err.Error()); m != nil {
		return valueless(cmd, m[1])
	}
	if m := invalidValue.FindStringSubmatch(err.Error()); m != nil {
		return Misuse("%s: option %s: %s: %s", cmd.Name, dashed(m[2]), m[1], strings.TrimPrefix(m[3], "parsing "+m[1]+": "))
	}
	return Misuse("%s: %s%s", cmd.Name, err, see)
}

// Valued refuses options that were given an empty value.
func Valued(cmd *cli.Command, names ...string) error {
	for _, name := range names {
		if cmd.IsSet(name) && cmd.String(name) == "" {
			return valueless(cmd, name)
		}
	}
	return nil
}

func valueless(cmd *cli.Command, name string) error {
	return Misuse("%s: option %s needs a value (see %s --help)", cmd.Name, dashed(name), cmd.FullName())
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
	if name = strings.TrimLeft(name, "-"); len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// OnlyArgument is the one argument that a command takes.
func OnlyArgument(cmd *cli.Command, what string) (string, error) {
	switch args := cmd.Args(); {
	case args.Len() == 0 || args.First() == "":
		return "", Misuse("%s: %s is missing (see %s --help)", cmd.Name, what, cmd.FullName())
	case args.Len() > 1:
		return "", Misuse("%s: one argument too many: %q", cmd.Name, args.Get(1))
	default:
		return args.First(), nil
	}
}
