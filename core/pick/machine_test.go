package pick

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/bits-and-blooms/bitset"
	"pgregory.net/rapid"

	"peerwire/core/bt"
)

// machine runs a Picker and the oracle side by side through a random history.
type machine struct {
	g     bt.Geometry
	p     *Picker
	o     *oracle
	out   []bt.Block
	last  map[bt.ConnID]uint32 // piece that was asked for last
	calls int
}

// TestPickerAgainstOracle compares every answer of the Picker with the oracle's, over random
// histories of small torrents.
func TestPickerAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := smallGeometry(t)
		m := &machine{g: g, p: New(g, rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))), o: newOracle(g), last: make(map[bt.ConnID]uint32)}
		if rapid.Bool().Draw(t, "resumed") {
			for i := range min(RandomFirst, g.NumPieces()) {
				m.found(i)
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"":            m.check,
			"add peer":    m.addPeer,
			"remove peer": m.removePeer,
			"gain":        m.gain,
			"lose":        m.lose,
			"next":        m.next,
			"next again":  m.next, // the likeliest call, so the likeliest action
			"next more":   m.next,
			"ask all":     m.askAll,
			"abandon":     m.abandon,
			"leave":       m.leave,
			"receive":     m.receive,
			"deliver":     m.deliver,
			"store":       m.store,
			"store fails": m.storeFails,
			"discard":     m.discard,
			"verify":      m.verify,
			"mark":        m.mark,
			"late fail":   m.lateFail,
			"doubt":       m.doubt,
		})
	})
}

// smallGeometry draws a torrent of few pieces, which still crosses the words of the bitsets at times.
func smallGeometry(t *rapid.T) bt.Geometry {
	pieces := int64(rapid.OneOf(rapid.IntRange(1, 9), rapid.IntRange(60, 70)).Draw(t, "pieces"))
	blocks := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(62, 67)).Draw(t, "blocks")
	length := uint32(blocks)*bt.BlockSize - uint32(rapid.SampledFrom([]int{0, 0, 1, 5000}).Draw(t, "short"))
	last := int64(rapid.Uint32Range(1, length).Draw(t, "last piece"))
	return bt.Geometry{PieceLength: length, Total: (pieces-1)*int64(length) + last}
}

// check compares all that the Picker tells.
func (m *machine) check(t *rapid.T) {
	if err := m.p.Check(); err != nil {
		t.Fatalf("Check: %v", err)
	}
	n := m.g.NumPieces()
	for i := range n {
		want(t, "Availability", m.p.Availability(i), m.o.avail(i))
		want(t, "Have", m.p.Have().Test(uint(i)), m.o.have[i])
		for k := range m.o.blocks[i] {
			b, s := m.g.BlockAt(i, uint32(k)), m.o.blocks[i][k]
			want(t, "Requested", m.p.Requested(b), len(s.asked))
			want(t, "Wanted", m.p.Wanted(b), !m.o.have[i] && s.state <= requested)
		}
	}
	want(t, "Missing", m.p.Missing(), n-uint32(m.o.verified()))
	want(t, "Complete", m.p.Complete(), m.o.verified() == int(n))
	want(t, "EndGame", m.p.EndGame(), m.o.endGame())
	for _, peer := range m.o.peers {
		lacks := func(i uint32) bool { return peer.has[i] && !m.o.have[i] }
		want(t, "Interesting", m.p.Interesting(toSet(peer.has)), m.o.pieces(lacks) != nil)
	}
}

// want fails the test when got is not wanted.
func want[T comparable](t *rapid.T, what string, got, wanted T) {
	if got != wanted {
		t.Fatalf("%s: got %v, want %v", what, got, wanted)
	}
}

// toSet is the bitset of the pieces.
func toSet(has []bool) *bitset.BitSet {
	set := bitset.New(uint(len(has)))
	for i, yes := range has {
		set.SetTo(uint(i), yes)
	}
	return set
}

func (m *machine) addPeer(t *rapid.T) {
	if len(m.o.peers) == 6 {
		t.Skip("enough peers")
	}
	m.calls++
	n := int(m.g.NumPieces())
	peer := peerHas{id: bt.ConnID(m.calls), has: make([]bool, n), seed: rapid.IntRange(0, 4).Draw(t, "seed") == 0}
	few := rapid.Bool().Draw(t, "few pieces") // added one by one, not in bulk
	for i := range peer.has {
		peer.has[i] = peer.seed || rapid.Bool().Draw(t, "has") && (!few || i%16 == 0)
	}
	if peer.seed {
		m.p.AddSeed()
	} else {
		m.p.AddPeer(toSet(peer.has))
	}
	m.o.peers = append(m.o.peers, peer)
}

// anyPeer draws a peer that is there.
func (m *machine) anyPeer(t *rapid.T) *peerHas {
	if len(m.o.peers) == 0 {
		t.Skip("no peer")
	}
	return &m.o.peers[rapid.IntRange(0, len(m.o.peers)-1).Draw(t, "peer")]
}

