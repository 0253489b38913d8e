package main

import (
	"io"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
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
	return command.Run(&cli.Command{
		Name:        "btclient",
		Usage:       "a BitTorrent client",
		Description: rootDescription,
		Commands:    []*cli.Command{newGet(), newSeed(), newVerify(), newInfo(), newCreate(), newDemo()},
	}, args, stdout, stderr)
}
