package crowd

import (
	"errors"
	"fmt"

	"peerwire/core/bt"
	"peerwire/sim/check"
)

var errInnocent = errors.New("an honest peer was banned")

// Check tells what is wrong with the crowd, of what must never be; nil when nothing is. It looks at every peer.
func (c *Crowd) Check() error {
	var look check.Checker
	var sent, received int64
	now := c.world.Now()
	for _, m := range c.members {
		total, up := m.sums()
		sent, received = sent+total.Uploaded, received+total.Downloaded
		if rate := int64(m.group.Up); rate > 0 && m.arrived < now {
			f := check.Flow{Name: m.name, Bytes: up, Rate: rate, Present: min(m.left, now).Sub(m.arrived)}
			if err := f.Check(); err != nil {
				return fmt.Errorf("t=%v %w", now, err)
			}
		}
		if m.node == nil {
			continue
		}
		if err := look.Node(now, m.node, c.torrent, m.rules()); err != nil {
			return fmt.Errorf("t=%v %w", now, err)
		}
		if m.completed != bt.Never && !m.lies() && !m.node.Complete(c.torrent) {
			return fmt.Errorf("t=%v %s: it is complete, and something is not on its disk", now, m.name)
		}
	}
	if c.count.Innocent > 0 {
		return errInnocent
	}
	return check.Conserved(sent, received)
}

// rules are what the member's core was told to keep to.
func (m *member) rules() check.Rules {
	cfg := m.config()
	r := check.Rules{Conns: cfg.MaxConns, Slots: -1, Lies: m.lies()}
	if cfg.SlotPolicy == bt.FixedSlots {
		r.Slots = cfg.UploadSlots
	}
	return r
}
