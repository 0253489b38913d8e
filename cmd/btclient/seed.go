package main

import (
	"context"

	"github.com/urfave/cli/v3"
)

func newSeed() *cli.Command {
	return &cli.Command{
		Name:      "seed",
		Usage:     "seed a torrent whose files are there",
		ArgsUsage: "FILE.torrent",
		Description: `Verifies the files and serves them until interrupted. What an earlier run has verified, and nobody has
touched since, is believed; --recheck hashes all of it again. When something is missing it says what,
and exits with 1: "btclient get --seed" downloads the rest. Nothing is written but a small hidden record of
what was verified, beside the files.

Example:
   btclient seed photos.torrent -d ~/Pictures --listen :6881`,
		Flags: append([]cli.Flag{
			dirFlag("look in `DIR`, which holds the torrent's file or folder"),
		}, clientFlags()...),
		Action: func(_ context.Context, cmd *cli.Command) error {
			j, err := newJob(cmd)
			if err != nil {
				return err
			}
			j.stay, j.opt.ReadOnly = true, true
			return j.run()
		},
	}
}
