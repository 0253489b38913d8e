package sim

import (
	"time"

	"peerwire/core/bt"
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

	volumes []*volume
	held    []func()
}

// volume is one torrent on a disk.
type volume struct {
	torrent *Torrent
	blocks  [][]kept // by piece and block
}

// kept is a block's place: what arrived for it, and what there is of that.
type kept struct {
	arrived, there content
}

func (d *Disk) add(t *Torrent, has func(piece uint32) bool) {
	v := &volume{torrent: t, blocks: make([][]kept, t.Geometry.NumPieces())}
	for i := range v.blocks {
		v.blocks[i] = make([]kept, t.Geometry.NumBlocks(uint32(i)))
		if has(uint32(i)) {
			for k := range v.blocks[i] {
				v.blocks[i][k] = kept{right, right}
			}
		}
	}
	d.volumes = append(d.volumes, v)
}

// size is how many blocks there is room for.
func (d *Disk) size() (n int) {
	for _, v := range d.volumes {
		if len(v.blocks) > 0 {
			n += len(v.blocks) * len(v.blocks[0])
		}
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

// store writes a block.
func (d *Disk) store(id bt.TorrentID, b bt.Block, c content) bt.Fault {
	if d.Full != bt.OK {
		return d.Full
	}
	at := kept{c, c}
	if d.Lying {
		at.there = spoilt
	}
	d.volume(id).blocks[b.Piece][b.Begin/bt.BlockSize] = at
	return bt.OK
}

// fetch reads a range, which may reach into several blocks.
func (d *Disk) fetch(id bt.TorrentID, b bt.Block) (Run, bt.Fault) {
	v := d.volume(id)
	run := Run{InfoHash: v.torrent.InfoHash, Range: b}
	for k := b.Begin / bt.BlockSize; k*bt.BlockSize < b.Begin+b.Length; k++ {
		switch v.blocks[b.Piece][k].there {
		case absent:
			return run, bt.Lost
		case right:
		default:
			run.Bad = true
		}
	}
	return run, d.Unread
}

// verify hashes a piece as it arrived. It reads back what is there of one that is wrong, or of which digests are wanted: if that
// is something else, the disk has failed. [TRU-8] [TRU-10]
func (d *Disk) verify(id bt.TorrentID, piece uint32, sums bool) bt.Event {
	ev := bt.Event{Kind: bt.Verified, Torrent: id, Piece: piece, Good: true, Fault: d.Unhash}
	v := d.volume(id)
	same := true
	for _, at := range v.blocks[piece] {
		ev.Good = ev.Good && at.arrived == right
		same = same && at.arrived == at.there
	}
	if !ev.Good || sums || d.ReadBack {
		if !same {
			ev.Fault = bt.IOError
		}
		for k, at := range v.blocks[piece] {
			ev.Sums = append(ev.Sums, at.there.digest(v.torrent.InfoHash, v.torrent.Geometry.BlockAt(piece, uint32(k))))
		}
	}
	if ev.Fault != bt.OK {
		ev.Good, ev.Sums = false, nil
	}
	return ev
}

// Lose lets the blocks of some pieces vanish, of all torrents.
func (d *Disk) Lose(lost func(piece uint32) bool) {
	for _, v := range d.volumes {
		for i := range v.blocks {
			if lost(uint32(i)) {
				clear(v.blocks[i])
			}
		}
	}
}

// complete tells whether the disk holds a torrent whole and right.
func (d *Disk) complete(id bt.TorrentID) bool {
	for _, piece := range d.volume(id).blocks {
		for _, at := range piece {
			if at.there != right {
				return false
			}
		}
	}
	return true
}
