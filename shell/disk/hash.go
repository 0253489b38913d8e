package disk

import (
	"cmp"
	"crypto/sha1"
	"hash"
	"hash/maphash"
	"slices"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// maxSpare is how many hashes that are in no use a worker keeps, and maxSums how many blocks the longest of them may have had.
const (
	maxSpare = 256
	maxSums  = 4096
)

// pieceHashes are the hashes of pieces that are being written: of as many as are begun, which the core bounds.
type pieceHashes struct {
	active map[pieceKey]*pieceHash
	free   []*pieceHash
	seed   maphash.Seed
}

// pieceKey names a piece.
type pieceKey struct {
	t     *Torrent
	piece uint32
}

// pieceHash is the hash of a piece's first bytes as they came, and what is known of the blocks beyond: so of every block that came
// it is known what it was, whatever the disk made of it. [TRU-10]
type pieceHash struct {
	hash  hash.Hash
	next  uint32        // bytes hashed
	ahead bitset.BitSet // blocks that came out of order, by their number
	sums  []uint64      // of these; no peer can make two blocks with one sum
	lie   error         // some of them reads back as something else
}

func newPieceHashes() pieceHashes {
	return pieceHashes{active: make(map[pieceKey]*pieceHash), seed: maphash.MakeSeed()}
}

// of gives the hash of a piece, a hash of nothing when it is new.
func (p *pieceHashes) of(k pieceKey) *pieceHash {
	h := p.active[k]
	if h == nil {
		h = p.take()
		p.active[k] = h
	}
	return h
}

// take gives a hash of nothing.
func (p *pieceHashes) take() *pieceHash {
	if len(p.free) == 0 {
		return &pieceHash{hash: sha1.New()}
	}
	h := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	h.hash.Reset()
	h.next, h.lie = 0, nil
	h.ahead.ClearAll()
	return h
}

// finish takes out what is known of a piece, a hash of nothing when that is nothing. It goes to put in the end.
func (p *pieceHashes) finish(k pieceKey) *pieceHash {
	h := p.active[k]
	if h == nil {
		return p.take()
	}
	delete(p.active, k)
	return h
}

// put takes a hash back that is in use no more.
func (p *pieceHashes) put(h *pieceHash) {
	if len(p.free) < maxSpare && cap(h.sums) <= maxSums {
		p.free = append(p.free, h)
	}
}

// drop forgets the pieces of a torrent.
func (p *pieceHashes) drop(t *Torrent) {
	for k, h := range p.active {
		if k.t == t {
			delete(p.active, k)
			p.put(h)
		}
	}
}

// absorb hashes the blocks of a run, of which so many bytes are written, as far as they go on where the piece's hash stands. Of
// what comes out of order a sum is kept. It is read back as soon as all before it is hashed: it still is in the cache then.
func (w *worker) absorb(h *pieceHash, run []task, done int64) {
	k := pieceKey{run[0].t, run[0].Block.Piece}
	g := &k.t.layout.Geometry
	for i := range run {
		b := run[i].Block
		done -= int64(b.Length)
		switch data := run[i].Buf.Data[:b.Length]; {
		case done < 0:
			h.ahead.Clear(uint(b.Begin / bt.BlockSize)) // what it was is half overwritten, or may be
		case b.Begin == h.next:
			h.hash.Write(data)
			h.next += b.Length
		case g.IsBlock(b):
			h.mark(b.Begin/bt.BlockSize, g.NumBlocks(k.piece), maphash.Bytes(w.hashes.seed, data))
		}
	}
	to, size := h.next, g.PieceSize(k.piece)
	for to%bt.BlockSize == 0 && to < size && h.ahead.Test(uint(to/bt.BlockSize)) {
		to = min(to+bt.BlockSize, size)
	}
	if h.next < to {
		w.readBack(k, h, to) // verify will meet an error again, and tell
	}
}

// mark keeps the sum of a block that came out of order.
func (h *pieceHash) mark(k, blocks uint32, sum uint64) {
	if len(h.sums) < int(blocks) {
		h.sums = slices.Grow(h.sums[:0], int(blocks))[:blocks]
		h.ahead.ClearAll()
	}
	h.sums[k] = sum
	h.ahead.Set(uint(k))
}

// readBack hashes what is there of a piece from where its hash stands up to an offset. What is there of a block that came out of
// order must be what came.
func (w *worker) readBack(k pieceKey, h *pieceHash, to uint32) error {
	return k.t.files.readPiece(k.piece, h.next, to, &w.pad, func(k uint32, data []byte) error {
		if h.next%bt.BlockSize == 0 && h.ahead.Test(uint(k)) && maphash.Bytes(w.hashes.seed, data) != h.sums[k] {
			h.lie = errLies
			return errLies
		}
		h.hash.Write(data)
		h.next += uint32(len(data))
		return nil
	})
}

// relearn is called before blocks are written over that are hashed already, because the core has thrown them away: then it must be
// known of each of the others what it was. The hash of all of them tells whether the disk still has it.
func (w *worker) relearn(k pieceKey, h *pieceHash) {
	next, old := h.next, [sha1.Size]byte(h.hash.Sum(w.sum[:0]))
	h.hash.Reset()
	h.next = 0
	g := &k.t.layout.Geometry
	err := k.t.files.readPiece(k.piece, 0, next, &w.pad, func(i uint32, data []byte) error {
		h.hash.Write(data)
		if g.BlockAt(k.piece, i).Length == uint32(len(data)) {
			h.mark(i, g.NumBlocks(k.piece), maphash.Bytes(w.hashes.seed, data))
		}
		return nil
	})
	if err == nil && [sha1.Size]byte(h.hash.Sum(w.sum[:0])) != old {
		err = errLies
	}
	h.lie = cmp.Or(h.lie, err)
	h.hash.Reset()
}

// verify answers whether what came of a piece is right. Whether the disk has it, and what each block is, is for the auditor to
// find out, when somebody is to be blamed or wants to know.
func (w *worker) verify(k *task) {
	t, piece := k.t, k.Block.Piece
	h := w.hashes.finish(pieceKey{t, piece})
	err := h.lie
	if err == nil {
		err = w.readBack(pieceKey{t, piece}, h, t.layout.Geometry.PieceSize(piece))
	}
	k.arrived = bt.Digest(h.hash.Sum(w.sum[:0]))
	w.hashes.put(h)
	switch {
	case err != nil:
		w.verdict(k, nil, err)
	case k.right() && !k.Sums && !w.disk.opt.ReadBack:
		w.verdict(k, nil, nil)
	case !w.disk.auditor.hand(k):
		w.audit(k)
	}
}

// right tells whether a piece has the right hash, as it came.
func (k *task) right() bool { return k.arrived == bt.Digest(k.t.layout.Hashes[k.Block.Piece]) }

// audit reads a piece back and takes the digests of its blocks. When the whole is not what came, the disk has lied, and nothing of
// it counts. [TRU-8] [TRU-10]
func (w *worker) audit(k *task) {
	k.Op = Verify
	t, piece := k.t, k.Block.Piece
	size := t.layout.Geometry.PieceSize(piece)
	sums := make([]bt.Digest, 0, t.layout.Geometry.NumBlocks(piece))
	h := w.hashes.take()
	err := t.files.readPiece(piece, 0, size, &w.pad, func(_ uint32, data []byte) error {
		h.hash.Write(data)
		sums = append(sums, sha1.Sum(data))
		return nil
	})
	if err == nil && bt.Digest(h.hash.Sum(w.sum[:0])) != k.arrived {
		err = errLies
	}
	w.hashes.put(h)
	if k.right() && !k.Sums {
		sums = nil
	}
	w.verdict(k, sums, err)
}

// verdict answers a verification.
func (w *worker) verdict(k *task, sums []bt.Digest, err error) {
	t, piece := k.t, k.Block.Piece
	if err == errLies {
		err = t.files.failed("read", t.layout.fileAt(t.layout.Geometry.Offset(bt.Block{Piece: piece})), err)
	}
	r := k.result(readFault(err), err)
	if err == nil {
		r.Good, r.Sums = k.right(), sums
	}
	if !r.Good {
		t.unclaim(piece)
	}
	w.out = append(w.out, r)
}

// readPiece reads a piece from one offset within it to another, and calls f with each block, or what there is of it between the two,
// in order; the bytes are good until f returns. An error of f ends it.
func (f *files) readPiece(piece, from, to uint32, p *pad, each func(k uint32, data []byte) error) error {
	if from < to && p.room == nil {
		p.room = make([]byte, scratch)
	}
	for from < to {
		room := p.room[:min(to-from, scratch-from%bt.BlockSize)]
		v := p.vector()
		v.add(room)
		if _, err := f.read(&v, f.layout.Geometry.Offset(bt.Block{Piece: piece, Begin: from})); err != nil {
			return err
		}
		for len(room) > 0 {
			n := min(len(room), int(bt.BlockSize-from%bt.BlockSize))
			if err := each(from/bt.BlockSize, room[:n]); err != nil {
				return err
			}
			from, room = from+uint32(n), room[n:]
		}
	}
	return nil
}
