// Package swarm is one torrent: it owns the picker, the ledger of who sent what, the known peers,
// and the connections that are bound to it. Facts of a connection come in, commands to connections
// and effects go out.
//
// It lacks what crosses torrents: upload slots, the half-open limit, bans, timers. Those are the session's
// (package core).
package swarm
