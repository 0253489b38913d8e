package crowd

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/scenario"
)

// Member is one of the crowd, for who studies it.
type Member struct {
	Name      string
	Group     *scenario.Group
	Node      *sim.Node // nil while it is not there
	Arrived   bt.Instant
	Completed bt.Instant // bt.Never when it is not
	Left      bt.Instant // for good; bt.Never when it did not
	Sent      int64      // bytes through its uplinks
}

// Len is how many peers there will ever be.
func (c *Crowd) Len() int { return len(c.members) }

// Member is the i-th, in the order of the groups.
func (c *Crowd) Member(i int) Member {
	m := c.members[i]
	_, sent := m.sums()
	return Member{m.name, m.group, m.node, m.arrived, m.completed, m.left, sent}
}

// Find is who has an address, whatever the port; false when nobody ever had it.
func (c *Crowd) Find(at netip.Addr) (i int, ok bool) {
	m := c.places[at]
	if m == nil {
		return 0, false
	}
	return int(m.nth), true
}

// Torrent is what the crowd shares.
func (c *Crowd) Torrent() *sim.Torrent { return c.torrent }
