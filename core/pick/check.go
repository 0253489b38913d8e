package pick

import (
	"fmt"
)

// Check gives the first thing that is wrong with the Picker, or nil. Nothing a caller does can
// make it fail; tests call it after every step. It takes time in proportion to the
// torrent.
func (p *Picker) Check() error {
	if err := p.ranks.check(); err != nil {
		return err
	}
	if err := p.begun.check(); err != nil {
		return err
	}
	return p.checkPieces()
}

// checkPieces wants each piece in exactly one state, and the counts to agree.
func (p *Picker) checkPieces() error {
	verified, listed := uint32(0), uint32(0)
	for piece := range p.g.NumPieces() {
		have, untouched := p.have.Test(uint(piece)), p.untouched.Test(uint(piece))
		pt := p.begun.of(piece)
		switch {
		case have && untouched, have && pt != nil, untouched && pt != nil, !have && !untouched && pt == nil:
			return fmt.Errorf("piece %d: verified %t, untouched %t, begun %t", piece, have, untouched, pt != nil)
		case untouched != p.ranks.isListed(piece):
			return fmt.Errorf("piece %d: untouched %t, listed %t", piece, untouched, !untouched)
		case have:
			verified++
		case untouched:
			listed++
		case pt.frees == uint32(len(pt.blocks)):
			return fmt.Errorf("piece %d: begun, and all its blocks are free", piece)
		case pt.size != p.g.PieceSize(piece):
			return fmt.Errorf("piece %d: %d bytes, begun with %d", piece, p.g.PieceSize(piece), pt.size)
		}
	}
	if verified+p.missing != p.g.NumPieces() || listed != p.ranks.listed {
		return fmt.Errorf("verified %d, missing %d, listed %d of %d", verified, p.missing, listed, p.ranks.listed)
	}
	return nil
}

// check wants order and pos to mirror each other, and every piece in the tier of its availability.
func (r *ranks) check() error {
	n := uint32(r.order.len())
	if n == 0 {
		return nil
	}
	if len(r.start) != len(r.live)+1 || r.start[0] != 0 || r.start[len(r.live)] != n {
		return fmt.Errorf("tiers start at %v, %d pieces", r.start, n)
	}
	listed := uint32(0)
	for a := range r.live {
		if r.start[a] > r.start[a+1] || r.live[a] > r.start[a+1]-r.start[a] {
			return fmt.Errorf("tier %d: %d to %d, of which %d listed", a, r.start[a], r.start[a+1], r.live[a])
		}
		for at := r.start[a]; at < r.start[a+1]; at++ {
			if piece := r.order.at(at); r.pos.at(piece) != at || r.avail(piece) != uint32(a) {
				return fmt.Errorf("piece %d: at %d in tier %d, noted %d and %d", piece, at, a, r.pos.at(piece), r.avail(piece))
			}
		}
		listed += r.live[a]
	}
	if listed != r.listed {
		return fmt.Errorf("%d pieces listed, noted %d", listed, r.listed)
	}
	return nil
}

// check wants every partial in use to be found by its piece, and in the list where it belongs.
func (s *partials) check() error {
	inUse := 0
	for in, list := range s.lists {
		inUse += len(list)
		for at, e := range list {
			pt := e.pt
			if s.of(pt.piece) != pt || pt.in != pt.place() || pt.in != listed(in) || pt.at != uint32(at) || e != (entry{pt, pt.piece, pt.frees}) {
				return fmt.Errorf("piece %d: its partial is of %d, and in list %d for %d", e.piece, pt.piece, in, pt.place())
			}
			if err := pt.check(); err != nil {
				return fmt.Errorf("piece %d: %w", pt.piece, err)
			}
		}
	}
	if inUse != s.begun.Len() {
		return fmt.Errorf("%d pieces begun, and %d in lists", s.begun.Len(), inUse)
	}
	return nil
}

// check wants the counts of a partial to be those of its blocks.
func (pt *partial) check() error {
	var count [stored + 1]uint32
	claims, solely := uint32(0), uint32(0)
	for k, b := range pt.blocks {
		count[b.state]++
		if b.state == free && k < int(pt.low) {
			return fmt.Errorf("block %d is free, and none is before %d", k, pt.low)
		}
		if b.state != free {
			claims++
			solely += count01(b.who == pt.sole)
		}
	}
	if err := pt.checkExtra(); err != nil {
		return err
	}
	for _, a := range pt.seconds() {
		claims++
		solely += count01(a.who == pt.sole)
	}
	if claims != pt.claims || solely != pt.solely || claims > 0 && solely == 0 {
		return fmt.Errorf("%d claims and %d of %v, noted %d and %d", claims, solely, pt.sole, pt.claims, pt.solely)
	}
	if count[free] != pt.frees || count[requested] != pt.asks || count[stored] != pt.stores {
		return fmt.Errorf("blocks by state %v, noted %d free, %d requested, %d stored", count, pt.frees, pt.asks, pt.stores)
	}
	return nil
}

// checkExtra wants one further request for each block that says so, of another peer, and none for any other.
func (pt *partial) checkExtra() error {
	for k, b := range pt.blocks {
		seconds := 0
		for _, a := range pt.seconds() {
			if a.block != uint32(k) {
				continue
			}
			if seconds++; a.who == b.who {
				return fmt.Errorf("block %d: asked twice of %v", k, a.who)
			}
		}
		if b.twice != (seconds == 1) || seconds > 1 || b.twice && b.state != requested {
			return fmt.Errorf("block %d: state %d, twice %t, %d beside the first", k, b.state, b.twice, seconds)
		}
	}
	return nil
}

// count01 is 1 for true.
func count01(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}
