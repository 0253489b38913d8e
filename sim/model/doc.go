// Package model is a second reading of SPEC.md: small, slow, and written from its text alone, so that it shares no mistake with the
// core. It follows a session step by step and says where what was seen disagrees with the text. Where the text leaves a choice, it
// follows every way that agrees with what was seen.
//
// It imports nothing of the core but its vocabulary. The tests drive a node with up to eight peers through random histories, and print
// where the two disagree as a transcript that is as short as can be; the transcripts that there are are followed too. On a plain run the
// histories are the same each time; -rapid.seed gives others.
//
// Not modelled, and followed as observed:
//   - which block is picked where several clauses allow it, and by what rates: PCK-2 by chance, PCK-5 and PCK-13 to PCK-18 in part, LIM-4
//   - reasons and their numbers (WHY), but for those with which connections end
//   - the numbers of canonical priority (DIA-14), and with them some choices of LIM-10
//   - which of equals the lot decides (CHK-6), and anything else that is left to chance
//
// Not modelled, and not to be given to it:
//   - super-seeding (SUP), torrents whose geometry is not known (LIM-6), private ones (DIA-13), and a torrent's own limit (LIM-13)
//   - more than 50 handshakes together (LIM-8), more than 3,000 known peers (DIA-7), a disk so slow that reading stops (LIM-9)
package model
