package main

import (
	"context"

	"github.com/urfave/cli/v3"
)

func newGet() *cli.Command {
	return &cli.Command{
		Name:      "get",
		Usage:     "download a torrent",
		ArgsUsage: "FILE.torrent",
		Description: `Goes on where an earlier run of the same command ended. Peers come from the torrent's trackers, from
--peer, and by themselves. Exits with 0 when everything is there, verified and written; with --seed it
stays until interrupted, and exits with 0 if everything was there by then. Interrupted before, it exits
with 130 and keeps what it has; a second interrupt ends it at once.

Examples:
   btclient get debian.torrent
   btclient get debian.torrent -d ~/Downloads --seed
   btclient get debian.torrent --no-tracker --peer 192.0.2.7:6881 --peer "[2001:db8::7]:6881"
   btclient get debian.torrent --peers 192.0.2.7
   btclient get debian.torrent --transport tcp
   btclient get debian.torrent --trace get.trace; btsim trace get.trace
   btclient get debian.torrent --json > progress.jsonl`,
		Flags: append([]cli.Flag{
			dirFlag("download into `DIR`, which is made when it is missing"),
			&cli.BoolFlag{Name: "seed", Usage: "stay as a seed when everything is there"},
		}, clientFlags()...),
		Action: func(_ context.Context, cmd *cli.Command) error {
			j, err := newJob(cmd)
			if err != nil {
				return err
			}
			j.stay = cmd.Bool("seed")
			return j.run()
		},
	}
}
