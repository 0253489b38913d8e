package check

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/sim"
)

// Watch looks at a node after every event: at what it says, and at what it asks its disk and its network for. A torrent is the one that the node
// takes part in.
func Watch(n *sim.Node, t *sim.Torrent, r Rules) sim.Watcher {
	pieces := uint(t.Geometry.NumPieces())
	return &nodeWatch{
		node: n, torrent: t, rules: r, talks: map[bt.ConnID]*talk{}, bans: map[netip.Addr]bt.Instant{},
		gone: map[bt.ConnID]bool{}, addrs: map[bt.ConnID]netip.Addr{},
		has: bitset.New(pieces), ours: bitset.New(pieces), hashing: bitset.New(pieces), blocks: make([][]origin, pieces),
		desk: desk{writes: map[bt.Token]bt.Block{}, from: map[bt.Token]bt.ConnID{}},
	}
}

// nodeWatch is what was seen of a node.
type nodeWatch struct {
	node    *sim.Node
	torrent *sim.Torrent
	rules   Rules
	talks   map[bt.ConnID]*talk
	present []bt.ConnID // of talks, in the order in which they began
	opened  int         // talks that there ever were
	addrs   map[bt.ConnID]netip.Addr
	has     *bitset.BitSet // pieces that the node ever verified
	ours    *bitset.BitSet // of them those that were not lost since
	hashing *bitset.BitSet // pieces that are being verified
	blocks  [][]origin     // of pieces that are not verified; nil of those of which nothing came
	cleared []bt.ConnID    // on which a whole piece came that has just been found right
	desk    desk
	bans    map[netip.Addr]bt.Instant
	gone    map[bt.ConnID]bool // connections that ended
	ending  bt.ConnID          // of which the core is being told that it ended
	hearing *talk              // whom the core was given bytes of
	data    []byte             // what it has not taken of these
	ticked  bool               // the last that the core was told is that time has passed
	late    bt.Instant         // when the core was last called long after something was due
	dialled bt.ConnID          // last
	named   bool               // the user has named a peer, which is dialled first
	first   *Failure
}

func (n *nodeWatch) geometry() bt.Geometry { return n.torrent.Geometry }

func (n *nodeWatch) pieces() uint32 { return n.torrent.Geometry.NumPieces() }

// fail notes the first failure.
func (n *nodeWatch) fail(c Checker, format string, args ...any) {
	if n.first == nil {
		n.first = &Failure{Checker: c, Node: n.node.Name(), At: n.node.Now(), What: fmt.Sprintf(format, args...)}
	}
}

func (n *nodeWatch) talk(id bt.ConnID) *talk {
	t := n.talks[id]
	if t == nil {
		t = newTalk(id, n.pieces())
		n.talks[id] = t
		n.present = append(n.present, id)
		n.opened++
	}
	return t
}

// Told takes what the core is going to be told.
func (n *nodeWatch) Told(ev *bt.Event) {
	n.hearing, n.data = nil, nil
	n.ticked = ev.Kind == bt.Tick
	if at, _ := n.node.Session().NextDeadline(); n.node.Clock().Sub(at) > lateness {
		n.late = n.node.Clock()
	}
	n.tellDesk(ev)
	switch ev.Kind {
	case bt.AddTorrent:
		if ev.Spec.Have != nil {
			n.has.InPlaceUnion(ev.Spec.Have)
			n.ours.InPlaceUnion(ev.Spec.Have)
		}
	case bt.RemoveTorrent:
		n.ours.ClearAll()
		n.hashing.ClearAll()
		clear(n.blocks)
	case bt.AddPeer:
		n.named = n.named || ev.Source == bt.Manual
	case bt.Accept:
		n.addrs[ev.Conn] = ev.Addr.Addr()
	case bt.Verified:
		n.hashed(ev.Piece, ev.Good && ev.Fault == bt.OK)
	case bt.Received:
		n.hearing, n.data = n.talk(ev.Conn), ev.Data
	case bt.PayloadRead:
		t := n.talk(ev.Conn)
		t.in.pass(ev.N, func(m *message) { t.heard(n, m) })
	case bt.Closed:
		n.ending = ev.Conn
	}
}

// Did takes what the core asks for.
func (n *nodeWatch) Did(e *bt.Effect) {
	if e.Conn != 0 && n.gone[e.Conn] && e.Kind != bt.Noticed {
		n.fail(Closed, "%v: effect %d after the end", e.Conn, e.Kind)
	}
	n.askDesk(e)
	switch e.Kind {
	case bt.Need:
		if e.Want == bt.WantPayload {
			n.desk.from[e.Token] = e.Conn
		}
		if t := n.talk(e.Conn); t == n.hearing && e.N > 0 {
			t.in.feed(n.data[:e.N], func(m *message) { t.heard(n, m) })
			n.data = n.data[e.N:]
		}
	case bt.Close:
		if e.Reason.Cause == bt.NoCause {
			n.fail(Closed, "%v: it ends for no reason", e.Conn)
		}
		n.end(e.Conn)
	case bt.Verify:
		n.hash(e.Piece)
	case bt.Passed:
		n.passed(e.Piece)
		n.regain(e.Piece)
		if !n.rules.Lies && !n.node.Disk.Holds(e.Torrent, e.Piece) {
			n.fail(Pieces, "piece %d passed, and is not whole and right on the disk", e.Piece)
		}
	case bt.Banned:
		n.bans[e.Addr.Addr()] = e.Until
		if n.rules.Innocent != nil && n.rules.Innocent(e.Addr.Addr()) {
			n.fail(Innocents, "it bans %v: %v", e.Addr.Addr(), e.Reason)
		}
		n.shun(bt.Site(e.Addr.Addr()))
	case bt.Dial:
		n.addrs[e.Conn], n.dialled = e.Addr.Addr(), max(n.dialled, e.Conn)
		if until, ok := n.bans[e.Addr.Addr()]; ok && n.node.Clock() < until {
			n.fail(Banned, "%v is dialled, and banned until %v", e.Addr, until)
		}
	}
}

// Wrote takes what the core writes. That may make something due at once.
func (n *nodeWatch) Wrote(id bt.ConnID, control []byte, payload int) {
	n.ticked = false
	if n.gone[id] {
		n.fail(Closed, "%v: something is written after the end", id)
		return
	}
	t := n.talk(id)
	t.out.feed(control, func(m *message) { t.wrote(n, m) })
	if payload != t.out.opaque {
		n.fail(Order, "%v: %d bytes of payload follow a message that has %d", id, payload, t.out.opaque)
	}
	t.out.opaque = 0
}

// lateness is how long after something was due a core is called that was not suspended, at most.
const lateness = time.Second

// end notes that a connection is no more.
func (n *nodeWatch) end(id bt.ConnID) {
	if n.talks[id] != nil {
		delete(n.talks, id)
		n.present = slices.DeleteFunc(n.present, func(other bt.ConnID) bool { return other == id })
	}
	delete(n.addrs, id)
	n.resumed(id)
	n.desk.reads = slices.DeleteFunc(n.desk.reads, func(r read) bool { return r.conn == id })
	n.gone[id] = true
}

// Done tells what is wrong.
func (n *nodeWatch) Done() error {
	if n.ending != 0 {
		n.end(n.ending)
		n.ending = 0
	}
	n.doneDesk()
	n.doneParole()
	if at, timer := n.node.Session().NextDeadline(); n.ticked && at < n.node.Clock() {
		n.fail(Deadline, "%v was due at %v", timer, at)
	}
	if n.first == nil {
		return nil
	}
	return n.first
}
