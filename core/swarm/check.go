package swarm

import (
	"fmt"

	"peerwire/core/bt"
)

// Check gives the first thing that is wrong with the torrent or one of its connections, or nil. Nothing that anybody
// does can make it fail; tests, simulation and fuzzing call it after every event. It takes time in proportion
// to the torrent.
func (t *Torrent) Check() error {
	for _, m := range t.members {
		if err := m.peer.Check(); err != nil {
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
		m.peer.EachAsk(func(b bt.Block) { asked[b]++ })
	}
	for i := range t.local.Geometry.NumPieces() {
		if err := t.checkPiece(i, asked); err != nil {
			return err
		}
	}
	return nil
}

// checkPiece wants a piece to be available as often as open connections have it, and each of its blocks to be asked
// for as often as connections ask for it. [PCK-1] [PCK-7]
func (t *Torrent) checkPiece(i uint32, asked map[bt.Block]int) error {
	holders := uint32(0)
	for _, m := range t.members {
		if m.peer.Open() && m.peer.Has(i) {
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
