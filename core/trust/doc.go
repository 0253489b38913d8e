// Package trust keeps account of who sent which block of the pieces that are not verified yet, and says who is to
// blame when one turns out wrong.
//
// Only who sent every block of a bad piece is certainly to blame, and is to be banned. Blame that is shared
// puts on parole, however often: else liars could have an honest peer banned by sharing its pieces.
// [TRU-2] [TRU-3] [TRU-9]
//
// A contributor is a known peer, so the account outlives connections. Package dial holds who is on parole and who is
// banned; package pick sees to it that one on parole gets pieces to itself, where it can prove itself.
package trust
