package pick

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// crowd downloads a torrent from peers that answer, refuse, lie and come and go by chance.
type crowd struct {
	g     bt.Geometry
	p     *Picker
	rng   *rand.Rand
	peers []*mate
	lies  int // pieces that will still be found wrong
	log   strings.Builder
}

// mate is one peer of the crowd.
type mate struct {
	w   Want
	out []bt.Block // outstanding
}

// newCrowd draws a torrent and peers that have all of it together.
func newCrowd(g bt.Geometry, seed uint64, peers int) *crowd {
	rng := rand.New(rand.NewPCG(seed, 1))
	c := &crowd{g: g, p: New(g, rand.New(rand.NewPCG(seed, 2))), rng: rng, lies: 3}
	n := int(g.NumPieces())
	for i := range peers {
		m := &mate{w: Want{Peer: bt.ConnID(i + 1), Have: randomSet(rng, n, 60), Parole: rng.IntN(6) == 0, Snubbed: rng.IntN(6) == 0}}
		if i == 0 {
			m.w = Want{Peer: 1, Have: bitset.New(uint(n)).SetRange(0, uint(n))}
		}
		c.p.AddPeer(m.w.Have)
		c.peers = append(c.peers, m)
	}
	return c
}

// step lets one peer be asked, answer, or fail.
func (c *crowd) step() error {
	m := c.peers[c.rng.IntN(len(c.peers))]
	switch c.rng.IntN(8) {
	case 0, 1, 2:
		return c.ask(m)
	case 3:
		for _, b := range m.out {
			c.p.Abandon(b, m.w.Peer)
		}
		m.out = nil
		return nil
	}
	if len(m.out) == 0 {
		return nil
	}
	b := m.out[0]
	m.out = m.out[1:]
	return c.deliver(m, b)
}

// ask fills the peer's queue and looks at what it is given; when that is nothing, it asks for what another is asked for.
func (c *crowd) ask(m *mate) error {
	before := len(m.out)
	m.out = c.p.Next(&m.w, 4, m.out)
	for i, b := range m.out[before:] {
		fmt.Fprintf(&c.log, "%v asked %v: %d\n", m.w.Peer, b, m.w.Why)
		switch {
		case !c.g.IsBlock(b), !m.w.Have.Test(uint(b.Piece)), !c.p.Wanted(b):
			return fmt.Errorf("%v is asked for %v", m.w.Peer, b)
		case slices.Contains(m.out[:before+i], b):
			return fmt.Errorf("%v is asked for %v twice", m.w.Peer, b)
		case c.p.Requested(b) > 1:
			return fmt.Errorf("%v is asked for %v, as others are", m.w.Peer, b)
		}
	}
	if len(m.out) == 0 {
		return c.repeat(m)
	}
	return nil
}

// repeat asks a peer that is asked for nothing for a block that another is asked for.
func (c *crowd) repeat(m *mate) error {
	other := c.peers[c.rng.IntN(len(c.peers))]
	if len(other.out) == 0 {
		return nil
	}
	endGame, b := c.p.EndGame(), other.out[len(other.out)-1]
	if !c.p.Again(&m.w, b) {
		return nil
	}
	if !endGame || m.w.Parole || m.w.Snubbed || !m.w.Have.Test(uint(b.Piece)) || m == other || c.p.Requested(b) != 2 {
		return fmt.Errorf("%v is asked for %v, as others are; end-game %t", m.w.Peer, b, endGame)
	}
	m.out = append(m.out, b)
	return nil
}

// deliver takes a block from the peer, and the requests for it from the others.
func (c *crowd) deliver(m *mate, b bt.Block) error {
	asked := 0
	for _, other := range c.peers {
		if i := slices.Index(other.out, b); i >= 0 {
			other.out = slices.Delete(other.out, i, i+1)
			asked++
		}
	}
	if got := c.p.Received(b, m.w.Peer); got == Duplicate || (got == Contested) != (asked > 0) {
		return fmt.Errorf("%v sent %v: outcome %d, %d others were asked", m.w.Peer, b, got, asked)
	}
	if c.rng.IntN(50) == 0 {
		c.p.StoreFailed(b)
		return nil
	}
	if !c.p.Stored(b) {
		return nil
	}
	if c.lies > 0 && c.rng.IntN(3) == 0 {
		c.lies--
		c.p.Failed(b.Piece)
		return nil
	}
	c.p.Passed(b.Piece)
	return nil
}

// run takes steps until everything is here.
func (c *crowd) run(limit int) error {
	for range limit {
		if c.p.Complete() {
			return nil
		}
		if err := c.step(); err != nil {
			return err
		}
		if err := c.p.Check(); err != nil {
			return err
		}
	}
	return fmt.Errorf("%d pieces are missing after %d steps", c.p.Missing(), limit)
}

// TestDownload wants every crowd to finish, with no block asked for twice before end-game.
func TestDownload(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := newCrowd(smallGeometry(t), rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 7).Draw(t, "peers"))
		blocks := int(c.g.NumPieces() * c.g.NumBlocks(0))
		if err := c.run(2000 + 200*blocks); err != nil {
			t.Fatal(err)
		}
	})
}

// TestSameSeedSameChoices wants two runs of one history to choose the same blocks.
func TestSameSeedSameChoices(t *testing.T) {
	g := bt.Geometry{PieceLength: 5 * bt.BlockSize, Total: 100*bt.BlockSize + 1}
	var logs [3]string
	for i, seed := range []uint64{5, 5, 6} {
		c := newCrowd(g, seed, 6)
		if err := c.run(100_000); err != nil {
			t.Fatal(err)
		}
		logs[i] = c.log.String()
	}
	if logs[0] != logs[1] || logs[0] == logs[2] {
		t.Errorf("same seed, same choices: %t; other seed, other choices: %t", logs[0] == logs[1], logs[0] != logs[2])
	}
}
