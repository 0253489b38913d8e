// Package peerfsm is one connection to one peer: the machines behind the sixteen status
// methods, the handshake, the request pipelines of both directions, and the timers.
//
// A Peer is driven by its torrent (package swarm) and knows nothing of other peers. Facts go
// up, commands come down:
//
//   - Step takes the bytes that arrived, one message at a time, and tells the one Fact that the
//     torrent has to act on.
//   - Fire acts on what is due by the time given.
//   - Decide..., Ask, Cancel, Tell... are the torrent's commands. They change what we have decided; the
//     peer learns of it in Transmit, which encodes what it must be told at that moment. A change that was
//     taken back before it was announced costs no bytes.
//   - After each call the torrent empties Freed (requests that will not be answered) and Dropped (tokens
//     of blocks that will not be sent).
//
// It lacks: which block to ask for (pick), who gets a slot (choke), whom to dial (dial), who is to
// be trusted (trust). Those are the torrent's and the session's.
package peerfsm
