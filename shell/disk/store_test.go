package disk

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// drawTorrent draws a torrent of a few files, some empty, some padding, and blocks that straddle them.
func drawTorrent(rt *rapid.T) (Layout, []byte) {
	pieceLength := rapid.SampledFrom([]uint32{1, 100, bt.BlockSize, 3*bt.BlockSize + 7, 20 * bt.BlockSize}).Draw(rt, "piece length")
	limit := min(int64(pieceLength)*6, 400_000)
	lengths := rapid.SliceOfN(rapid.Int64Range(-limit/2, limit), 1, 7).Draw(rt, "lengths")
	lengths = append(lengths, rapid.Int64Range(1, limit).Draw(rt, "last length"))
	return torrentOf(rapid.Uint64().Draw(rt, "seed"), pieceLength, lengths...)
}

// TestAnyOrder stores the blocks of any torrent in any order, in batches of any size, and wants what a
// download wants: right hashes, right files, and the same bytes back.
func TestAnyOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		l, content := drawTorrent(rt)
		dir, err := os.MkdirTemp("", "disk-")
		if err != nil {
			rt.Fatal(err)
		}
		defer os.RemoveAll(dir)
		dr := drive(t, Options{OpenFiles: rapid.IntRange(1, 4).Draw(rt, "open files"),
			ReadBack: rapid.Bool().Draw(rt, "read back")})
		defer dr.close()
		tor := dr.open(dir, l)

		var blocks []bt.Block
		for _, p := range allPieces(&l) {
			blocks = append(blocks, blocksOf(&l, p)...)
		}
		if rapid.Bool().Draw(rt, "shuffled") {
			blocks = rapid.Permutation(blocks).Draw(rt, "order")
		}
		if err := tor.Prepare(); err != nil {
			rt.Fatal(err)
		}
		for _, r := range dr.store(&l, content, blocks) {
			if r.Fault != bt.OK || r.Token != bt.Token(l.Geometry.Offset(r.Block)+1) {
				rt.Fatalf("%+v", r)
			}
		}
		for _, p := range allPieces(&l) {
			if r := dr.verify(p); !r.Good || r.Fault != bt.OK {
				rt.Fatalf("piece %d: %+v", p, r)
			}
		}
		readAnything(rt, dr, &l, content)
		dr.shut(tor)
		expectFiles(t, dir, &l, content)
		r, err := Check(context.Background(), dir, l, nil)
		if err != nil || r.Err != nil || !r.Have.All() {
			rt.Fatalf("%+v %v", r, err)
		}
	})
}

// readAnything fetches ranges that are no whole blocks too.
func readAnything(rt *rapid.T, dr *driver, l *Layout, content []byte) {
	var jobs []Job
	for range rapid.IntRange(1, 20).Draw(rt, "fetches") {
		b := bt.Block{Piece: rapid.Uint32Range(0, l.Geometry.NumPieces()-1).Draw(rt, "piece")}
		size := l.Geometry.PieceSize(b.Piece)
		b.Begin = rapid.Uint32Range(0, size-1).Draw(rt, "begin")
		b.Length = rapid.Uint32Range(1, min(bt.BlockSize, size-b.Begin)).Draw(rt, "length")
		jobs = append(jobs, Job{Op: Fetch, Torrent: 1, Block: b, Buf: dr.buffer(nil)})
	}
	dr.submit(jobs...)
	for _, r := range dr.await() {
		off := l.Geometry.Offset(r.Block)
		if r.Fault != bt.OK || !bytes.Equal(r.Buf.Data[:r.Block.Length], content[off:off+int64(r.Block.Length)]) {
			rt.Fatalf("fetching %v: %v", r.Block, r.Err)
		}
		r.Buf.Free()
	}
}

// TestWrongThenRight: a piece that came wrong is told, and right when it came again; the same when
// only one of its blocks came again, before the verification or after it.
func TestWrongThenRight(t *testing.T) {
	l, content := torrentOf(3, 4*bt.BlockSize, 10*bt.BlockSize)
	bad := bytes.Clone(content)
	bad[bt.BlockSize+5] ^= 1
	dr := drive(t, Options{})
	tor := dr.open(t.TempDir(), l)
	dr.store(&l, bad, blocksOf(&l, 0))
	if r := dr.verify(0); r.Good || r.Fault != bt.OK {
		t.Fatalf("a wrong piece: %+v", r)
	}
	dr.store(&l, content, blocksOf(&l, 0))
	if r := dr.verify(0); !r.Good {
		t.Fatalf("after all came again: %+v", r)
	}
	dr.store(&l, bad, blocksOf(&l, 0))
	dr.store(&l, content, blocksOf(&l, 0)[1:2])
	if r := dr.verify(0); !r.Good {
		t.Fatalf("after one came again in time: %+v", r)
	}
	dr.store(&l, content, blocksOf(&l, 0))
	dr.store(&l, bad, blocksOf(&l, 0)[1:2])
	if r := dr.verify(0); r.Good {
		t.Fatal("a right piece was made wrong, and it passed")
	}
	dr.store(&l, content, blocksOf(&l, 0)[1:2])
	if r := dr.verify(0); !r.Good {
		t.Fatalf("after one came again late: %+v", r)
	}
	dr.shut(tor)
}

