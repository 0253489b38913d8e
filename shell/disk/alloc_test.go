//go:build !race

package disk

import (
	"testing"

	"peerwire/core/bt"
)

// TestNoAllocation: once warm, storing, hashing and fetching a piece allocates nothing.
func TestNoAllocation(t *testing.T) {
	l, content := torrentOf(71, 64*bt.BlockSize, 8*64*bt.BlockSize)
	dr := drive(t, Options{})
	tor := dr.open(t.TempDir(), l)
	dr.download(&l, content, allPieces(&l)...)
	var jobs []Job
	var results []Result
	await := func() {
		dr.d.Submit(jobs)
		for left := len(jobs); left > 0; {
			<-dr.notify
			results = dr.d.Drain(results[:0])
			for i := range results {
				if r := &results[i]; r.Fault != bt.OK || r.Op == Verify && !r.Good {
					t.Fatalf("%+v", *r)
				}
				if results[i].Buf != nil {
					results[i].Buf.Free()
				}
				left--
			}
		}
		jobs = jobs[:0]
	}
	piece := uint32(0)
	once := func() {
		for k := range l.Geometry.NumBlocks(piece) {
			b := l.Geometry.BlockAt(piece, k)
			jobs = append(jobs, dr.storeJob(&l, content, b))
		}
		jobs = append(jobs, Job{Op: Verify, Torrent: 1, Block: bt.Block{Piece: piece}})
		await()
		for k := range l.Geometry.NumBlocks(piece) {
			jobs = append(jobs, Job{Op: Fetch, Torrent: 1, Block: l.Geometry.BlockAt(piece, k), Buf: dr.pool.Get()})
		}
		await()
		piece = (piece + 1) % l.Geometry.NumPieces()
	}
	for range 2 * l.Geometry.NumPieces() {
		once()
	}
	if n := testing.AllocsPerRun(50, once); n != 0 {
		t.Errorf("%v allocations for a piece of 64 blocks", n)
	}
	dr.shut(tor)
}
