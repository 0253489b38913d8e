package swarm

import (
	"fmt"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/peerfsm"
)

// Check gives the first thing that is wrong with the torrent or one of its connections, or nil. Nothing that anybody
// does can make it fail; tests, simulation and fuzzing call it after every event. It takes time in proportion
// to the torrent.
func (t *Torrent) Check() error {
	for _, m := range t.members {
		if err := m.Check(); err != nil {
			return err
		}
	}
	if err := t.picker.Check(); err != nil {
		return err
	}
	if n := uint32(t.local.Have.Count()); n != t.local.Count {
		return fmt.Errorf("%d pieces counted as %d", n, t.local.Count)
	}
	asked := make(map[bt.Block]int)
	for _, m := range t.members {
		m.EachAsk(func(b bt.Block, _ bool) { asked[b]++ })
	}
	for i := range t.local.Geometry.NumPieces() {
		if err := t.checkPiece(i, asked); err != nil {
			return err
		}
	}
	return t.checkShown()
}

// checkPiece wants a piece to be available as often as open connections have it, and each of its blocks to be asked
// for as often as connections ask for it. [PCK-1] [PCK-7]
func (t *Torrent) checkPiece(i uint32, asked map[bt.Block]int) error {
	holders := uint32(0)
	for _, m := range t.members {
		if m.Open() && m.Has(i) {
			holders++
		}
	}
	if n := t.picker.Availability(i); n != holders {
		return fmt.Errorf("piece %d: %d have it, counted as %d", i, holders, n)
	}
	for k := range t.local.Geometry.NumBlocks(i) {
		b := t.local.Geometry.BlockAt(i, k)
		if n := t.picker.Requested(b); n != asked[b] && t.picker.Wanted(b) {
			return fmt.Errorf("block %v: asked of %d, counted as %d", b, asked[b], n)
		}
	}
	return nil
}

// checkShown wants no piece to be awaited that has spread, the rare pieces to be those that nobody has or awaits, and no place to be free
// that one of them could take. [SUP-4] [SUP-5]
func (t *Torrent) checkShown() error {
	s := t.super
	if s == nil {
		return nil
	}
	rare := bitset.New(uint(s.pieces))
	for i := range s.pieces {
		rare.SetTo(uint(i), t.picker.Availability(i) == 0)
	}
	for _, m := range t.members {
		for _, i := range m.Awaited() {
			if rare.Clear(uint(i)); t.hasSpread(m, i, t.open() == 1) {
				return fmt.Errorf("%v awaits piece %d, which has spread", m.ID(), i)
			}
		}
	}
	if !s.stale && (!rare.Equal(s.rare) || uint32(rare.Count()) != s.rares) {
		return fmt.Errorf("%d pieces are rare, and not the %d that count as such", rare.Count(), s.rares)
	}
	unfit := bitset.New(uint(s.pieces))
	for _, p := range t.members {
		if !p.Pretending() || p.Seed() || !p.Shown() || len(p.Awaited()) == peerfsm.MaxAwaited {
			continue
		}
		if p.Unfit(unfit); rare.DifferenceCardinality(unfit) > 0 {
			return fmt.Errorf("%v could be shown a rare piece", p.ID())
		}
	}
	return nil
}
