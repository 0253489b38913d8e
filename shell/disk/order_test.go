package disk

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"

	"peerwire/core/bt"
)

// countedFolder counts the bytes that are read.
type countedFolder struct {
	Folder
	read atomic.Int64
}

func (f *countedFolder) OpenFile(name string, flag int) (Handle, error) {
	h, err := f.Folder.OpenFile(name, flag)
	return countedHandle{h, f}, err
}

// countedHandle is a file of a countedFolder.
type countedHandle struct {
	Handle
	f *countedFolder
}

func (h countedHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	n, err := h.Handle.ReadV(bufs, off)
	h.f.read.Add(int64(n))
	return n, err
}

// counted starts a Disk whose reads are counted, with torrent 1 open.
func counted(t *testing.T, l Layout) (*driver, *countedFolder) {
	f := &countedFolder{Folder: newMemDisk()}
	dr := drive(t, Options{OpenFolder: func(string) (Folder, error) { return f, nil }})
	dr.open("", l)
	return dr, f
}

// TestEarlyBlocks: of blocks that change places with their neighbours, only those that came too early are read back.
func TestEarlyBlocks(t *testing.T) {
	const blocks = 11
	l, content := torrentOf(72, blocks*bt.BlockSize, blocks*bt.BlockSize, 9*bt.BlockSize+77)
	dr, f := counted(t, l)
	for p, early := range []int64{5 * bt.BlockSize, 4*bt.BlockSize + 77} {
		before := f.read.Load()
		bs := blocksOf(&l, uint32(p))
		for i := 1; i < len(bs); i += 2 {
			bs[i-1], bs[i] = bs[i], bs[i-1]
		}
		for i := range bs {
			dr.store(&l, content, bs[i:i+1])
		}
		if r := dr.verify(uint32(p)); !r.Good {
			t.Errorf("piece %d is not good: %v", p, r.Err)
		}
		if got := f.read.Load() - before; got != early {
			t.Errorf("piece %d: %d bytes were read back, not %d", p, got, early)
		}
	}
}

// TestWrongAtFirst: in whatever order and portions the blocks come, some of them twice, wrong the first time, the piece is good.
func TestWrongAtFirst(t *testing.T) {
	l, content := torrentOf(73, 40*bt.BlockSize, 3*40*bt.BlockSize-5)
	dr, _ := counted(t, l)
	wrong := make([]byte, len(content))
	r := rand.New(rand.NewPCG(7, 3))
	for range 20 {
		for _, p := range allPieces(&l) {
			bs := blocksOf(&l, p)
			for _, i := range r.Perm(len(bs))[:5] {
				dr.store(&l, wrong, bs[i:i+1])
			}
			r.Shuffle(len(bs), func(i, k int) { bs[i], bs[k] = bs[k], bs[i] })
			for len(bs) > 0 {
				n := min(len(bs), 1+r.IntN(4))
				dr.store(&l, content, bs[:n])
				bs = bs[n:]
			}
			if r := dr.verify(p); !r.Good {
				t.Fatalf("piece %d is not good: %v", p, r.Err)
			}
		}
	}
}
