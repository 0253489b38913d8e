package disk

import (
	"bytes"
	"context"
	"crypto/sha1"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"peerwire/core/bt"
)

// digestsOf are the digests of a piece's blocks.
func digestsOf(l *Layout, content []byte, piece uint32) (sums []bt.Digest) {
	for _, b := range blocksOf(l, piece) {
		off := l.Geometry.Offset(b)
		sums = append(sums, sha1.Sum(content[off:off+int64(b.Length)]))
	}
	return sums
}

// spoil gives content with a wrong byte in some blocks of a piece.
func spoil(l *Layout, content []byte, piece uint32, blocks ...int) []byte {
	bad := bytes.Clone(content)
	for _, k := range blocks {
		off := l.Geometry.Offset(l.Geometry.BlockAt(piece, uint32(k)))
		bad[off] ^= byte(k + 1)
	}
	return bad
}

// verifySums verifies a piece, and wants its digests.
func (dr *driver) verifySums(piece uint32) Result {
	dr.tb.Helper()
	dr.submit(Job{Op: Verify, Torrent: 1, Token: 9, Block: bt.Block{Piece: piece}, Sums: true})
	return dr.await()[0]
}

// TestDigests: a wrong piece comes with the digests of its blocks as they came, in whatever order that was and over whatever files;
// a right one when they are wanted. [TRU-10]
func TestDigests(t *testing.T) {
	l, content := torrentOf(81, 5*bt.BlockSize+3000, 2*bt.BlockSize, -100, 4*bt.BlockSize, 0, 9*bt.BlockSize+77)
	dr := drive(t, Options{})
	tor := dr.open(t.TempDir(), l)
	if err := tor.Prepare(); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(8, 1))
	for _, p := range allPieces(&l) {
		bad := spoil(&l, content, p, 1)
		for round := range 4 {
			blocks := blocksOf(&l, p)
			if round%2 == 1 {
				r.Shuffle(len(blocks), func(i, k int) { blocks[i], blocks[k] = blocks[k], blocks[i] })
			}
			dr.store(&l, bad, blocks)
			if res := dr.verify(p); res.Good || res.Fault != bt.OK || !slices.Equal(res.Sums, digestsOf(&l, bad, p)) {
				t.Errorf("piece %d, wrong: %+v", p, res)
			}
			dr.store(&l, content, blocks)
			if res := dr.verifySums(p); !res.Good || !slices.Equal(res.Sums, digestsOf(&l, content, p)) {
				t.Errorf("piece %d, right: %+v", p, res)
			}
			dr.store(&l, content, blocks)
			if res := dr.verify(p); !res.Good || res.Sums != nil {
				t.Errorf("piece %d, right and not asked for: %+v", p, res)
			}
		}
	}
	dr.shut(tor)
	expectFiles(t, tor.dir, &l, content)
}

// TestNothingCame: a piece of which nothing came in this run is as right as what is there.
func TestNothingCame(t *testing.T) {
	l, content := torrentOf(82, 4*bt.BlockSize, 8*bt.BlockSize)
	dir := t.TempDir()
	dr := drive(t, Options{})
	tor := dr.open(dir, l)
	dr.store(&l, spoil(&l, content, 1, 2), append(blocksOf(&l, 0), blocksOf(&l, 1)...))
	dr.shut(tor)
	dr.close()
	dr = drive(t, Options{})
	dr.open(dir, l)
	for p, good := range []bool{true, false} {
		if res := dr.verify(uint32(p)); res.Good != good || res.Fault != bt.OK {
			t.Errorf("piece %d: %+v", p, res)
		}
	}
}

// falseFolder is a folder whose disk lies: in its place it keeps other bytes of what is written to some place.
type falseFolder struct {
	Folder
	mu   sync.Mutex
	lies []int64      // where they are, each once
	gate sync.RWMutex // held while nothing can be read
	deaf error        // what reading gives
}

func (f *falseFolder) OpenFile(name string, flag int) (Handle, error) {
	h, err := f.Folder.OpenFile(name, flag)
	if err != nil || strings.HasPrefix(name, ".") {
		return h, err
	}
	return falseHandle{h, f}, nil
}

// falseHandle is a file of a falseFolder.
type falseHandle struct {
	Handle
	f *falseFolder
}

