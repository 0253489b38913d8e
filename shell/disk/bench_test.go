package disk

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"peerwire/core/bt"
)

// batch is the number of blocks that a drain of the core gathers, or so.
const batch = 16

// benchFolder is a folder in memory where there is one.
func benchFolder(b *testing.B) string {
	b.Helper()
	if dir, err := os.MkdirTemp("/dev/shm", "disk-bench-"); err == nil {
		b.Cleanup(func() { os.RemoveAll(dir) })
		return dir
	}
	return b.TempDir()
}

// meter measures what a stretch of the program costs.
type meter struct {
	cpu    time.Duration
	allocs uint64
}

func startMeter() meter {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return meter{cpuTime(), m.Mallocs}
}

// report gives the cost by what was moved.
func (m meter) report(b *testing.B, bytes int64) {
	end := startMeter()
	total := float64(bytes) * float64(b.N)
	b.ReportMetric((end.cpu-m.cpu).Seconds()/(total/(1<<30)), "cpu-s/GiB")
	b.ReportMetric(float64(end.allocs-m.allocs)/(total/bt.BlockSize), "allocs/block")
}

// benchLayout is a torrent of one file of 256 MiB.
func benchLayout(pieceLength uint32) (Layout, []byte) {
	piece, content := torrentOf(1, pieceLength, int64(pieceLength))
	l := Layout{Geometry: bt.Geometry{PieceLength: pieceLength, Total: 256 << 20},
		Files: []File{{Path: []string{"file"}, Length: 256 << 20}}}
	for range l.Geometry.NumPieces() {
		l.Hashes = append(l.Hashes, piece.Hashes[0])
	}
	return l, content
}

// writeAll stores, verifies and passes a whole torrent, several pieces at a time as several peers would.
func (dr *driver) writeAll(l *Layout, content []byte, abreast uint32) {
	n := l.Geometry.NumPieces()
	var jobs []Job
	for first := uint32(0); first < n; first += abreast {
		last := min(first+abreast, n)
		for k := range l.Geometry.NumBlocks(0) {
			for p := first; p < last; p++ {
				blk := l.Geometry.BlockAt(p, k)
				buf := dr.pool.Get()
				for buf == nil {
					dr.take()
					buf = dr.pool.Get()
				}
				copy(buf.Data, content[blk.Begin:blk.Begin+blk.Length])
				if jobs = append(jobs, Job{Op: Store, Torrent: 1, Block: blk, Buf: buf}); len(jobs) >= batch {
					dr.submit(jobs...)
					jobs = jobs[:0]
				}
			}
		}
		for p := first; p < last; p++ {
			jobs = append(jobs, Job{Op: Verify, Torrent: 1, Block: bt.Block{Piece: p}})
		}
	}
	dr.submit(jobs...)
	for dr.waiting > 0 {
		dr.take()
	}
}

// take handles the results there are.
func (dr *driver) take() {
	for _, r := range dr.some() {
		if r.Err != nil || r.Op == Verify && !r.Good {
			dr.tb.Fatalf("%+v", r)
		}
		if r.Op == Verify {
			dr.d.Submit([]Job{{Op: Passed, Torrent: 1, Block: r.Block}})
		}
		if r.Buf != nil {
			r.Buf.Free()
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, c := range []struct {
		name        string
		pieceLength uint32
		abreast     uint32
	}{{"1MiB", 1 << 20, 1}, {"1MiB-8abreast", 1 << 20, 8}, {"16MiB-4abreast", 16 << 20, 4}, {"256KiB-16abreast", 256 << 10, 16}} {
		b.Run(c.name, func(b *testing.B) {
			l, content := benchLayout(c.pieceLength)
			dr := drive(b, Options{SyncEvery: 2 * time.Second})
			dir := benchFolder(b)
			b.SetBytes(l.Geometry.Total)
			m := startMeter()
			for b.Loop() {
				t := dr.open(dir, l)
				dr.writeAll(&l, content, c.abreast)
				dr.shut(t)
				if err := os.RemoveAll(dir); err != nil {
					b.Fatal(err)
				}
				if err := os.Mkdir(dir, 0o755); err != nil {
					b.Fatal(err)
				}
			}
			m.report(b, l.Geometry.Total)
		})
	}
}

func BenchmarkRead(b *testing.B) {
	l, content := benchLayout(1 << 20)
	dr := drive(b, Options{})
	dir := benchFolder(b)
	t := dr.open(dir, l)
	dr.writeAll(&l, content, 1)
	b.SetBytes(l.Geometry.Total)
	m := startMeter()
	var jobs []Job
	for b.Loop() {
		for i := range l.Geometry.NumPieces() {
			for k := range l.Geometry.NumBlocks(i) {
				buf := dr.pool.Get()
				for buf == nil {
					dr.take()
					buf = dr.pool.Get()
				}
				if jobs = append(jobs, Job{Op: Fetch, Torrent: 1, Block: l.Geometry.BlockAt(i, k), Buf: buf}); len(jobs) >= batch {
					dr.submit(jobs...)
					jobs = jobs[:0]
				}
			}
		}
		for dr.waiting > 0 {
			dr.take()
		}
	}
	m.report(b, l.Geometry.Total)
	dr.shut(t)
}

func BenchmarkCheck(b *testing.B) {
	l, content := benchLayout(1 << 20)
	dr := drive(b, Options{})
	dir := benchFolder(b)
	t := dr.open(dir, l)
	dr.writeAll(&l, content, 1)
	dr.shut(t)
	b.SetBytes(l.Geometry.Total)
	m := startMeter()
	for b.Loop() {
		r, err := Check(context.Background(), dir, l, nil)
		if err != nil || !r.Have.All() {
			b.Fatal(r, err)
		}
	}
	m.report(b, l.Geometry.Total)
}
