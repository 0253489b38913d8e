package crowd

import (
	"time"

	"github.com/bits-and-blooms/bitset"
)

// holder is what a member has, as the record knows it. One whose disk may lie has nothing.
type holder struct {
	pieces  *bitset.BitSet // nil while it is not there
	count   int
	bytes   int64
	brought int64 // bytes that it had when it came
	known   bool  // it was there before
	since   [Milestones + 1]time.Duration
}

// reached is how long after its arrival the holder had k of Milestones parts; -1 when it never had.
func (h *holder) reached(k int) time.Duration { return h.since[k] - 1 }

// boards notes what a member has that comes, or is back after a crash.
func (r *Record) boards(m *member) {
	if r == nil || m.lies() {
		return
	}
	h, before := &r.holders[m.nth], r.gained
	h.pieces, h.count, h.bytes = bitset.New(uint(len(r.copies))), 0, 0
	m.node.Disk.EachSynced(r.crowd.torrent.ID, func(piece uint32) { r.gains(m, piece) })
	if !h.known {
		h.known, h.brought = true, h.bytes
	}
	r.gained = before + h.bytes - h.brought
}

// gains notes that a member has a piece more.
func (r *Record) gains(m *member, piece uint32) {
	if r == nil {
		return
	}
	h := &r.holders[m.nth]
	if h.pieces == nil || h.pieces.Test(uint(piece)) {
		return
	}
	size := int64(r.crowd.torrent.Geometry.PieceSize(piece))
	h.pieces.Set(uint(piece))
	h.count++
	h.bytes += size
	r.copies[piece]++
	r.gained += size
	age := r.crowd.world.Now().Sub(m.arrived)
	for k := h.count * Milestones / len(r.copies); k >= 0 && h.since[k] == 0; k-- {
		h.since[k] = age + 1
	}
}

// goes notes that a member has left.
func (r *Record) goes(m *member) {
	if r == nil {
		return
	}
	h := &r.holders[m.nth]
	if h.pieces == nil {
		return
	}
	for i, ok := h.pieces.NextSet(0); ok; i, ok = h.pieces.NextSet(i + 1) {
		r.copies[i]--
	}
	h.pieces = nil
}

// crashes notes that a member is away for a while: what it has is nobody's until it is back.
func (r *Record) crashes(m *member) {
	if r == nil {
		return
	}
	if h := &r.holders[m.nth]; h.pieces != nil {
		r.gained -= h.bytes - h.brought
	}
	r.goes(m)
}
