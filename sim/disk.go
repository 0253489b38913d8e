package sim

import (
	"time"

	"peerwire/core/bt"
)

// Disk is where a node keeps its torrents: which blocks it has, and whether they are the right ones. Answers take
// Delay.
type Disk struct {
	Delay time.Duration // of every answer

	Full    bt.Fault // what Store answers; OK stores
	Unread  bt.Fault // what Fetch answers; OK reads
	Unhash  bt.Fault // what Verify answers; OK hashes
	Holding bool     // answers to Store wait until it is false again

	volumes []*volume
	held    []func()
}

// volume is one torrent on a disk.
type volume struct {
	torrent *Torrent
	blocks  [][]content // by piece and block
}

// content is what a block's place holds.
type content uint8

const (
	absent content = iota
	right
	wrong
)

func (d *Disk) add(t *Torrent, has func(piece uint32) bool) {
	v := &volume{torrent: t, blocks: make([][]content, t.Geometry.NumPieces())}
	for i := range v.blocks {
		v.blocks[i] = make([]content, t.Geometry.NumBlocks(uint32(i)))
		if has(uint32(i)) {
			for k := range v.blocks[i] {
				v.blocks[i][k] = right
			}
		}
	}
	d.volumes = append(d.volumes, v)
}

// size is how many blocks there is room for.
func (d *Disk) size() (n int) {
	for _, v := range d.volumes {
		n += len(v.blocks) * len(v.blocks[0])
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
func (d *Disk) store(id bt.TorrentID, b bt.Block, good bool) bt.Fault {
	if d.Full != bt.OK {
		return d.Full
	}
	c := wrong
	if good {
		c = right
	}
	d.volume(id).blocks[b.Piece][b.Begin/bt.BlockSize] = c
	return bt.OK
}

// fetch reads a range, which may reach into several blocks.
func (d *Disk) fetch(id bt.TorrentID, b bt.Block) (Run, bt.Fault) {
	v := d.volume(id)
	run := Run{InfoHash: v.torrent.InfoHash, Range: b}
	for k := b.Begin / bt.BlockSize; k*bt.BlockSize < b.Begin+b.Length; k++ {
		switch v.blocks[b.Piece][k] {
		case absent:
			return run, bt.Lost
		case wrong:
			run.Bad = true
		}
	}
	return run, d.Unread
}

// verify hashes a piece.
func (d *Disk) verify(id bt.TorrentID, piece uint32) (good bool, f bt.Fault) {
	for _, c := range d.volume(id).blocks[piece] {
		if c != right {
			return false, d.Unhash
		}
	}
	return true, d.Unhash
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
		for _, c := range piece {
			if c != right {
				return false
			}
		}
	}
	return true
}
