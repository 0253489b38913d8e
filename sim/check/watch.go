package check

import (
	"fmt"
	"net/netip"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/sim"
)

// Watch looks at a node after every event: at what it says, and at what it asks its disk and its network for. A torrent is the one that the node
// takes part in.
func Watch(n *sim.Node, t *sim.Torrent, r Rules) sim.Watcher {
	return &nodeWatch{
		node: n, torrent: t, rules: r, talks: map[bt.ConnID]*talk{}, bans: map[netip.Addr]bt.Instant{},
		gone: map[bt.ConnID]bool{}, has: bitset.New(uint(t.Geometry.NumPieces())),
	}
}

// nodeWatch is what was seen of a node.
type nodeWatch struct {
	node    *sim.Node
	torrent *sim.Torrent
	rules   Rules
	talks   map[bt.ConnID]*talk
	has     *bitset.BitSet // pieces that the node ever verified
	bans    map[netip.Addr]bt.Instant
	gone    map[bt.ConnID]bool // connections that ended
	ending  bt.ConnID          // of which the core is being told that it ended
	hearing *talk              // whom the core was given bytes of
	data    []byte             // what it has not taken of these
	ticked  bool               // the last that the core was told is that time has passed
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
	}
	return t
}

// Told takes what the core is going to be told.
func (n *nodeWatch) Told(ev *bt.Event) {
	n.hearing, n.data = nil, nil
	n.ticked = ev.Kind == bt.Tick
	switch ev.Kind {
	case bt.AddTorrent:
		if ev.Spec.Have != nil {
			n.has.InPlaceUnion(ev.Spec.Have)
		}
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
	switch e.Kind {
	case bt.Need:
		if t := n.talk(e.Conn); t == n.hearing && e.N > 0 {
			t.in.feed(n.data[:e.N], func(m *message) { t.heard(n, m) })
			n.data = n.data[e.N:]
		}
	case bt.Close:
		if e.Reason.Cause == bt.NoCause {
			n.fail(Closed, "%v: it ends for no reason", e.Conn)
		}
		n.end(e.Conn)
	case bt.Passed:
		n.has.Set(uint(e.Piece))
		if !n.rules.Lies && !n.node.Disk.Holds(e.Torrent, e.Piece) {
			n.fail(Pieces, "piece %d passed, and is not whole and right on the disk", e.Piece)
		}
	case bt.Banned:
		n.bans[e.Addr.Addr()] = e.Until
		if n.rules.Innocent != nil && n.rules.Innocent(e.Addr.Addr()) {
			n.fail(Innocents, "it bans %v: %v", e.Addr.Addr(), e.Reason)
		}
	case bt.Dial:
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

// end notes that a connection is no more.
func (n *nodeWatch) end(id bt.ConnID) {
	delete(n.talks, id)
	n.gone[id] = true
}

// Done tells what is wrong.
func (n *nodeWatch) Done() error {
	if n.ending != 0 {
		n.end(n.ending)
		n.ending = 0
	}
	if at, timer := n.node.Session().NextDeadline(); n.ticked && at < n.node.Clock() {
		n.fail(Deadline, "%v was due at %v", timer, at)
	}
	if n.first == nil {
		return nil
	}
	return n.first
}
