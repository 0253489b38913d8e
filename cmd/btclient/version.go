package main

import (
	"context"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/btclient/internal/client"
)

func newVersion() *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "tell which btclient this is",
		Action: func(_ context.Context, cmd *cli.Command) error {
			out := output{w: cmd.Root().Writer}
			out.line("btclient %s%s, built with %s for %s/%s", client.Version, revision(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return out.close()
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
