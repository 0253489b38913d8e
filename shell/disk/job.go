package disk

import (
	"cmp"

	"peerwire/core/bt"
)

// Op is what a Job asks for, and what a Result answers.
type Op uint8

// The operations. Each line names the fields of Job that it needs.
const (
	Store  Op = iota + 1 // Token, Block, Buf: write the block that Buf holds
	Fetch                // Token, Block, Buf: read the block into Buf
	Verify               // Block.Piece, Sums: hash what was stored of a piece
	Passed               // Block.Piece: the piece is verified and ours; sync it and keep a record
	Probe                // try again to write where writing failed last

	auditing // a Verify that reads everything back
)

// Job is one thing to do. Jobs on the same piece are done in the order they are submitted in, but that a
// Fetch may overtake what is not a Fetch.
type Job struct {
	Op      Op
	Torrent bt.TorrentID
	Token   bt.Token // handed back with the Result
	Block   bt.Block // within one piece; at most bt.BlockSize bytes for Store and Fetch
	Buf     *Buffer  // the job's own until its Result comes back
	Sums    bool     // digests are wanted of a piece that is right, too
}

// Result answers one Job; every Job but Passed has exactly one. Passed has one only when the piece
// could not be made durable: then Fault and Err say why, nothing else changes, and it is worth a warning.
type Result struct {
	Op      Op
	Fault   bt.Fault    // bt.OK when it was done
	Good    bool        // Verify: the hash is right
	Sums    []bt.Digest // Verify: the digests of the blocks, if the piece is wrong or they are wanted
	Torrent bt.TorrentID
	Token   bt.Token
	Block   bt.Block
	Buf     *Buffer // the Job's, the caller's again
	Err     error   // what lies behind Fault; it names the file
}

// takes tells whether a job makes sense: its block is one of the torrent's and in a buffer.
func (t *Torrent) takes(j *Job) bool {
	switch j.Op {
	case Store, Fetch:
		return t.layout.Geometry.Contains(j.Block) && j.Buf != nil && int(j.Block.Length) <= len(j.Buf.Data)
	case Verify, Passed:
		return j.Block.Piece < t.layout.Geometry.NumPieces()
	}
	return j.Op == Probe
}

// task is a Job on its way through a worker.
type task struct {
	Job
	t       *Torrent
	arrived bt.Digest // of a piece that is verified: the hash of what came
	done    func()    // called in place of any work, when not nil: all that came before is done
}

// compareTasks orders by torrent, piece and offset, so that neighbours come side by side.
func compareTasks(a, b task) int {
	return cmp.Or(cmp.Compare(a.Torrent, b.Torrent), cmp.Compare(a.Block.Piece, b.Block.Piece),
		cmp.Compare(a.Block.Begin, b.Block.Begin))
}

// result answers the job.
func (j *Job) result(fault bt.Fault, err error) Result {
	return Result{Op: j.Op, Fault: fault, Torrent: j.Torrent, Token: j.Token, Block: j.Block, Buf: j.Buf, Err: err}
}
