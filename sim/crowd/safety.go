package crowd

import (
	"fmt"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/check"
	"peerwire/sim/fault"
)

// Check tells what is wrong with the crowd, of what must never be; nil when nothing is. It looks at every peer.
func (c *Crowd) Check() error {
	var look check.Round
	var sent, received int64
	now := c.world.Now()
	for _, m := range c.members {
		total, up := m.sums()
		sent, received = sent+total.Uploaded, received+total.Downloaded
		if rate := int64(m.group.Up); rate > 0 && m.arrived < now {
			f := check.Flow{Name: m.name, Bytes: up, Rate: rate, Present: m.present(now)}
			if err := f.Check(now); err != nil {
				return c.wrong(err)
			}
		}
		if m.node == nil {
			continue
		}
		if err := look.Node(now, m.node, c.torrent, m.rules()); err != nil {
			return c.wrong(err)
		}
		if m.completed != bt.Never && !m.lies() && !m.unreadable() && !m.node.Complete(c.torrent) { // what cannot be read is given up [MSG-27]
			return c.wrong(&check.Failure{Checker: check.Complete, Node: m.name, At: now, What: "it is complete, and something is not on its disk"})
		}
	}
	if err := check.Conserved(now, sent+c.world.Invented(), received); err != nil {
		return c.wrong(err)
	}
	return nil
}

// wrong says of which run something is wrong.
func (c *Crowd) wrong(err error) error {
	return fmt.Errorf("%s, seed %d: %w", c.scene.Name, c.scene.Seed, err)
}

// unreadable tells whether the member's disk may fail to read what it holds.
func (m *member) unreadable() bool {
	return m.faults.Has(fault.ReadError) || m.faults.Has(fault.DiskGone)
}

// watch gives a node that is being made a checker that looks at it after every event.
func (c *Crowd) watch(n *sim.Node) sim.Watcher { return check.Watch(n, c.torrent, c.booting.rules()) }

// rules are what the member's core was told to keep to.
func (m *member) rules() check.Rules {
	r := check.RulesOf(m.config())
	r.Lies = m.lies()
	return r
}
