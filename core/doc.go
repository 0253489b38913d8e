// Package core is the whole client without its sockets, disks and clock: a Session of torrents and
// connections, driven by events and answered by effects.
//
// The contract:
//
//  1. Time is an argument. Call Handle when something happened, and at NextDeadline at the latest (with Tick when
//     nothing else happened). What is due fires first, then the event is taken.
//  2. One event in, then drain: after each Handle and each Transmit call Poll until it gives nothing, and
//     execute the effects in their order. Poll changes nothing.
//  3. Payload never enters. Received hands over bytes; Need tells how many were taken and what the connection
//     needs next: more bytes, or so many bytes of payload into the buffer behind a token. PayloadRead reports them.
//     Where a transport takes in bytes before they are read, no more may wait than Allowance says.
//  4. Bytes to a peer are pulled. WantWrite comes once an edge; call Transmit, the second and last door that
//     changes state, whenever the transport takes bytes, until it gives the last there is to say for now.
//  5. Every other effect that asks for work is answered by one event that carries its token or its torrent and piece.
//     Late answers, for what is gone, are ignored.
//  6. A panic is a bug of this package or of the shell's use of it; no byte of a peer reaches one.
//
// It lacks sockets, files, hashing, trackers and a clock: those are the shells'.
package core
