package disk

import (
	"bytes"
	"context"
	"crypto/sha1"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"peerwire/core/bt"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// driver drives a Disk as the loop does: jobs in, results out, buffers from a pool.
type driver struct {
	tb      testing.TB
	d       *Disk
	pool    *Pool
	notify  chan struct{}
	waiting int // results that are to come, but for those of Passed
	results []Result

	warnings []Result // those of Passed
}

// drive starts a Disk that syncs only when it is told to, unless opt says otherwise.
func drive(tb testing.TB, opt Options) *driver {
	tb.Helper()
	dr := &driver{tb: tb, pool: NewPool(24<<20, nil), notify: make(chan struct{}, 1)}
	opt.Notify = func() { signal(dr.notify) }
	if opt.SyncEvery == 0 {
		opt.SyncEvery, opt.SyncBytes = time.Hour, 1<<60
	}
	dr.d = New(opt)
	tb.Cleanup(func() { dr.close() })
	return dr
}

// close ends the Disk; closing it twice does no harm.
func (dr *driver) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return dr.d.Close(ctx)
}

// open opens torrent 1.
func (dr *driver) open(dir string, l Layout) *Torrent {
	dr.tb.Helper()
	t, err := dr.d.Open(1, dir, l)
	if err != nil {
		dr.tb.Fatal(err)
	}
	return t
}

// shut closes a torrent.
func (dr *driver) shut(t *Torrent) {
	dr.tb.Helper()
	if err := t.Close(context.Background()); err != nil {
		dr.tb.Fatal(err)
	}
}

// submit hands over jobs.
func (dr *driver) submit(jobs ...Job) {
	for i := range jobs {
		if jobs[i].Op != Passed {
			dr.waiting++
		}
	}
	dr.d.Submit(jobs)
}

// await gives all the results that are to come. The warnings of Passed are among them.
func (dr *driver) await() []Result {
	var all []Result
	for dr.waiting > 0 {
		all = append(all, dr.some()...)
	}
	return all
}

// some waits for results and gives them; the slice is good until the next call.
func (dr *driver) some() []Result {
	dr.tb.Helper()
	for {
		dr.results = dr.d.Drain(dr.results[:0])
		if len(dr.results) > 0 {
			break
		}
		select {
		case <-dr.notify:
		case <-time.After(time.Minute):
			dr.tb.Fatalf("%d results are missing", dr.waiting)
		}
	}
	for i := range dr.results {
		if r := &dr.results[i]; r.Op != Passed {
			dr.waiting--
		} else {
			dr.warnings = append(dr.warnings, *r)
		}
	}
	return dr.results
}

// buffer gives a buffer with data in it.
func (dr *driver) buffer(data []byte) *Buffer {
	dr.tb.Helper()
	b := dr.pool.Get()
	if b == nil {
		dr.tb.Fatal("the pool is empty")
	}
	copy(b.Data, data)
	return b
}

// storeJob is the job that stores a block of content.
func (dr *driver) storeJob(l *Layout, content []byte, b bt.Block) Job {
	off := l.Geometry.Offset(b)
	return Job{Op: Store, Torrent: 1, Token: bt.Token(off + 1), Block: b,
		Buf: dr.buffer(content[off : off+int64(b.Length)])}
}

// store stores blocks and gives the results, the buffers freed.
func (dr *driver) store(l *Layout, content []byte, blocks []bt.Block) []Result {
	var all []Result
	for len(blocks) > 0 {
		n := min(len(blocks), 256)
		var jobs []Job
		for _, b := range blocks[:n] {
			jobs = append(jobs, dr.storeJob(l, content, b))
		}
		dr.submit(jobs...)
		blocks = blocks[n:]
		for _, r := range dr.await() {
			if r.Buf != nil {
				r.Buf.Free()
				r.Buf = nil
			}
			all = append(all, r)
		}
	}
	return all
}

