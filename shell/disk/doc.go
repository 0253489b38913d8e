// Package disk stores, reads and hashes the pieces of torrents.
//
// It decides no matter of protocol: shell/loop hands it, in batches, what the core asks for
// (Store, Fetch, Verify, Passed) and drains the answers, in batches too.
//
//	loop ── Submit([]Job) ──> Disk ──> writers (one piece, one writer: in order)
//	     <── notify, Drain ──      ──> readers
//	                               ──> one auditor (what is to be read back to find who lied)
//	                               ──> one syncer a torrent (fsync, then the record)
//
// # Where the bytes go
//
// Every file is opened below one [os.Root] a torrent, so no name and no symbolic link leads
// outside the target folder. Files are made when their first byte is written, sparse and at once of
// their final size; padding files (BEP 47) never exist and read as zeros. At most
// [Options].OpenFiles are open at one time. Nothing is mapped into memory: a file that another
// program shortens gives an error, not a signal.
//
// # Hashing
//
// A writer hashes a block right after writing it, while it is hot in the cache, as long as the piece's
// blocks come in order. What came out of order is read back in its turn, and is compared with a sum of what came, so that a piece is
// called wrong only if it came so. Then it is read back as a whole: the digests of its blocks, by which the core finds out
// who lied, are of what came if the whole has the hash of what came. If it has not, or what was read back before was not what
// came, the disk has lied: that is a fault, and no peer's doing. A piece that is right costs nothing more, unless the core wants its
// digests because it was wrong before.
//
// # What a crash leaves
//
// Beside the files lies a hidden record, ".<info-hash>.peerwire", which says what pieces are there. A
// piece is claimed in it only after it was verified and its files, and the folders that name them,
// were synced. So the record never claims what is not there, and what it claims is never downloaded
// twice. The record has two slots that are written in turn, each with its own
// checksum; it is also the lock that keeps a second client away, and it stays after the download so that the next
// start needs no hashing. [Torrent.Resume] tells how much of it to believe.
package disk
