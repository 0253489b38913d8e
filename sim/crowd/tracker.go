package crowd

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// ask lets the member announce, but not before so long after the last time; once at a time.
func (m *member) ask(least time.Duration) {
	if m.asking {
		return
	}
	m.asking = true
	w := m.crowd.world
	at := w.Now()
	if least > 0 {
		at = max(at, m.announced.Add(least))
	}
	way := time.Duration(m.crowd.scene.Line.Latency)
	w.After(at.Sub(w.Now())+way, m.announce)
}

// announce lets the tracker hear of the member, and the member of others.
func (m *member) announce() {
	m.asking = false
	if m.node == nil {
		return
	}
	c := m.crowd
	m.announced = c.world.Now()
	if m.ills.Strikes(fault.TrackerDown) {
		m.ask(time.Duration(c.scene.Tracker.Least))
		return
	}
	c.track(m)
	node, peers := m.node, m.misled(c.sample(m))
	c.count.Announces++
	c.count.Told += len(peers)
	c.world.After(time.Duration(c.scene.Line.Latency), func() {
		for _, at := range peers {
			if !node.Gone() {
				node.Learn(c.torrent, at, bt.Tracker)
			}
		}
	})
	at := m.announced
	c.world.After(time.Duration(c.scene.Tracker.Interval), func() {
		if m.node == node && m.announced == at { // who asked since has another time to go by
			m.ask(0)
		}
	})
}

// misled puts addresses among those that the tracker tells a member of, where nobody is any more, or never answers.
func (m *member) misled(peers []netip.AddrPort) []netip.AddrPort {
	for i := range peers {
		if m.ills.Strikes(fault.GonePeers) {
			peers[i] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{203, 0, 113, byte(i)}), 6881)
		}
		if m.ills.Strikes(fault.SilentPeers) {
			peers[i] = netip.AddrPortFrom(netip.AddrFrom4([4]byte{198, 51, 100, byte(i)}), 6881)
		}
	}
	return peers
}

// track puts a member on the tracker's list.
func (c *Crowd) track(m *member) {
	if m.tracked < 0 {
		m.tracked = len(c.present)
		c.present = append(c.present, m)
	}
}

// untrack takes a member off the list.
func (c *Crowd) untrack(m *member) {
	if m.tracked < 0 {
		return
	}
	last := c.present[len(c.present)-1]
	c.present[m.tracked], last.tracked = last, m.tracked
	c.present = c.present[:len(c.present)-1]
	m.tracked = -1
}

// sample is whom the tracker tells a member of: all others when they are few, else some, drawn for this member.
func (c *Crowd) sample(m *member) (peers []netip.AddrPort) {
	want := c.scene.Tracker.NumWant
	if len(c.present)-1 <= want {
		for _, o := range c.present {
			if o != m {
				peers = append(peers, o.addr)
			}
		}
		return peers
	}
	taken := make(map[uint64]bool, want)
	for len(peers) < want {
		i := m.lots.Below(uint64(len(c.present)))
		if o := c.present[i]; o != m && !taken[i] {
			taken[i] = true
			peers = append(peers, o.addr)
		}
	}
	return peers
}
