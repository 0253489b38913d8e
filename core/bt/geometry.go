package bt

import "strconv"

// BlockSize is the length in bytes of every block that is requested, but for the last of a
// piece, and the longest that is served (BEP 3 as deployed). [MSG-13]
const BlockSize = 16 << 10

// MaxPieces is the largest number of pieces a torrent may have. [LIM-6]
const MaxPieces = 1 << 21

// MaxPieceLength is the longest a piece may be, bytes.
const MaxPieceLength = 512 << 20

// Block is a range of bytes within a piece.
type Block struct {
	Piece  uint32 // index of the piece
	Begin  uint32 // offset within the piece, bytes
	Length uint32 // bytes
}

// String writes the block as a transcript does: "3 @16384 +16384".
func (b Block) String() string {
	u := func(v uint32) string { return strconv.FormatUint(uint64(v), 10) }
	return u(b.Piece) + " @" + u(b.Begin) + " +" + u(b.Length)
}

// Geometry is how a torrent's bytes are cut into pieces. The zero Geometry is one not known
// yet (a magnet link before its metadata).
type Geometry struct {
	PieceLength uint32 // bytes in every piece but perhaps the last; > 0 when known
	Total       int64  // bytes in all; > 0 when known
}

// Known tells whether the geometry is known.
func (g Geometry) Known() bool { return g.PieceLength != 0 }

// Valid tells whether g is unknown or within the limits: 1 to MaxPieces pieces of at most MaxPieceLength bytes.
func (g Geometry) Valid() bool {
	if !g.Known() {
		return g.Total == 0
	}
	return g.PieceLength <= MaxPieceLength && g.Total > 0 && (g.Total-1)/int64(g.PieceLength) < MaxPieces
}

// NumPieces is the number of pieces, 0 when the geometry is not known.
func (g Geometry) NumPieces() uint32 {
	if !g.Known() {
		return 0
	}
	return uint32((g.Total + int64(g.PieceLength) - 1) / int64(g.PieceLength))
}

// PieceSize is the length of piece i in bytes; i must be in range.
func (g Geometry) PieceSize(i uint32) uint32 {
	return uint32(min(int64(g.PieceLength), g.Total-int64(i)*int64(g.PieceLength)))
}

// NumBlocks is the number of blocks of piece i; i must be in range.
func (g Geometry) NumBlocks(i uint32) uint32 { return (g.PieceSize(i) + BlockSize - 1) / BlockSize }

// BlockAt is block k of piece i; both must be in range.
func (g Geometry) BlockAt(i, k uint32) Block {
	begin := k * BlockSize
	return Block{Piece: i, Begin: begin, Length: min(BlockSize, g.PieceSize(i)-begin)}
}

// IsBlock tells whether b is exactly one of the torrent's blocks: in range, aligned, whole.
func (g Geometry) IsBlock(b Block) bool {
	return g.has(b.Piece) && b.Begin%BlockSize == 0 && b.Begin < g.PieceSize(b.Piece) &&
		b.Length == min(BlockSize, g.PieceSize(b.Piece)-b.Begin)
}

// Contains tells whether b is a range of bytes, not empty, within one of the torrent's pieces.
func (g Geometry) Contains(b Block) bool {
	return g.has(b.Piece) && b.Length > 0 &&
		uint64(b.Begin)+uint64(b.Length) <= uint64(g.PieceSize(b.Piece))
}

// has tells whether piece i is one of the torrent's, without the division that its number of pieces takes.
func (g Geometry) has(i uint32) bool { return int64(i)*int64(g.PieceLength) < g.Total }

// Offset is where b begins in the torrent, bytes from its start.
func (g Geometry) Offset(b Block) int64 {
	return int64(b.Piece)*int64(g.PieceLength) + int64(b.Begin)
}
