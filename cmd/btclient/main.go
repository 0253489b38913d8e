// Btclient downloads, seeds, checks and makes torrents. `btclient help` tells how; `btclient demo` shows it all at
// work on one machine.
package main

import "os"

func main() { os.Exit(run(os.Args, os.Stdout, os.Stderr)) }
