// Package pick chooses which block of a torrent to ask a peer for next.
//
// A Picker knows which pieces are verified, how many peers have each of the others, and for every
// piece that is begun which block is free, asked for, received or stored. It is plain data: no
// clock, no connection, and no randomness but that of the generator given to New.
//
// What it offers a peer, in this order (SPEC.md, group PCK):
//
//  1. The lowest free blocks of a begun piece [PCK-3]: of one that the peer was given a block
//     of after everybody else, or else of the rarest, of equals the most complete. So pieces are finished
//     soon, and their blocks arrive nearly in order.
//  2. A new piece: the newest one that the peer suggests; at random until we have RandomFirst
//     pieces; then one of the rarest, by chance among equals [PCK-2]. The most common instead
//     when the peer is snubbed [PCK-6].
//  3. A piece that a peer on parole is working on. Before that it is kept for that peer
//     alone, since parole ends only with a piece of one sender [PCK-9].
//  4. In end-game, a block that somebody else was asked for [PCK-5]; before it, never [PCK-4].
//
// A new piece is begun only when the peer can use none that is begun, so that a limit on the
// number of begun pieces needs no rule of its own: it is at most the number of requests outstanding
// plus the pieces that peers left behind and nobody connected can finish.
package pick