func (m *machine) removePeer(t *rapid.T) {
	peer := m.anyPeer(t)
	if peer.seed {
		m.p.RemoveSeed()
	} else {
		m.p.RemovePeer(toSet(peer.has))
	}
	id := peer.id
	m.o.peers = slices.DeleteFunc(m.o.peers, func(p peerHas) bool { return p.id == id })
	m.abandonAll(id)
}

// abandonAll gives up all requests of a peer.
func (m *machine) abandonAll(id bt.ConnID) {
	m.everyBlock(func(b bt.Block, s *slot) bool { return slices.Contains(s.asked, id) }, func(b bt.Block) {
		m.p.Abandon(b, id)
		m.o.abandon(b, id)
	})
}

// everyBlock does something with each block of a kind.
func (m *machine) everyBlock(kind func(bt.Block, *slot) bool, do func(bt.Block)) {
	for i := range m.o.blocks {
		for k := range m.o.blocks[i] {
			if b := m.g.BlockAt(uint32(i), uint32(k)); kind(b, &m.o.blocks[i][k]) {
				do(b)
			}
		}
	}
}

// someBlock draws a block of a kind.
func (m *machine) someBlock(t *rapid.T, kind func(bt.Block, *slot) bool) bt.Block {
	var list []bt.Block
	m.everyBlock(kind, func(b bt.Block) { list = append(list, b) })
	if list == nil {
		t.Skip("no such block")
	}
	return rapid.SampledFrom(list).Draw(t, "block")
}

func (m *machine) anyPiece(t *rapid.T) uint32 {
	return rapid.Uint32Range(0, m.g.NumPieces()-1).Draw(t, "piece")
}

func (m *machine) gain(t *rapid.T) {
	if peer, i := m.anyPeer(t), m.anyPiece(t); !peer.seed && !peer.has[i] {
		m.p.Gain(i)
		peer.has[i] = true
	}
}

func (m *machine) lose(t *rapid.T) {
	if peer, i := m.anyPeer(t), m.anyPiece(t); !peer.seed && peer.has[i] {
		m.p.Lose(i)
		peer.has[i] = false
	}
}

func (m *machine) next(t *rapid.T) {
	peer := m.anyPeer(t)
	w := &Want{
		Peer:    peer.id,
		Seed:    peer.seed,
		Last:    m.lastOf(t, peer.id),
		Parole:  rapid.IntRange(0, 4).Draw(t, "parole") == 0,
		Snubbed: rapid.IntRange(0, 4).Draw(t, "snubbed") == 0,
		Suggest: rapid.SliceOfN(rapid.Uint32Range(0, m.g.NumPieces()), 0, 2).Draw(t, "suggested"),
	}
	if !peer.seed || rapid.Bool().Draw(t, "set as well") {
		w.Have = toSet(peer.has)
	}
	if rapid.IntRange(0, 4).Draw(t, "choked") == 0 {
		w.Only = rapid.SliceOfN(rapid.Uint32Range(0, m.g.NumPieces()), 0, 3).Draw(t, "allowed")
	}
	m.ask(t, w, rapid.SampledFrom([]int{0, 1, 1, 2, 7, 100}).Draw(t, "n"))
	m.again(t, w)
}

// lastOf is the piece that a peer was asked for last, or at times any.
func (m *machine) lastOf(t *rapid.T, id bt.ConnID) uint32 {
	last, ok := m.last[id]
	if !ok {
		last = NoPiece
	}
	if rapid.IntRange(0, 4).Draw(t, "other last") == 0 {
		last = rapid.Uint32Range(0, m.g.NumPieces()).Draw(t, "last")
	}
	return last
}

// askAll asks each peer for whatever there is, which ends in end-game if they have all.
func (m *machine) askAll(t *rapid.T) {
	for _, peer := range m.o.peers {
		w := &Want{Peer: peer.id, Have: toSet(peer.has), Last: NoPiece}
		m.ask(t, w, 1000)
		m.again(t, w)
	}
}

// ask compares the blocks that Next gives with the oracle's choices, one after the other, and its end with their end.
func (m *machine) ask(t *rapid.T, w *Want, n int) {
	told := *w
	m.out = m.p.Next(&told, n, m.out[:0])
	last, begun := Nothing, false
	for i := 0; i < len(m.out); {
		pieces, why := m.o.choices(w)
		if !slices.Contains(pieces, m.out[i].Piece) {
			t.Fatalf("choice %d of %+v is %v, want one of pieces %v: %d", i, *w, m.out[i], pieces, why)
		}
		last, begun = why, begun || m.o.untouched(m.out[i].Piece)
		for more := true; more; more = i < len(m.out) && m.out[i].Piece == w.Last && m.o.open(w.Last) { // it is given as far as it goes
			want(t, "block", m.out[i], m.o.firstFree(m.out[i].Piece))
			m.o.give(w, m.out[i])
			i++
		}
	}
	if pieces, why := m.o.choices(w); len(m.out) < n && why != Nothing {
		t.Fatalf("%d blocks of %d for %+v, want one of pieces %v too: %d", len(m.out), n, *w, pieces, why)
	}
	want(t, "Why", told.Why, last)
	want(t, "New", told.New, begun)
	want(t, "Last", told.Last, w.Last)
	m.last[w.Peer] = w.Last
}

