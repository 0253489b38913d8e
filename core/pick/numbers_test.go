package pick

import (
	"math/rand/v2"
	"testing"

	"peerwire/core/bt"
)

// The order of a torrent whose pieces take four bytes each to name is kept like that of any other, up to its last piece.
func TestManyPieces(t *testing.T) {
	for _, n := range []uint32{mostShort, mostShort + 1} {
		r, rng := newRanks(n), rand.New(rand.NewPCG(1, 1))
		for range 2000 {
			piece := rng.Uint32N(64)
			if rng.IntN(2) == 0 {
				piece = n - 1 - piece
			}
			switch a := r.avail(piece); rng.IntN(4) {
			case 0:
				if r.isListed(piece) {
					r.delist(piece)
				} else {
					r.list(piece)
				}
			case 1:
				if a > 0 {
					r.lose(piece)
				}
			default:
				r.gain(piece)
			}
		}
		if err := r.check(); err != nil {
			t.Error(err)
		}
		p := warm(oneBlock(int(n)), 1)
		w := &Want{Peer: 1, Have: randomSet(rng, int(n), 0).Set(uint(n - 1))}
		p.AddPeer(w.Have)
		w.Snubbed = true // so that the piece that somebody has comes first
		if out := p.Next(w, 1, nil); len(out) != 1 || out[0] != (bt.Block{Piece: n - 1, Length: bt.BlockSize}) {
			t.Errorf("of %d pieces: %v", n, out)
		}
		if err := p.Check(); err != nil {
			t.Error(err)
		}
	}
}