// TestManyPiecesAtOnce writes more pieces side by side than there are hashes kept for later.
func TestManyPiecesAtOnce(t *testing.T) {
	const pieces = maxSpare + 50
	l, content := torrentOf(4, 2*bt.BlockSize, pieces*2*bt.BlockSize)
	dr := drive(t, Options{Writers: 1})
	tor := dr.open(t.TempDir(), l)
	var first, second []bt.Block
	for _, p := range allPieces(&l) {
		bs := blocksOf(&l, p)
		first, second = append(first, bs[0]), append(second, bs[1])
	}
	dr.store(&l, content, first)
	dr.store(&l, content, second)
	for _, p := range allPieces(&l) {
		if r := dr.verify(p); !r.Good {
			t.Fatalf("piece %d: %+v", p, r)
		}
	}
	dr.shut(tor)
}

// TestFewDescriptors downloads many files through very few open ones, from several workers.
func TestFewDescriptors(t *testing.T) {
	lengths := make([]int64, 100)
	for i := range lengths {
		lengths[i] = 3000
	}
	l, content := torrentOf(5, bt.BlockSize, lengths...)
	dir := t.TempDir()
	dr := drive(t, Options{OpenFiles: 2, Writers: 4, Readers: 4})
	tor := dr.open(dir, l)
	dr.download(&l, content, allPieces(&l)...)
	if n := len(dr.d.cache.open); n > 2 {
		t.Errorf("%d files are open, at most 2 should be", n)
	}
	dr.shut(tor)
	if n := len(dr.d.cache.open) + dr.d.cache.lru.Len(); n != 0 {
		t.Errorf("%d files are open after the end", n)
	}
	expectFiles(t, dir, &l, content)
}

// TestEmptyFiles are made by Prepare, and files that are too long are cut.
func TestEmptyFiles(t *testing.T) {
	l, content := torrentOf(6, bt.BlockSize, 0, 100, 0, -50, 40_000, 0)
	dir := t.TempDir()
	long := filepath.Join(dir, l.Files[1].name())
	if err := os.MkdirAll(filepath.Dir(long), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(long, bytes.Repeat(content[:100], 3), 0o644); err != nil {
		t.Fatal(err)
	}
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	if err := tor.Prepare(); err != nil {
		t.Fatal(err)
	}
	dr.download(&l, content, allPieces(&l)...)
	dr.shut(tor)
	expectFiles(t, dir, &l, content)
}

// TestClosedTorrent: what is submitted too late is answered all the same, the buffer with it.
func TestClosedTorrent(t *testing.T) {
	l, content := torrentOf(7, bt.BlockSize, 40_000)
	dr := drive(t, Options{})
	dr.shut(dr.open(t.TempDir(), l))
	dr.submit(dr.storeJob(&l, content, bt.Block{Length: bt.BlockSize}), Job{Op: Verify, Torrent: 1},
		Job{Op: Passed, Torrent: 1}, Job{Op: Probe, Torrent: 1})
	for _, r := range dr.await() {
		if r.Fault != bt.Lost || r.Err == nil {
			t.Errorf("%+v", r)
		}
		if r.Buf != nil {
			r.Buf.Free()
		}
	}
	if n := dr.pool.Out(); n != 0 {
		t.Errorf("%d bytes of buffers are missing", n)
	}
}

// TestHash makes the hashes of a torrent, and names the file that is missing.
func TestHash(t *testing.T) {
	l, content := torrentOf(8, 30_000, 100_000, -700, 0, 55_555)
	dir := t.TempDir()
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	dr.download(&l, content, allPieces(&l)...)
	dr.shut(tor)
	bare := l
	bare.Hashes = nil
	var last int64
	sums, err := Hash(context.Background(), dir, bare, func(done, total int64) {
		if total != l.Geometry.Total || done <= last {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
	})
	if err != nil || fmt.Sprint(sums) != fmt.Sprint(l.Hashes) || last != l.Geometry.Total {
		t.Errorf("%v, %d of %d bytes", err, last, l.Geometry.Total)
	}
	gone := filepath.Join(dir, l.Files[3].name())
	if err := os.Remove(gone); err != nil {
		t.Fatal(err)
	}
	if _, err := Hash(context.Background(), dir, bare, nil); !os.IsNotExist(err) || !bytes.Contains([]byte(err.Error()), []byte(gone)) {
		t.Errorf("without %s: %v", gone, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Hash(ctx, dir, bare, nil); err != context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}
