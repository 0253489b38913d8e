// Btsim studies the peer connection without a network. `btsim help` tells how; `btsim fsm` shows the machines behind the
// sixteen status methods.
package main

import "os"

func main() { os.Exit(run(os.Args, os.Stdout, os.Stderr)) }