// WriteV writes other bytes where it is to lie.
func (h falseHandle) WriteV(bufs [][]byte, off int64) (int, error) {
	h.f.mu.Lock()
	defer h.f.mu.Unlock()
	text := slices.Concat(bufs...)
	h.f.lies = slices.DeleteFunc(h.f.lies, func(at int64) bool {
		if at < off || at >= off+int64(len(text)) {
			return false
		}
		text[at-off] ^= 0x55
		return true
	})
	return h.Handle.WriteV([][]byte{text}, off)
}

// ReadV reads, when it can.
func (h falseHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	h.f.gate.RLock()
	defer h.f.gate.RUnlock()
	h.f.mu.Lock()
	err := h.f.deaf
	h.f.mu.Unlock()
	if err != nil {
		return 0, err
	}
	return h.Handle.ReadV(bufs, off)
}

// lying starts a Disk over real files that can lie, with torrent 1 open.
func lying(t *testing.T, opt Options, l Layout) (*driver, *falseFolder, *Torrent) {
	f := new(falseFolder)
	opt.OpenFolder = func(dir string) (folder Folder, err error) {
		f.Folder, err = OpenFolder(dir)
		return f, err
	}
	dr := drive(t, opt)
	return dr, f, dr.open(t.TempDir(), l)
}

// expectLie wants a verification to end with a fault that names the file, and nothing else.
func expectLie(t *testing.T, what string, r Result) {
	t.Helper()
	if r.Fault != bt.IOError || !errors.Is(r.Err, errLies) || !strings.Contains(r.Err.Error(), "f0") || r.Good || r.Sums != nil {
		t.Errorf("%s: %+v", what, r)
	}
}

// TestLyingDisk: what a disk makes of a piece is a fault of the disk and nobody else's, whether the piece came right or wrong,
// wherever it was read back. Only a right piece that came in order, of which nobody asks, is not looked at. [TRU-8] [TRU-10]
func TestLyingDisk(t *testing.T) {
	l, content := torrentOf(83, 6*bt.BlockSize, 6*bt.BlockSize)
	bad := spoil(&l, content, 0, 2)
	inOrder := blocksOf(&l, 0)
	swapped := slices.Clone(inOrder)
	swapped[3], swapped[4] = swapped[4], swapped[3]
	reversed := slices.Clone(inOrder)
	slices.Reverse(reversed)
	dr, f, tor := lying(t, Options{}, l)
	verify := func(content []byte, blocks []bt.Block, lie int64, sums bool) Result {
		f.lies = []int64{lie}
		for i := range blocks { // one by one, so that no batch puts them in order
			dr.store(&l, content, blocks[i:i+1])
		}
		if len(f.lies) > 0 {
			t.Fatal("it did not lie")
		}
		if sums {
			return dr.verifySums(0)
		}
		return dr.verify(0)
	}
	for _, order := range [][]bt.Block{inOrder, swapped, reversed} {
		for lie := int64(100); lie < l.Geometry.Total; lie += bt.BlockSize {
			expectLie(t, "wrong", verify(bad, order, lie, false))
			expectLie(t, "wrong, and digests are wanted", verify(bad, order, lie, true))
			expectLie(t, "right, and digests are wanted", verify(content, order, lie, true))
		}
	}
	for _, lie := range []int64{0, 4*bt.BlockSize - 1, l.Geometry.Total - 1} {
		if r := verify(content, inOrder, lie, false); !r.Good || r.Fault != bt.OK {
			t.Errorf("right and in order: %+v", r)
		}
	}
	expectLie(t, "right, the block came early", verify(content, swapped, 4*bt.BlockSize, false))
	expectLie(t, "right, all but the first came early", verify(content, reversed, 5*bt.BlockSize, false))
	dr.store(&l, content, inOrder)
	if r := dr.verifySums(0); !r.Good || !slices.Equal(r.Sums, digestsOf(&l, content, 0)) {
		t.Errorf("an honest disk: %+v", r)
	}
	dr.shut(tor)
}

// TestReadBack: with that option every lie is found. [TRU-8]
func TestReadBack(t *testing.T) {
	l, content := torrentOf(84, 6*bt.BlockSize, 6*bt.BlockSize)
	dr, f, tor := lying(t, Options{ReadBack: true}, l)
	f.lies = []int64{3 * bt.BlockSize}
	dr.store(&l, content, blocksOf(&l, 0))
	expectLie(t, "right and in order", dr.verify(0))
	dr.store(&l, content, blocksOf(&l, 0))
	if r := dr.verify(0); !r.Good || r.Sums != nil {
		t.Errorf("an honest disk: %+v", r)
	}
	dr.shut(tor)
}

