package command

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

// Version is that of all programs.
const Version = "0.1.0"

// newVersion is the command that tells which program this is.
func newVersion(name string) *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "tell which " + name + " this is",
		Action: func(_ context.Context, cmd *cli.Command) error {
			out := Output{To: cmd.Root().Writer}
			out.Line("%s, built with %s for %s/%s", Build(name), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return out.Close()
		},
	}
}

// Build is a program's name, its version, and the commit that it was built from, where the build knew it.
func Build(name string) string { return name + " " + Version + revision() }

// revision is the commit that the program was built from, where the build knew it.
func revision() string {
	const digits = 12
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= digits {
			return " (" + s.Value[:digits] + ")"
		}
	}
	return ""
}
