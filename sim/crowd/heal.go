package crowd

import (
	"fmt"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/sim/check"
)

// Recovery is the second phase of a run. In the first faults run, and only safety counts. Then all is healed, and what is left of the swarm has to
// become complete in time: those who are there, without those whom others may rightly have banned. If a piece is lost, that cannot be, and is no
// failure.
type Recovery struct {
	Begun     bool
	Core      int           // peers that are to become complete
	Completed int           // of them that did
	Lost      int           // pieces that none of them has who gives any, when it was over; then the swarm is beyond help
	Took      time.Duration // until all had completed, the time was up, or the swarm was given up
	Over      bool

	pieces uint32     // that the core has, each as often as it is there
	since  bt.Instant // since when it is so many
}

// patience is for which part of the time that all may take to become complete nobody may gain a piece, until a swarm that has lost one is given up:
// all who are there would talk on of what nobody has, and half of a campaign's time would go into that.
const patience = 16

// BeyondHelp tells whether the swarm had lost a piece.
func (r *Recovery) BeyondHelp() bool { return r.Lost > 0 }

// convalesce plans the second phase, if the scenario has one.
func (c *Crowd) convalesce() {
	if at := c.scene.Heal.At; at > 0 {
		c.world.After(time.Duration(at), c.heal)
	}
}

// heal ends all faults: links and disks work, machines wake, who crashed is back, and the tracker tells everybody of everybody.
func (c *Crowd) heal() {
	for _, p := range c.plagues {
		p.end()
	}
	c.recovery.Begun, c.recovery.since = true, c.world.Now()
	for _, m := range c.members {
		if m.arrived > c.world.Now() || m.left != bt.Never {
			continue
		}
		m.heal()
		if !m.guilty() {
			c.core = append(c.core, m)
		}
	}
	c.recovery.Core = len(c.core)
	c.world.After(time.Duration(c.scene.Heal.Within), c.recovered)
	c.survey()
}

// heal ends what a member suffers from.
func (m *member) heal() {
	m.revive()
	m.ills.Heal()
	m.node.Wake()
	for _, remedy := range m.remedies {
		remedy()
	}
	m.remedies = nil
	m.fill(bt.OK)
	m.ask(0)
}

// survey looks whether all of the core are complete, or cannot be any more, and again a second later if it is neither.
func (c *Crowd) survey() {
	if c.recovery.Over {
		return
	}
	r := &c.recovery
	r.Completed = 0
	pieces := uint32(0)
	for _, m := range c.core {
		whole, has := m.stands()
		if pieces += has; whole {
			r.Completed++
		}
	}
	if r.Completed == r.Core || c.hopeless(pieces) {
		c.recovered()
		return
	}
	c.world.After(time.Second, c.survey)
}

// hopeless tells whether a piece is lost, and nobody has gained one for so long that nobody will.
func (c *Crowd) hopeless(pieces uint32) bool {
	r, now := &c.recovery, c.world.Now()
	if pieces != r.pieces {
		r.pieces, r.since = pieces, now
	}
	if now.Sub(r.since) < time.Duration(c.scene.Heal.Within)/patience {
		return false
	}
	r.since = now
	return c.lost() > 0
}

// stands tells whether the member has everything, or left when it had, and how many pieces are there with it.
func (m *member) stands() (whole bool, pieces uint32) {
	if m.left != bt.Never {
		return true, 0
	}
	t, ok := m.node.Torrent(m.crowd.torrent.ID)
	return ok && t.Finished, t.Have
}

// recovered ends the second phase, and judges it.
func (c *Crowd) recovered() {
	r := &c.recovery
	if r.Over {
		return
	}
	r.Over = true
	r.Took = c.world.Now().Sub(bt.Instant(c.scene.Heal.At))
	if r.Completed == r.Core {
		return
	}
	if r.Lost = c.lost(); r.Lost > 0 {
		return
	}
	for _, m := range c.core {
		if whole, _ := m.stands(); !whole {
			what := fmt.Sprintf("it is not complete %v after all was healed; %d of %d are", r.Took, r.Completed, r.Core)
			c.world.Broke(&check.Failure{Checker: check.Liveness, Node: m.name, At: c.world.Now(), What: what})
		}
	}
}

// lost is how many pieces nobody of the core has who gives any.
func (c *Crowd) lost() int {
	n := c.torrent.Geometry.NumPieces()
	there := bitset.New(uint(n))
	for _, m := range c.core {
		if m.node == nil || m.config().UploadSlots == 0 {
			continue
		}
		m.node.Disk.EachSynced(c.torrent.ID, func(i uint32) { // what was never found right nobody knows of, though it be there
			if m.node.Disk.Holds(c.torrent.ID, i) {
				there.Set(uint(i))
			}
		})
	}
	return int(n) - int(there.Count())
}