// TestThrownAway: blocks that come again in a piece, because the core has thrown away what somebody sent, leave known what the others are:
// a lie about those is found, and a wrong one is told with its digest. [TRU-10] [TRU-15]
func TestThrownAway(t *testing.T) {
	l, content := torrentOf(85, 6*bt.BlockSize, 6*bt.BlockSize)
	bad := spoil(&l, content, 0, 1, 4)
	blocks := blocksOf(&l, 0)
	dr, f, tor := lying(t, Options{}, l)
	half := func(lie int64) { // a piece of which the first three blocks came in order, the last one early, and the second again
		f.lies = []int64{lie}
		dr.store(&l, bad, blocks[:3])
		dr.store(&l, bad, blocks[5:])
		dr.store(&l, content, blocks[1:2])
		dr.store(&l, bad, blocks[3:5])
	}
	half(l.Geometry.Total) // which is nowhere
	want := digestsOf(&l, spoil(&l, content, 0, 4), 0)
	if r := dr.verify(0); r.Good || r.Fault != bt.OK || !slices.Equal(r.Sums, want) {
		t.Errorf("%+v", r)
	}
	for lie := int64(7); lie < l.Geometry.Total; lie += bt.BlockSize {
		half(lie)
		expectLie(t, "wrong", dr.verify(0))
		half(lie)
		dr.store(&l, content, blocks[4:5])
		expectLie(t, "right", dr.verify(0))
	}
	f.lies = nil
	dr.store(&l, content, blocks)
	if r := dr.verify(0); !r.Good {
		t.Errorf("all again: %+v", r)
	}
	dr.shut(tor)
}

// TestDeafDisk: what cannot be read back for its digests is a fault of the disk. [TRU-8]
func TestDeafDisk(t *testing.T) {
	l, content := torrentOf(86, 4*bt.BlockSize, 4*bt.BlockSize)
	dr, f, tor := lying(t, Options{}, l)
	f.deaf = syscall.EIO
	for _, text := range [][]byte{content, spoil(&l, content, 0, 3)} {
		dr.store(&l, text, blocksOf(&l, 0))
		if r := dr.verifySums(0); r.Fault != bt.IOError || !errors.Is(r.Err, syscall.EIO) || r.Good || r.Sums != nil {
			t.Errorf("%+v", r)
		}
	}
	f.deaf = nil
	dr.store(&l, content, blocksOf(&l, 0)) // over what could not be read
	if r := dr.verify(0); !r.Good {
		t.Errorf("%+v", r)
	}
	dr.shut(tor)
}

// TestSlowReadBack: while a wrong piece is read back by a disk that stands still, other pieces are written and verified, by the
// same writer; and the torrent is not closed before the answer is there.
func TestSlowReadBack(t *testing.T) {
	l, content := torrentOf(87, 4*bt.BlockSize, 40*bt.BlockSize)
	dr, f, tor := lying(t, Options{Writers: 1}, l)
	f.gate.Lock()
	dr.store(&l, spoil(&l, content, 0, 0), blocksOf(&l, 0))
	dr.submit(Job{Op: Verify, Torrent: 1, Token: 7})
	for _, p := range allPieces(&l)[1:] {
		for _, b := range blocksOf(&l, p) {
			dr.submit(dr.storeJob(&l, content, b))
		}
		dr.submit(Job{Op: Verify, Torrent: 1, Token: 8, Block: bt.Block{Piece: p}})
	}
	for dr.waiting > 1 {
		for _, r := range dr.some() {
			if r.Token == 7 || r.Op == Verify && !r.Good {
				t.Fatalf("%+v", r)
			}
			if r.Buf != nil {
				r.Buf.Free()
			}
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if err := tor.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("closed while a piece is verified: %v", err)
	}
	f.gate.Unlock()
	if r := dr.await()[0]; r.Token != 7 || r.Good || len(r.Sums) != 4 {
		t.Errorf("%+v", r)
	}
}

// TestNoAuditor: when the auditor has ended, as it may where a Disk is closed in a hurry, the writer reads back.
func TestNoAuditor(t *testing.T) {
	l, content := torrentOf(88, 4*bt.BlockSize, 4*bt.BlockSize)
	dr := drive(t, Options{})
	dr.open(t.TempDir(), l)
	dr.d.auditor.stop()
	bad := spoil(&l, content, 0, 0)
	dr.store(&l, bad, blocksOf(&l, 0))
	if r := dr.verify(0); r.Good || !slices.Equal(r.Sums, digestsOf(&l, bad, 0)) {
		t.Errorf("%+v", r)
	}
}
