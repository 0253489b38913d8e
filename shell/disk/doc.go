// Package disk stores, reads and hashes the pieces of torrents.
//
// It decides no matter of protocol: shell/loop hands it, in batches, what the core asks for
// (Store, Fetch, Verify, Passed) and drains the answers, in batches too.
//
//	loop ── Submit([]Job) ──> Disk ──> writers (one piece, one writer: in order)
//	     <── notify, Drain ──      ──> readers
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
// blocks come in order. What came out of order is read back when the piece is verified.
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
