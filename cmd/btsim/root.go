package main

import (
	"io"

	"github.com/urfave/cli/v3"

	"peerwire/cmd/internal/command"
)

const rootDescription = `Studies the peer connection of BitTorrent without a network.

Examples:
   btsim run flash-crowd              a swarm in virtual time, summed up
   btsim trace get.trace              what a session was told and what it answered, recorded by btclient or btsim
   btsim replay get.trace             tell the core the same once more, and compare to the byte
   btsim campaign --for 10m           many random swarms, under all checkers
   btsim validate                     the simulator, held against what is known of swarms
   btsim scenarios                    the scenarios that ship
   btsim fsm                          the machines behind the sixteen status methods, as tables
   btsim fsm snubbed                  the one behind a method
   btsim fsm slot --format mermaid    ... as a diagram
   btsim version

Exit codes: 0 done, 1 failed, 2 bad input, or a command line that makes no sense.`

// run is the whole program; it gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	return command.Run(&cli.Command{
		Name:        "btsim",
		Usage:       "BitTorrent's peer connection, studied",
		Description: rootDescription,
		Commands:    []*cli.Command{newRun(), newCampaign(), newValidate(), newTrace(), newReplay(), newScenarios(), newFSM()},
	}, args, stdout, stderr)
}
