// Package loop drives a core.Session with real sockets, disks and time: it waits, hands the session one event, drains
// the effects and executes them. One goroutine, the one in Run, owns the session and every socket; disk and
// hashing run in the workers of shell/disk, dialling in a goroutine each.
//
// It decides nothing of the protocol. What it does decide is the batching: one read of a socket feeds the session with
// many messages, the blocks of a turn go to the disk together, and what a turn gives the peers to be told
// is written with as few system calls as fit.
//
// # Where a block's bytes go
//
// A read scatters: first into the buffer of the block that is arriving, then, when blocks come one after the other, into
// buffers for those that probably follow, then into a room that all connections share. What was not guessed right,
// or comes to lie in the room, is copied into the next blocks' buffers: that is the one copy. From the buffer it goes to
// the disk, and with what is read to be sent it is the other way round. A connection at rest holds no buffer at all.
//
// # When memory runs out
//
// Buffers come from two pools, one for blocks that arrive, one for those that depart. A connection for whose
// block there is no buffer is read no further until there is one; a block that is to be sent is read from disk
// as soon as there is one. Both wait in line.
package loop
