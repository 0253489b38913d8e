package disk

import (
	"context"
	"crypto/sha1"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/bits-and-blooms/bitset"
)

// Progress is told how many bytes of those to be hashed are. Calls do not overlap; a nil Progress is
// not called.
type Progress func(done, total int64)

// Hash gives the hash of every piece of the files in a folder, for a new torrent. The layout needs no hashes. The
// first file that cannot be read ends it.
func Hash(ctx context.Context, dir string, l Layout, progress Progress) ([][sha1.Size]byte, error) {
	f, folder, err := openFiles(dir, &l)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	defer f.cache.drop(f)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	sums := make([][sha1.Size]byte, l.Geometry.NumPieces())
	err = f.hashPieces(ctx, everyPiece(&l), progress, func(piece uint32, sum [sha1.Size]byte, err error) {
		if sums[piece] = sum; err != nil {
			cancel(err)
		}
	})
	if err != nil {
		return nil, context.Cause(ctx)
	}
	return sums, nil
}

// Check hashes all that is there of a torrent in a folder. It neither looks for a record nor takes the
// lock, and writes nothing.
func Check(ctx context.Context, dir string, l Layout, progress Progress) (Report, error) {
	if err := l.checkHashes(); err != nil {
		return Report{}, err
	}
	f, folder, err := openFiles(dir, &l)
	if err != nil {
		return Report{}, err
	}
	defer folder.Close()
	defer f.cache.drop(f)
	c := newChecker(f, progress)
	err = c.hash(ctx, c.present(c.look()))
	return c.report, err
}

// openFiles stands for files of a layout that are only read.
func openFiles(dir string, l *Layout) (*files, Folder, error) {
	if err := l.check(); err != nil {
		return nil, nil, err
	}
	folder, err := OpenFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	return newFiles(l, folder, dir, newHandles(Options{}.withDefaults().OpenFiles)), folder, nil
}

// everyPiece is the set of all pieces.
func everyPiece(l *Layout) *bitset.BitSet {
	return bitset.New(uint(l.Geometry.NumPieces())).Complement()
}

// hashPieces hashes a set of pieces, on as many goroutines as there are processors. Calls of each do not
// overlap. It ends early when ctx does.
func (f *files) hashPieces(ctx context.Context, set *bitset.BitSet, progress Progress,
	each func(piece uint32, sum [sha1.Size]byte, err error)) error {
	var total, done int64
	list := make([]uint32, 0, set.Count())
	for i, ok := set.NextSet(0); ok; i, ok = set.NextSet(i + 1) {
		list = append(list, uint32(i))
		total += int64(f.layout.Geometry.PieceSize(uint32(i)))
	}
	var mu sync.Mutex
	report := func(piece uint32, sum [sha1.Size]byte, err error) {
		mu.Lock()
		defer mu.Unlock()
		each(piece, sum, err)
		done += int64(f.layout.Geometry.PieceSize(piece))
		if progress != nil {
			progress(done, total)
		}
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(list)) {
		wg.Go(func() {
			h, p := sha1.New(), new(pad)
			for ctx.Err() == nil {
				k := int(next.Add(1)) - 1
				if k >= len(list) {
					return
				}
				h.Reset()
				err := f.readPiece(list[k], 0, f.layout.Geometry.PieceSize(list[k]), p, func(_ uint32, data []byte) error {
					h.Write(data)
					return nil
				})
				report(list[k], [sha1.Size]byte(h.Sum(nil)), err)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}
