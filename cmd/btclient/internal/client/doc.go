// Package client runs one torrent with the real shells: sockets, disk and trackers around a session. The commands, and
// each of the demo's five clients, are this with different options.
package client

// Version is that of the whole program.
const Version = "0.1.0"

// The program's names: to people at the other end (BEP 10), and in its peer ids (BEP 20).
const (
	clientName   = "peerwire " + Version
	peerIDPrefix = "-PW0100-"
)
