package check

import (
	"fmt"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/sim"
)

// Rules are what a node was told to keep to.
type Rules struct {
	Conns int  // connections, at most
	Slots int  // peers that it uploads to, at most; none is the limit when it is negative
	Lies  bool // its disk is not what its core believes
}

// Checker looks at nodes, one after another; its memory is used again.
type Checker struct {
	snap core.Snapshot
}

// Node tells what is wrong with a node that takes part in a torrent; nil when nothing is.
func (c *Checker) Node(now bt.Instant, n *sim.Node, t *sim.Torrent, r Rules) error {
	s := n.Session()
	if err := s.Check(); err != nil {
		return wrong(n, "its core says: %w", err)
	}
	if at, timer := s.NextDeadline(); at < now && !n.Asleep() {
		return wrong(n, "%v was due at %v, and it is %v", timer, at, now)
	}
	s.Snapshot(now, &c.snap)
	ts, ok := n.Torrent(t.ID)
	if !ok {
		return wrong(n, "its core does not know the torrent")
	}
	if whole := n.Disk.Whole(t.ID); !r.Lies && ts.Have > whole {
		return wrong(n, "its core has %d pieces, its disk %d that are whole and right", ts.Have, whole)
	}
	if ts.Totals.Wasted+ts.Totals.Corrupt > ts.Totals.Downloaded {
		return wrong(n, "of %d bytes %d were wasted and %d corrupt", ts.Totals.Downloaded, ts.Totals.Wasted, ts.Totals.Corrupt)
	}
	return c.peers(n, t.Geometry, r)
}

// peers looks at a node's connections.
func (c *Checker) peers(n *sim.Node, g bt.Geometry, r Rules) error {
	unchoked, seated := 0, 0
	for i := range c.snap.Peers {
		p := &c.snap.Peers[i]
		switch {
		case p.Outstanding > peerfsm.MaxOutgoingRequests:
			return wrong(n, "%d requests to %v", p.Outstanding, p.Addr)
		case p.Asked > peerfsm.MaxIncomingRequests:
			return wrong(n, "%d requests of %v are kept", p.Asked, p.Addr)
		case p.Pieces > g.NumPieces():
			return wrong(n, "%v has %d of %d pieces", p.Addr, p.Pieces, g.NumPieces())
		case p.Downloaded < 0 || p.Uploaded < 0:
			return wrong(n, "%d bytes from %v, %d to it", p.Downloaded, p.Addr, p.Uploaded)
		}
		if !p.State.Choked() {
			unchoked++
		}
		if p.State.LocalConnection() || !p.State.Handshake() { // others have no place yet
			seated++
		}
	}
	if seated > r.Conns {
		return wrong(n, "%d connections, %d at most", seated, r.Conns)
	}
	if r.Slots >= 0 && unchoked > r.Slots {
		return wrong(n, "%d peers are unchoked, %d at most", unchoked, r.Slots)
	}
	return nil
}

func wrong(n *sim.Node, format string, args ...any) error {
	return fmt.Errorf("%s: "+format, append([]any{n.Name()}, args...)...)
}
