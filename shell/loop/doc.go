// Package loop drives a core.Session with real sockets, disks and time: it waits, hands the session one event, drains
// the effects and executes them. One goroutine, the one in Run, owns the session and every socket; disk and
// hashing run in the workers of shell/disk, dialling and waiting for readiness in goroutines of shell/tcp.
//
// It decides nothing of the protocol. What it does decide is the batching: one read of a socket feeds the session with
// many messages, all blocks of a turn go to the disk together, and what a turn gives the peers to be told
// is written with as few system calls as fit.
package loop
