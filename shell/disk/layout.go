package disk

import (
	"crypto/sha1"
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"peerwire/core/bt"
)

// File is one file of a torrent, or one run of padding between two (BEP 47).
type File struct {
	Path   []string // elements below the target folder, the torrent's own name first
	Length int64    // bytes, 0 or more
	Offset int64    // where its first byte lies in the torrent
	Pad    bool     // never on disk; its bytes are zeros
}

// Layout is where the bytes of one torrent lie: what a metainfo file says, as far as a disk
// needs it.
type Layout struct {
	InfoHash bt.InfoHash
	Geometry bt.Geometry       // known
	Files    []File            // in order, without gaps, Geometry.Total bytes in all
	Hashes   [][sha1.Size]byte // one a piece
}

// recordSuffix ends the name of every file this package keeps for itself.
const recordSuffix = ".peerwire"

// check tells what is wrong with the layout, but for its hashes. Names are looked at only as far as this
// package's own safety needs; what a good name is, metainfo decides.
func (l *Layout) check() error {
	if !l.Geometry.Known() || !l.Geometry.Valid() {
		return fmt.Errorf("disk: no usable geometry: pieces of %d bytes, %d bytes in all",
			l.Geometry.PieceLength, l.Geometry.Total)
	}
	var off int64
	seen := make(map[string]bool, len(l.Files))
	for i := range l.Files {
		f := &l.Files[i]
		if f.Offset != off || f.Length < 0 || f.Length > l.Geometry.Total-off {
			return fmt.Errorf("disk: file %d: %d bytes at offset %d do not follow the file before", i, f.Length, f.Offset)
		}
		off += f.Length
		if f.Pad {
			continue
		}
		if err := checkPath(f.Path); err != nil {
			return err
		}
		name := f.name()
		if seen[name] {
			return fmt.Errorf("disk: two files are named %q", name)
		}
		seen[name] = true
	}
	if off != l.Geometry.Total {
		return fmt.Errorf("disk: the files hold %d bytes, the torrent %d", off, l.Geometry.Total)
	}
	return nil
}

// checkHashes wants one hash a piece.
func (l *Layout) checkHashes() error {
	if n := l.Geometry.NumPieces(); uint64(len(l.Hashes)) != uint64(n) {
		return fmt.Errorf("disk: %d hashes for %d pieces", len(l.Hashes), n)
	}
	return nil
}

// checkPath refuses what is no path below the target folder, and the names of records, so that no
// torrent can forge the record of another.
func checkPath(path []string) error {
	if len(path) == 0 {
		return fmt.Errorf("disk: a file has no name")
	}
	for _, e := range path {
		if e == "" || e == "." || e == ".." || strings.ContainsAny(e, "/\x00"+string(filepath.Separator)) {
			return fmt.Errorf("disk: %q is no path below a folder", path)
		}
	}
	if strings.HasSuffix(strings.ToLower(path[0]), recordSuffix) {
		return fmt.Errorf("disk: the name %q is kept for records", path[0])
	}
	return nil
}

// name is the file's path as the system writes it.
func (f *File) name() string { return filepath.Join(f.Path...) }

// onDisk tells whether the file has bytes of its own on the disk.
func (f *File) onDisk() bool { return !f.Pad && f.Length > 0 }

// fileAt is the index of the file that holds the byte at off.
func (l *Layout) fileAt(off int64) int {
	return sort.Search(len(l.Files), func(i int) bool { return l.Files[i].Offset+l.Files[i].Length > off })
}

// filesOf is the range of files, first to last, that piece i has bytes in. Empty files
// may lie between.
func (l *Layout) filesOf(i uint32) (first, last int) {
	start := int64(i) * int64(l.Geometry.PieceLength)
	return l.fileAt(start), l.fileAt(start + int64(l.Geometry.PieceSize(i)) - 1)
}

// piecesOf is the range of pieces, first to last, that have bytes in a file which is not empty.
func (l *Layout) piecesOf(file int) (first, last uint32) {
	f := &l.Files[file]
	size := int64(l.Geometry.PieceLength)
	return uint32(f.Offset / size), uint32((f.Offset + f.Length - 1) / size)
}
