package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"
)

// version is that of the whole program.
const version = "0.1.0"

func newVersion() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "tell which btsim this is",
		Action: func(_ context.Context, cmd *cli.Command) error {
			_, err := fmt.Fprintf(cmd.Root().Writer, "btsim %s%s, built with %s for %s/%s\n",
				version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return written(err)
		},
	}
}

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
