// Package pick chooses which block of a torrent to ask a peer for next.
//
// A Picker knows which pieces are verified, how many peers have each of the others, and for every
// piece that is begun which block is free, asked for, received or stored. It is plain data: no
// clock, no connection, and no randomness but that of the generator given to New.
//
// What it offers a peer, in this order (SPEC.md, group PCK):
//
//  1. The piece that the peer was asked for last, while it has a part in it [PCK-3]. So a piece comes from few, at best from one: its
//     blocks arrive in order, and should it be wrong, it is known who is to blame.
//  2. A begun piece of which nobody is asked for a block: the rarest, of equals the one with the fewest blocks to ask for [PCK-15].
//  3. A new piece: the newest one that the peer suggests; at random until we have RandomFirst
//     pieces; then one of the rarest, by chance among equals [PCK-2].
//  4. A begun piece that others are at work on, in the order of 2; before 3 when so many are begun that there would
//     be too little of each [PCK-14].
//  5. A piece that a peer on parole is working on. Before that it is kept for that peer
//     alone, since parole ends only with a piece of one sender [PCK-9] [PCK-16].
//
// Snubbed peers are asked from the other end: the most common first, and they share pieces among themselves before they begin new
// ones [PCK-6]. A peer on parole is asked for pieces that are all its own, and for new ones. In end-game a peer may be asked Again for
// what another is asked for; which block that is best is not for the Picker to say, which knows no
// rates [PCK-5] [PCK-12]. Before end-game no block is asked of two [PCK-4].
//
// What is asked for is freed again when it is not going to come [PCK-7], so that no piece is held up for ever: one whose
// peer is gone or snubbed is one that nobody is at work on, and comes next.
package pick