// again asks for some block that may be asked for already, or for one in place of another peer.
func (m *machine) again(t *rapid.T, w *Want) {
	i := m.anyPiece(t)
	b := m.g.BlockAt(i, rapid.Uint32Range(0, m.g.NumBlocks(i)-1).Draw(t, "block"))
	can, why, before := m.o.repeatable(w, b), Repeated, *w
	if rapid.Bool().Draw(t, "replace") {
		who := m.anyPeer(t).id
		can, why = m.o.replaceable(w, b, who), TakenOver
		want(t, "MayReplace", m.p.MayReplace(w, b, who), can)
		want(t, "Replace", m.p.Replace(w, b, who), can)
		if s := m.o.at(b); can {
			s.asked = slices.DeleteFunc(s.asked, func(id bt.ConnID) bool { return id == who })
		}
	} else {
		want(t, "MayRepeat", m.p.MayRepeat(w, b), can)
		want(t, "Again", m.p.Again(w, b), can)
	}
	if !can {
		want(t, "Last", w.Last, before.Last)
		want(t, "Why", w.Why, before.Why)
		return
	}
	want(t, "Why", w.Why, why)
	m.o.give(&before, b)
	want(t, "Last", w.Last, before.Last)
}

func (m *machine) abandon(t *rapid.T) {
	peer := m.anyPeer(t)
	any := rapid.IntRange(0, 4).Draw(t, "any block") == 0
	b := m.someBlock(t, func(_ bt.Block, s *slot) bool { return any || s.state == requested })
	m.p.Abandon(b, peer.id)
	m.o.abandon(b, peer.id)
}

// leave gives up all requests of a peer, as a choke does.
func (m *machine) leave(t *rapid.T) { m.abandonAll(m.anyPeer(t).id) }

// receive gets any block at all from any peer.
func (m *machine) receive(t *rapid.T) {
	peer := m.anyPeer(t)
	b := m.someBlock(t, func(bt.Block, *slot) bool { return true })
	want(t, "Received", m.p.Received(b, peer.id), m.o.receive(b, peer.id))
	b.Length++
	want(t, "Received, too long", m.p.Received(b, peer.id), Duplicate)
	want(t, "Wanted, too long", m.p.Wanted(b), false)
}

// deliver gets several blocks from those who were asked.
func (m *machine) deliver(t *rapid.T) {
	for range rapid.IntRange(1, 8).Draw(t, "count") {
		b := m.someBlock(t, func(_ bt.Block, s *slot) bool { return s.state == requested })
		by := rapid.SampledFrom(m.o.at(b).asked).Draw(t, "by")
		want(t, "Received", m.p.Received(b, by), m.o.receive(b, by))
	}
}

// store puts all blocks but for a few, or exactly those few, on disk.
func (m *machine) store(t *rapid.T) {
	skip := rapid.IntRange(0, 4).Draw(t, "skip")
	m.everyBlock(func(b bt.Block, s *slot) bool { return s.state == received }, func(b bt.Block) {
		if skip == 1 {
			skip = rapid.IntRange(0, 4).Draw(t, "skip")
			return
		}
		m.o.at(b).state = stored
		want(t, "Stored", m.p.Stored(b), m.o.count(b.Piece, stored) == len(m.o.blocks[b.Piece]))
		want(t, "Stored again", m.p.Stored(b), false)
	})
}

func (m *machine) storeFails(t *rapid.T) {
	b := m.someBlock(t, func(bt.Block, *slot) bool { return true })
	m.p.StoreFailed(b)
	if m.o.at(b).state == received {
		m.o.free(b)
	}
}

// verify answers for every piece that is whole.
func (m *machine) verify(t *rapid.T) {
	whole := func(i uint32) bool { return m.o.count(i, stored) == len(m.o.blocks[i]) }
	for _, i := range m.o.pieces(whole) {
		if rapid.IntRange(0, 3).Draw(t, "bad") == 0 {
			m.p.Failed(i)
			m.o.fail(i)
		} else {
			m.p.Passed(i)
			m.o.fail(i)
			m.o.have[i] = true
		}
	}
}

// mark finds a piece on disk, whatever was going on with it.
func (m *machine) mark(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "really") == 0 {
		m.found(m.anyPiece(t))
	}
}

// found marks a piece as verified.
func (m *machine) found(i uint32) {
	m.p.MarkHave(i)
	m.o.fail(i)
	m.o.have[i] = true
}

// doubt holds a piece back, until verify answers for it.
func (m *machine) doubt(t *rapid.T) {
	i := m.anyPiece(t)
	can := m.o.have[i] || m.o.untouched(i)
	want(t, "Doubt", m.p.Doubt(i), can)
	if can {
		m.o.have[i] = false
		for k := range m.o.blocks[i] {
			m.o.blocks[i][k] = slot{state: stored}
		}
	}
}

// lateFail fails a piece that need not be whole.
func (m *machine) lateFail(t *rapid.T) {
	if i := m.anyPiece(t); !m.o.have[i] {
		m.p.Failed(i)
		m.o.fail(i)
	}
}
