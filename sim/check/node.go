package check

import (
	"fmt"
	"net/netip"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/sim"
)

// Rules are what a node was told to keep to.
type Rules struct {
	Conns int  // connections, at most
	Dials int  // of them half-open, at most; none is the limit when it is 0
	Slots int  // peers that it uploads to, at most; none is the limit when it is negative
	Lies  bool // its disk is not what its core believes

	Innocent func(at netip.Addr) bool // tells who gives no reason for a ban; nil when whoever is banned is judged elsewhere
}

// RulesOf are the rules that follow from how a core was set up.
func RulesOf(cfg bt.Config) Rules {
	r := Rules{Conns: cfg.MaxConns, Dials: cfg.MaxHalfOpen, Slots: -1}
	if cfg.SlotPolicy == bt.FixedSlots {
		r.Slots = cfg.UploadSlots
	}
	return r
}

// Round looks at nodes, one after another; its memory is used again.
type Round struct {
	snap core.Snapshot
}

// Node tells what is wrong with a node that takes part in a torrent; nil when nothing is.
func (c *Round) Node(now bt.Instant, n *sim.Node, t *sim.Torrent, r Rules) error {
	s := n.Session()
	if err := s.Check(); err != nil {
		return wrong(now, n, Core, "%v", err)
	}
	own := now.Add(n.Clock().Sub(n.Now()))
	if at, timer := s.NextDeadline(); at < own && !n.Asleep() && n.Called() > n.Now() {
		return wrong(now, n, Deadline, "%v was due at %v, and it is %v", timer, at, own)
	}
	s.Snapshot(own, &c.snap)
	ts, ok := n.Torrent(t.ID)
	if !ok {
		return wrong(now, n, Pieces, "its core does not know the torrent")
	}
	if whole := n.Disk.Whole(t.ID); !r.Lies && ts.Have > whole {
		return wrong(now, n, Pieces, "its core has %d pieces, its disk %d that are whole and right", ts.Have, whole)
	}
	if ts.Totals.Wasted+ts.Totals.Corrupt > ts.Totals.Downloaded {
		return wrong(now, n, Totals, "of %d bytes %d were wasted and %d corrupt", ts.Totals.Downloaded, ts.Totals.Wasted, ts.Totals.Corrupt)
	}
	if err := c.memory(now, n, &ts, r); err != nil {
		return err
	}
	if w, ok := n.Watcher().(*nodeWatch); ok {
		if c.snap.Unstored != w.desk.waiting {
			return wrong(now, n, Pauses, "%d bytes wait for the disk, and it counts %d", w.desk.waiting, c.snap.Unstored)
		}
		if err := c.supplies(now, w); err != nil {
			return err
		}
		if err := c.queue(now, n, w, r); err != nil {
			return err
		}
	}
	return c.peers(now, n, t, r)
}

// peers looks at a node's connections.
func (c *Round) peers(now bt.Instant, n *sim.Node, t *sim.Torrent, r Rules) error {
	unchoked, seated, dialled := 0, 0, 0
	for i := range c.snap.Peers {
		p := &c.snap.Peers[i]
		switch {
		case p.Outstanding > peerfsm.MaxOutgoingRequests:
			return wrong(now, n, Queues, "%d requests to %v", p.Outstanding, p.Addr)
		case p.Asked > peerfsm.MaxIncomingRequests:
			return wrong(now, n, Queues, "%d requests of %v are kept", p.Asked, p.Addr)
		case p.Pieces > t.Geometry.NumPieces():
			return wrong(now, n, Availability, "%v has %d of %d pieces", p.Addr, p.Pieces, t.Geometry.NumPieces())
		case p.Strikes > peerfsm.MaxStrikes+1:
			return wrong(now, n, Memory, "%d strikes of %v", p.Strikes, p.Addr)
		case p.Downloaded < 0 || p.Uploaded < 0:
			return wrong(now, n, Totals, "%d bytes from %v, %d to it", p.Downloaded, p.Addr, p.Uploaded)
		}
		if !p.State.Choked() {
			unchoked++
		}
		if p.State.Connecting() {
			dialled++
		}
		if p.State.LocalConnection() || !p.State.Handshake() { // others have no place yet
			seated++
		}
	}
	if seated > r.Conns {
		return wrong(now, n, Connections, "%d connections, %d at most", seated, r.Conns)
	}
	if r.Dials > 0 && dialled > r.Dials {
		return wrong(now, n, Connections, "%d peers are being dialled, %d at most", dialled, r.Dials)
	}
	if r.Slots >= 0 && unchoked > r.Slots {
		return wrong(now, n, Slots, "%d peers are unchoked, %d at most", unchoked, r.Slots)
	}
	return nil
}

// memory wants what a node keeps to be bounded.
func (c *Round) memory(now bt.Instant, n *sim.Node, ts *core.TorrentSnapshot, r Rules) error {
	most := maxStored + (r.Conns+core.MaxHandshakes)*(peerfsm.FetchAhead+1)
	switch {
	case n.Session().Handshakes() > core.MaxHandshakes:
		return wrong(now, n, Memory, "%d handshakes", n.Session().Handshakes())
	case ts.Known > dial.MaxKnown:
		return wrong(now, n, Memory, "%d known peers", ts.Known)
	case n.Held() > most:
		return wrong(now, n, Memory, "%d buffers, %d at most", n.Held(), most)
	}
	return nil
}

// maxStored is how many blocks wait for the disk at most: that is checked when one has arrived, on every connection. [LIM-9]
const maxStored = 16 << 20 / bt.BlockSize

// supplies wants the core to count what the peers have as they said.
func (c *Round) supplies(now bt.Instant, w *nodeWatch) error {
	n := w.node
	sum := make([]uint32, w.pieces())
	for i := range c.snap.Peers {
		p := &c.snap.Peers[i]
		t := w.talks[p.Conn]
		if !p.State.Open() || t == nil {
			continue
		}
		if b, ok := t.forgotten(); ok {
			return wrong(now, n, Answers, "%v was choked, and %v was not rejected", p.Addr, b)
		}
		if piece, ok := t.untold(); ok {
			return wrong(now, n, Losses, "%v was told of piece %d, and not that it was lost", p.Addr, piece)
		}
		if have := uint32(t.has.Count()); p.Pieces != have {
			return wrong(now, n, Availability, "%v said that it has %d pieces, and has %d", p.Addr, have, p.Pieces)
		}
		for i, ok := t.has.NextSet(0); ok; i, ok = t.has.NextSet(i + 1) {
			sum[i]++
		}
	}
	for i, want := range sum {
		if have := n.Session().Availability(w.torrent.ID, uint32(i)); have != want {
			return wrong(now, n, Availability, "%d peers have piece %d, and it counts %d", want, i, have)
		}
	}
	return nil
}

func wrong(now bt.Instant, n *sim.Node, c Checker, format string, args ...any) error {
	return &Failure{Checker: c, Node: n.Name(), At: now, What: fmt.Sprintf(format, args...)}
}
