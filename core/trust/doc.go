// Package trust keeps account of who sent which block, and says who is to blame when a piece turns out wrong.
//
// Only who sent every block of a bad piece, or is proven to have sent a bad block, is certainly to blame, and is to be
// banned. Blame that is shared puts on parole, however often: else liars could have an honest peer banned by sharing
// its pieces. [TRU-2] [TRU-3] [TRU-9]
//
// The proof is by block. Of a piece that failed by shared blame a record is kept: the digest of each block, and who sent
// it. When the piece is right in the end, each digest on record is either that of the right block or
// the proof of a lie; and who sent one block with two digests has lied once, whichever was right. An honest peer has
// but one content to send for a block, the right one, and the digests are of what arrived, never of what our disk made of it, so
// neither can happen to it. [TRU-5] [TRU-8] [TRU-10]
//
// A contributor is a known peer, so the account outlives connections. Package dial holds who is on parole and who is
// banned; package pick sees to it that one on parole gets pieces to itself, where it can prove itself.
package trust