// verify verifies a piece.
func (dr *driver) verify(piece uint32) Result {
	dr.tb.Helper()
	dr.submit(Job{Op: Verify, Torrent: 1, Token: 9, Block: bt.Block{Piece: piece}})
	for _, r := range dr.await() {
		if r.Op == Verify {
			return r
		}
	}
	dr.tb.Fatal("no answer to Verify")
	return Result{}
}

// pass tells that a piece passed.
func (dr *driver) pass(piece uint32) {
	dr.submit(Job{Op: Passed, Torrent: 1, Block: bt.Block{Piece: piece}})
}

// download stores, verifies and passes whole pieces; all must go well.
func (dr *driver) download(l *Layout, content []byte, pieces ...uint32) {
	dr.tb.Helper()
	for _, p := range pieces {
		for _, r := range dr.store(l, content, blocksOf(l, p)) {
			if r.Op == Store && r.Fault != bt.OK {
				dr.tb.Fatalf("storing %v: %v", r.Block, r.Err)
			}
		}
		if r := dr.verify(p); !r.Good {
			dr.tb.Fatalf("piece %d is not good: %v", p, r.Err)
		}
		dr.pass(p)
	}
}

// fetch reads one block.
func (dr *driver) fetch(b bt.Block) ([]byte, Result) {
	dr.tb.Helper()
	dr.submit(Job{Op: Fetch, Torrent: 1, Token: 5, Block: b, Buf: dr.buffer(nil)})
	for _, r := range dr.await() {
		if r.Op == Fetch {
			data := bytes.Clone(r.Buf.Data[:b.Length])
			r.Buf.Free()
			return data, r
		}
	}
	dr.tb.Fatal("no answer to Fetch")
	return nil, Result{}
}

// blocksOf lists the blocks of a piece.
func blocksOf(l *Layout, piece uint32) []bt.Block {
	var bs []bt.Block
	for k := range l.Geometry.NumBlocks(piece) {
		bs = append(bs, l.Geometry.BlockAt(piece, k))
	}
	return bs
}

// allPieces lists the pieces.
func allPieces(l *Layout) []uint32 {
	var ps []uint32
	for i := range l.Geometry.NumPieces() {
		ps = append(ps, i)
	}
	return ps
}

// torrentOf makes a torrent of files of the given lengths, a negative one being padding, and its content, which is
// random but for the padding.
func torrentOf(seed uint64, pieceLength uint32, lengths ...int64) (Layout, []byte) {
	l := Layout{Geometry: bt.Geometry{PieceLength: pieceLength}}
	l.InfoHash[0], l.InfoHash[19] = byte(seed), 0xee
	r := rand.New(rand.NewPCG(seed, 1))
	var content []byte
	for i, n := range lengths {
		f := File{Path: []string{"t", fmt.Sprintf("d%d", i%3), fmt.Sprintf("f%d", i)}, Length: n, Offset: l.Geometry.Total}
		if n < 0 {
			f.Path, f.Length, f.Pad = []string{".pad", "0"}, -n, true
		}
		data := make([]byte, f.Length)
		for k := range data {
			if !f.Pad {
				data[k] = byte(r.Uint32())
			}
		}
		content = append(content, data...)
		l.Files = append(l.Files, f)
		l.Geometry.Total += f.Length
	}
	for i := range l.Geometry.NumPieces() {
		off := int64(i) * int64(pieceLength)
		l.Hashes = append(l.Hashes, sha1.Sum(content[off:off+int64(l.Geometry.PieceSize(i))]))
	}
	return l, content
}

// expectFiles wants every file of the torrent to have its content, and padding not to exist.
func expectFiles(tb testing.TB, dir string, l *Layout, content []byte) {
	tb.Helper()
	for i := range l.Files {
		f := &l.Files[i]
		got, err := os.ReadFile(filepath.Join(dir, f.name()))
		if f.Pad {
			if !os.IsNotExist(err) {
				tb.Errorf("padding is on the disk: %v", err)
			}
			continue
		}
		if err != nil {
			tb.Error(err)
		} else if !bytes.Equal(got, content[f.Offset:f.Offset+f.Length]) {
			tb.Errorf("%s: %d bytes are not the %d they should be", f.name(), len(got), f.Length)
		}
	}
}
