package sim

import (
	"slices"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// Disk is where a node keeps its torrents: which blocks it has, and what they hold. Answers take Delay.
type Disk struct {
	Delay time.Duration // of every answer

	Full     bt.Fault // what Store answers; OK stores
	Unread   bt.Fault // what Fetch answers; OK reads
	Unhash   bt.Fault // what Verify answers; OK hashes
	Lying    bool     // Store keeps other bytes than it is given, and says nothing
	ReadBack bool     // Verify looks at what is kept of every piece, not only where it has to
	Holding  bool     // answers to Store wait until it is false again
	ByHand   bool     // nothing is answered but by Node.Answer

	ills    *Ills
	volumes []*volume
	held    []bt.Effect
}

// volume is one torrent on a disk. Nearly every block of it is absent or right, which takes a bit; only the others are kept one by one.
type volume struct {
	torrent *Torrent
	per     uint32 // blocks of a piece, but perhaps for the last
	total   uint   // blocks
	right   *bitset.BitSet
	odd     map[uint]kept  // nil until there is one
	loose   []uint32       // blocks that a loss of power may undo: written since the last sync
	record  *bitset.BitSet // pieces that a resume record would claim; as that of shell/disk none that is written to or could not be read since
}

// kept is a block's place: what arrived for it, and what there is of that.
type kept struct {
	arrived, there content
}

func (d *Disk) add(t *Torrent, has func(piece uint32) bool) {
	g := t.Geometry
	v := &volume{torrent: t, record: pieceSet(g.NumPieces(), has)}
	if n := g.NumPieces(); n > 0 {
		v.per = g.NumBlocks(0)
		v.total = uint(n-1)*uint(v.per) + uint(g.NumBlocks(n-1))
	}
	v.right = bitset.New(v.total)
	for i, ok := v.record.NextSet(0); ok; i, ok = v.record.NextSet(i + 1) {
		from, to := v.span(uint32(i))
		v.right.FlipRange(from, to)
	}
	d.volumes = append(d.volumes, v)
}

// span is where the blocks of a piece are.
func (v *volume) span(piece uint32) (from, to uint) {
	from = uint(piece) * uint(v.per)
	return from, from + uint(v.torrent.Geometry.NumBlocks(piece))
}

// at is a block's place.
func (v *volume) at(i uint) kept {
	if v.right.Test(i) {
		return kept{right, right}
	}
	return v.odd[i]
}

func (v *volume) put(i uint, k kept) {
	v.right.Clear(i)
	delete(v.odd, i)
	switch k {
	case kept{right, right}:
		v.right.Set(i)
	case kept{}:
	default:
		if v.odd == nil {
			v.odd = map[uint]kept{}
		}
		v.odd[i] = k
	}
}

// size is how many blocks there is room for.
func (d *Disk) size() (n int) {
	for _, v := range d.volumes {
		n += int(v.torrent.Geometry.NumPieces() * v.per)
	}
	return n
}

func (d *Disk) volume(id bt.TorrentID) *volume {
	for _, v := range d.volumes {
		if v.torrent.ID == id {
			return v
		}
	}
	panic("BUG: a torrent that is on no disk")
}

// Spoil makes other bytes of all that is right, and nobody is told.
func (d *Disk) Spoil() {
	for _, v := range d.volumes {
		for i, ok := v.right.NextSet(0); ok; i, ok = v.right.NextSet(i + 1) {
			v.put(i, kept{right, spoilt})
		}
	}
}

// store writes a block.
func (d *Disk) store(id bt.TorrentID, b bt.Block, c content) bt.Fault {
	v := d.volume(id)
	v.record.Clear(uint(b.Piece))
	if d.Full != bt.OK {
		return d.Full
	}
	if d.ills.Strikes(fault.WriteError) {
		return bt.IOError
	}
	at := kept{c, c}
	if d.Lying || d.ills.Strikes(fault.LyingDisk) {
		at.there = spoilt
	}
	if d.ills.Strikes(fault.LostWrite) {
		at.there = absent
	}
	if d.ills.Strikes(fault.Misdirected) {
		at.there = absent
		if other := uint(d.ills.Lots(fault.Misdirected).Below(uint64(v.total))); v.right.Test(other) {
			v.put(other, kept{right, spoilt})
		}
	}
	from, _ := v.span(b.Piece)
	i := from + uint(b.Begin/bt.BlockSize)
	v.put(i, at)
	v.loose = append(v.loose, uint32(i))
	return bt.OK
}

// keep syncs a piece that was verified, and notes it in the resume record.
func (d *Disk) keep(id bt.TorrentID, piece uint32) {
	v := d.volume(id)
	from, to := v.span(piece)
	v.loose = slices.DeleteFunc(v.loose, func(i uint32) bool { return from <= uint(i) && uint(i) < to })
	v.record.Set(uint(piece))
}

// fetch reads a range, which may reach into several blocks.
func (d *Disk) fetch(id bt.TorrentID, b bt.Block) (Run, bt.Fault) {
	v := d.volume(id)
	run, f := d.read(v, b)
	if f != bt.OK {
		v.record.Clear(uint(b.Piece))
	}
	return run, f
}

func (d *Disk) read(v *volume, b bt.Block) (Run, bt.Fault) {
	run := Run{Torrent: v.torrent.ID, Range: b}
	from, _ := v.span(b.Piece)
	for k := b.Begin / bt.BlockSize; k*bt.BlockSize < b.Begin+b.Length; k++ {
		switch v.at(from + uint(k)).there {
		case absent:
			v.put(from+uint(k), kept{}) // whoever reads it again finds the same
			return run, bt.Lost
		case right:
		default:
			run.spoil()
		}
	}
	if d.ills.Strikes(fault.ReadError) {
		return run, bt.IOError
	}
	return run, d.Unread
}

// verify hashes a piece as it arrived. It reads back what is there of one that is wrong, or of which digests are wanted: if that
// is something else, the disk has failed. [TRU-8] [TRU-10]
func (d *Disk) verify(id bt.TorrentID, piece uint32, sums bool) bt.Event {
	ev := bt.Event{Kind: bt.Verified, Torrent: id, Piece: piece, Good: true, Fault: d.Unhash}
	v := d.volume(id)
	same := true
	from, to := v.span(piece)
	for i := from; i < to; i++ {
		at := v.at(i)
		ev.Good = ev.Good && at.arrived == right
		same = same && at.arrived == at.there
	}
	if !ev.Good || sums || d.ReadBack {
		if !same {
			ev.Fault = bt.IOError
		}
		for i := from; i < to; i++ {
			ev.Sums = append(ev.Sums, v.at(i).there.digest(v.torrent.InfoHash, v.torrent.Geometry.BlockAt(piece, uint32(i-from))))
		}
	}
	if d.ills.Strikes(fault.HashError) {
		ev.Fault = bt.IOError
	}
	if ev.Fault != bt.OK {
		ev.Good, ev.Sums = false, nil
	}
	if !ev.Good {
		v.record.Clear(uint(piece))
	}
	return ev
}

// Rot makes other bytes of one block that is right, and nobody is told; false when there is none.
func (d *Disk) Rot(lots *Lots) bool {
	for _, v := range d.volumes {
		if v.right.None() {
			continue
		}
		i, ok := v.right.NextSet(uint(lots.Below(uint64(v.total))))
		if !ok {
			i, _ = v.right.NextSet(0)
		}
		v.put(i, kept{right, spoilt})
		return true
	}
	return false
}

// Lose lets the blocks of some pieces vanish, of all torrents.
func (d *Disk) Lose(lost func(piece uint32) bool) {
	for _, v := range d.volumes {
		for piece := range v.torrent.Geometry.NumPieces() {
			if !lost(piece) {
				continue
			}
			for i, to := v.span(piece); i < to; i++ {
				v.put(i, kept{})
			}
		}
	}
}

// complete tells whether the disk holds a torrent whole and right.
func (d *Disk) complete(id bt.TorrentID) bool {
	v := d.volume(id)
	return v.right.Count() == v.total
}
