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

With --super-seed it looks like a peer that has nothing, shows each piece to one peer, and shows that
one another when the first was passed on (BEP 16). So it sends little more than one copy until others have
everything: good for the only seed of a new torrent on a slow or costly line, and a hindrance elsewhere.

Examples:
   btclient seed photos.torrent -d ~/Pictures --listen :6881
   btclient seed photos.torrent -d ~/Pictures --super-seed`,
		Flags: append([]cli.Flag{
			dirFlag("look in `DIR`, which holds the torrent's file or folder"),
			&cli.BoolFlag{Name: "super-seed", Usage: "send each piece once, as far as possible, and let the peers pass it on"},
		}, clientFlags()...),
		Action: func(_ context.Context, cmd *cli.Command) error {
			j, err := newJob(cmd)
			if err != nil {
				return err
			}
			j.stay, j.opt.ReadOnly, j.opt.SuperSeed = true, true, cmd.Bool("super-seed")
			return j.run()
		},
	}
}
