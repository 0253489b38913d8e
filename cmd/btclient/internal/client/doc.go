// Package client runs one torrent with the real shells: sockets, disk and trackers around a session. The commands, and
// each of the demo's five clients, are this with different options.
package client

import "peerwire/cmd/internal/command"

// The program's names: to people at the other end (BEP 10), and in its peer ids (BEP 20).
const (
	clientName   = "peerwire " + command.Version
	peerIDPrefix = "-PW0100-"
)
