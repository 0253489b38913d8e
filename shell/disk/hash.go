package disk

import (
	"crypto/sha1"
	"hash"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// maxHashes is the most pieces a worker hashes as they come; a piece beyond is read back instead.
const maxHashes = 256

// pieceHashes are the hashes of pieces that are being written.
type pieceHashes struct {
	active map[pieceKey]*pieceHash
	free   []*pieceHash
}

// pieceKey names a piece.
type pieceKey struct {
	t     *Torrent
	piece uint32
}

// pieceHash is the hash of a piece's first bytes, as they were written.
type pieceHash struct {
	hash    hash.Hash
	next    uint32        // bytes hashed
	spoiled bool          // some of them were written again
	ahead   bitset.BitSet // blocks that are written beyond, by their number
}

func newPieceHashes() pieceHashes { return pieceHashes{active: make(map[pieceKey]*pieceHash)} }

// start gives a hash of nothing for a piece; nil when there are too many.
func (p *pieceHashes) start(k pieceKey) *pieceHash {
	if len(p.active) >= maxHashes {
		return nil
	}
	h := p.take()
	p.active[k] = h
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
	h.next, h.spoiled = 0, false
	h.ahead.ClearAll()
	return h
}

// finish takes out what there is of a piece's hash, a hash of nothing when that is of no use.
// It goes to free in the end.
func (p *pieceHashes) finish(k pieceKey) *pieceHash {
	h := p.active[k]
	if h == nil {
		return p.take()
	}
	delete(p.active, k)
	if h.spoiled {
		h.hash.Reset()
		h.next = 0
	}
	return h
}

// drop forgets the pieces of a torrent.
func (p *pieceHashes) drop(t *Torrent) {
	for k, h := range p.active {
		if k.t == t {
			delete(p.active, k)
			p.free = append(p.free, h)
		}
	}
}

// absorb hashes the blocks of a run that are written, as far as they go on where the piece's hash
// stands. What comes out of order is read back as soon as all before it is hashed: it still is in the cache then.
func (w *worker) absorb(run []task, done int64) {
	first := run[0].Block
	k := pieceKey{run[0].t, first.Piece}
	h := w.hashes.active[k]
	if h == nil {
		h = w.hashes.start(k)
	}
	if h == nil {
		return
	}
	if first.Begin < h.next { // even a part of a block, when writing failed
		h.spoiled = true
		return
	}
	for i := range run {
		b := run[i].Block
		if done -= int64(b.Length); done < 0 {
			break
		}
		if b.Begin > h.next {
			h.mark(&k.t.layout.Geometry, b)
			continue
		}
		h.hash.Write(run[i].Buf.Data[:b.Length])
		h.next += b.Length
	}
	w.catchUp(k, h)
}

// mark notes a block that came too early. One that is none of the torrent's own blocks is left to verify.
func (h *pieceHash) mark(g *bt.Geometry, b bt.Block) {
	if g.IsBlock(b) {
		h.ahead.Set(uint(b.Begin / bt.BlockSize))
	}
}

// catchUp reads back what came too early and goes on where the hash stands.
func (w *worker) catchUp(k pieceKey, h *pieceHash) {
	to, size := h.next, k.t.layout.Geometry.PieceSize(k.piece)
	for to%bt.BlockSize == 0 && to < size && h.ahead.Test(uint(to/bt.BlockSize)) {
		to = min(to+bt.BlockSize, size)
	}
	if err := k.t.files.hashRange(h.hash, k.piece, h.next, to, &w.pad); err != nil {
		h.spoiled = true // verify will meet the error again, and tell
		return
	}
	h.next = to
}

// verify answers whether a piece's bytes are right.
func (w *worker) verify(task *task) {
	t, piece := task.t, task.Block.Piece
	h := w.hashes.finish(pieceKey{t, piece})
	err := t.files.hashRange(h.hash, piece, h.next, t.layout.Geometry.PieceSize(piece), &w.pad)
	r := task.result(readFault(err), err)
	if err == nil {
		r.Good = [sha1.Size]byte(h.hash.Sum(w.sum[:0])) == t.layout.Hashes[piece]
	}
	if !r.Good {
		t.unclaim(piece)
	}
	w.hashes.free = append(w.hashes.free, h)
	w.out = append(w.out, r)
}

// hashRange hashes a piece from one offset within it to another.
func (f *files) hashRange(h hash.Hash, piece, from, to uint32, p *pad) error {
	off := f.layout.Geometry.Offset(bt.Block{Piece: piece, Begin: from})
	left := int64(to - from)
	if left > 0 && p.room == nil {
		p.room = make([]byte, scratch)
	}
	for left > 0 {
		room := p.room[:min(left, scratch)]
		v := p.vector()
		v.add(room)
		n, err := f.read(&v, off)
		if err != nil {
			return err
		}
		h.Write(room)
		left, off = left-n, off+n
	}
	return nil
}
