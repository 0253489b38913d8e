package check

import (
	"slices"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// talk is what the two ends of a connection have said to each other, as far as the node has taken it.
type talk struct {
	id       bt.ConnID
	out, in  stream
	fast     bool // negotiated
	extended bool
	supplied bool // we have said what we have, or that was not to be said

	choking    bool // us the peer, as written
	interested bool // as written
	choked     bool // by the peer, as taken

	asked   []bt.Block      // requests of the peer without an answer, the oldest first
	owed    bt.Instant      // when the last of them came, or the choke that has them rejected was written
	spoke   bt.Instant      // when something was written last
	allowed map[uint32]bool // pieces that we gave as allowed fast
	granted map[uint32]bool // pieces that the peer gave us so
	has     *bitset.BitSet  // pieces that the peer has

	told     *bitset.BitSet // pieces of which the peer was told that we have them
	owing    []owing        // of them those that were lost since, and the peer is to be told
	dontHave uint8          // the id by which the peer takes such news; 0 when it does not

	waits  bool       // it wanted a slot, and had none, whenever we looked
	since  bt.Instant // the first time of them
	rivals int        // connections that there were then, less all that there had ever been
}

func newTalk(id bt.ConnID, pieces uint32) *talk {
	return &talk{
		id: id, choking: true, choked: true, allowed: map[uint32]bool{}, granted: map[uint32]bool{},
		has: bitset.New(uint(pieces)), told: bitset.New(uint(pieces)),
	}
}

// heard takes a message of the peer.
func (t *talk) heard(n *nodeWatch, m *message) {
	pieces := n.pieces()
	if m.shake {
		theirs := wire.Reserved(m.body[20:28])
		t.fast, t.extended = theirs.Fast() && t.offers().Fast(), theirs.Extensions() && t.offers().Extensions()
		return
	}
	switch m.id {
	case wire.Choke:
		t.choked = true
	case wire.Unchoke:
		t.choked = false
	case wire.Have:
		if i := m.word(0); i < pieces {
			t.has.Set(uint(i))
		}
	case wire.Bitfield:
		if len(m.body) == wire.BitfieldLen(pieces) {
			wire.FromWire(t.has, m.body, pieces)
		}
	case wire.HaveAll:
		t.has.ClearAll().FlipRange(0, uint(pieces))
	case wire.HaveNone:
		t.has.ClearAll()
	case wire.AllowedFast:
		t.granted[m.word(0)] = true
	case wire.Request:
		t.asked = append(t.asked, m.block())
		t.owed = n.node.Now()
	case wire.Cancel:
		if !t.fast {
			t.settle(m.block())
		}
	case wire.Extended:
		if len(m.body) > 0 && m.body[0] == 0 && t.extended {
			t.introduced(m.body[1:])
		}
		if len(m.body) == 5 && m.body[0] == ownDontHave && m.word(0)<<8|uint32(m.body[4]) < pieces {
			t.has.Clear(uint(m.word(0)<<8 | uint32(m.body[4])))
		}
	}
}

// ownDontHave is the id that we give lt_donthave. [EXT-17]
const ownDontHave = 7

// offers is what we offer in our handshake, which may not be written yet: a core always offers the same.
func (t *talk) offers() wire.Reserved { return wire.NewHandshake(bt.InfoHash{}, bt.PeerID{}).Reserved }

// wrote takes a message of ours.
func (t *talk) wrote(n *nodeWatch, m *message) {
	t.spoke = n.node.Now()
	if !m.shake && m.id == wire.KeepAlive {
		return
	}
	t.order(n, m)
	switch m.id {
	case wire.Choke:
		t.choking, t.owed = true, n.node.Now()
		if !t.fast {
			t.asked = t.asked[:0]
		}
	case wire.Unchoke:
		t.choking = false
	case wire.Interested:
		t.interested = true
	case wire.NotInterested:
		t.interested = false
	case wire.AllowedFast:
		t.allowed[m.word(0)] = true
	case wire.Piece:
		if b := m.block(); t.choking && !t.allowed[b.Piece] {
			n.fail(Choke, "%v is sent block %v and is choked", t.id, b)
		}
		n.sent(t.id, m.block())
		t.answer(n, m)
	case wire.Reject:
		t.answer(n, m)
	case wire.Request:
		t.request(n, m.block())
	case wire.Extended:
		if len(m.body) == 5 && m.body[0] != 0 { // lt_donthave, by whatever id
			piece := m.word(0)<<8 | uint32(m.body[4])
			t.told.Clear(uint(piece))
			t.settled(piece)
		}
	}
}

// answer wants a request for what is answered.
func (t *talk) answer(n *nodeWatch, m *message) {
	if b := m.block(); !t.settle(b) {
		n.fail(Answers, "%v is sent %v %v, which it does not await", t.id, m.id, b)
	}
}

// settle takes the oldest request for a block off the list; false when there is none.
func (t *talk) settle(b bt.Block) bool {
	i := slices.Index(t.asked, b)
	if i >= 0 {
		t.asked = slices.Delete(t.asked, i, i+1)
	}
	return i >= 0
}

// patience is how long after a choke, or a request that came while that held, the rejects may follow, if anything is written at all.
const patience = time.Minute

// forgotten gives a request that should have been rejected since the peer is choked. [FST-5] [FST-6]
func (t *talk) forgotten() (b bt.Block, ok bool) {
	if !t.fast || !t.choking || t.spoke < t.owed.Add(patience) {
		return b, false
	}
	for _, b := range t.asked {
		if !t.allowed[b.Piece] {
			return b, true
		}
	}
	return b, false
}

// request wants one block of the torrent, of whom may be asked for it.
func (t *talk) request(n *nodeWatch, b bt.Block) {
	g := n.geometry()
	var wrong string
	switch {
	case b.Piece >= g.NumPieces(), b.Begin%bt.BlockSize != 0, b.Begin/bt.BlockSize >= g.NumBlocks(b.Piece),
		g.BlockAt(b.Piece, b.Begin/bt.BlockSize) != b:
		wrong = "it is no block of the torrent"
	case !t.has.Test(uint(b.Piece)):
		wrong = "the peer does not have it"
	case t.choked && !(t.fast && t.granted[b.Piece]):
		wrong = "the peer chokes"
	case !t.interested:
		wrong = "no interest was said"
	default:
		return
	}
	n.fail(Requests, "%v is asked for %v: %s", t.id, b, wrong)
}

// order wants every message where it may be.
func (t *talk) order(n *nodeWatch, m *message) {
	what := ""
	switch supply := m.id == wire.Bitfield || m.id == wire.HaveAll || m.id == wire.HaveNone; {
	case m.shake:
		return
	case m.id == wire.Extended && !t.extended:
		what = "extensions are not negotiated"
	case m.id == wire.Extended:
		return
	case !t.fast && (m.id == wire.Suggest || m.id == wire.HaveAll || m.id == wire.HaveNone || m.id == wire.Reject || m.id == wire.AllowedFast):
		what = "Fast is not negotiated"
	case supply && t.supplied:
		what = "it is too late"
	case t.fast && !supply && !t.supplied:
		what = "what we have was not told"
	}
	t.supplied = true
	if what != "" {
		n.fail(Order, "%v is written %v: %s", t.id, m.id, what)
		return
	}
	t.supply(n, m)
}

// supply wants us to have what we say that we have.
func (t *talk) supply(n *nodeWatch, m *message) {
	pieces := n.pieces()
	said := bitset.New(uint(pieces))
	switch m.id {
	case wire.Have:
		if m.word(0) >= pieces {
			n.fail(Supply, "%v is told of piece %d of %d", t.id, m.word(0), pieces)
			return
		}
		said.Set(uint(m.word(0)))
	case wire.Bitfield:
		if len(m.body) != wire.BitfieldLen(pieces) || wire.FromWire(said, m.body, pieces) {
			n.fail(Supply, "%v is sent a bitfield of the wrong size", t.id)
		}
	case wire.HaveAll:
		said.FlipRange(0, uint(pieces))
	default:
		return
	}
	t.told.InPlaceUnion(said)
	if m.id == wire.Have {
		t.settled(m.word(0))
	}
	if said.DifferenceCardinality(n.has) > 0 {
		i, _ := said.Difference(n.has).NextSet(0)
		n.fail(Supply, "%v is told of piece %d, which was not verified", t.id, i)
	}
}
