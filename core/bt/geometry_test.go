package bt

import (
	"testing"

	"pgregory.net/rapid"
)

// The pieces, and the blocks of each, cover the torrent exactly once, in order.
func TestBlocksCoverTheTorrent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Geometry{
			PieceLength: rapid.Uint32Range(1, 5*BlockSize).Draw(t, "piece length"),
			Total:       rapid.Int64Range(1, 40*BlockSize).Draw(t, "total"),
		}
		if !g.Valid() {
			t.Skip("more pieces than there may be")
		}
		var at int64
		for i := range min(g.NumPieces(), 1000) {
			for k := range g.NumBlocks(i) {
				b := g.BlockAt(i, k)
				if g.Offset(b) != at || !g.IsBlock(b) || !g.Contains(b) {
					t.Fatalf("block %v stands at %d, want %d", b, g.Offset(b), at)
				}
				at += int64(b.Length)
			}
		}
		if g.NumPieces() <= 1000 && at != g.Total {
			t.Fatalf("the blocks cover %d of %d bytes", at, g.Total)
		}
	})
}

func TestWhatIsNoBlock(t *testing.T) {
	g := Geometry{PieceLength: 40000, Total: 100000} // pieces of 40000, 40000, 20000 bytes
	for _, c := range []struct {
		name           string
		b              Block
		block, content bool
	}{
		{"whole block", Block{0, 16384, 16384}, true, true},
		{"short rest of a piece", Block{0, 32768, 7232}, true, true},
		{"short rest of the last piece", Block{2, 16384, 3616}, true, true},
		{"not aligned", Block{0, 1, 16384}, false, true},
		{"part of a block", Block{0, 0, 100}, false, true},
		{"nothing", Block{0, 0, 0}, false, false},
		{"past the piece's end", Block{0, 32768, 16384}, false, false},
		{"begins at the piece's end", Block{0, 40000, 1}, false, false},
		{"past the last piece's end", Block{2, 16384, 7232}, false, false},
		{"no such piece", Block{3, 0, 16384}, false, false},
		{"begin and length overflow", Block{0, 1<<32 - 1, 2}, false, false},
		{"piece overflows", Block{1<<32 - 1, 0, 16384}, false, false},
	} {
		if g.IsBlock(c.b) != c.block || g.Contains(c.b) != c.content {
			t.Errorf("%s: %v is block %v, content %v", c.name, c.b, g.IsBlock(c.b), g.Contains(c.b))
		}
	}
}

func TestGeometryLimits(t *testing.T) {
	for _, c := range []struct {
		name  string
		g     Geometry
		valid bool
	}{
		{"unknown", Geometry{}, true},
		{"unknown with bytes", Geometry{Total: 1}, false},
		{"no bytes", Geometry{PieceLength: 1}, false},
		{"as many pieces as there may be", Geometry{1, MaxPieces}, true},
		{"one piece more", Geometry{1, MaxPieces + 1}, false},
		{"the longest piece", Geometry{MaxPieceLength, 1}, true},
		{"a longer one", Geometry{MaxPieceLength + 1, 1}, false},
		{"negative", Geometry{1, -1}, false},
	} {
		if c.g.Valid() != c.valid {
			t.Errorf("%s: valid is %v", c.name, !c.valid)
		}
	}
}
