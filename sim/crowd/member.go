package crowd

import (
	"net/netip"
	"strconv"
	"time"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/swarm"
	"peerwire/sim"
	"peerwire/sim/check"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// member is a peer of the crowd, through all its crashes.
type member struct {
	crowd *Crowd
	group *scenario.Group
	class int // its group's number
	name  string
	nth   uint64
	node  *sim.Node // nil while it is not there
	addr  netip.AddrPort
	life  sim.Lots
	lots  sim.Lots // the tracker's, for what it tells this member

	arrived   bt.Instant
	completed bt.Instant // bt.Never when it is not
	left      bt.Instant // for good; bt.Never when it is there
	announced bt.Instant // last
	tracked   int        // its place among those present; -1 when it has none
	asking    bool       // it is going to announce
	full      bt.Fault   // of its disk
	moves     int        // how often it got another outside address
	names     int        // and another peer id
	remedies  []func()   // what ends that it suffers from
	down      *fall      // nil unless it crashed and is to be back
	ills      *sim.Ills  // nil when it never has any
	faults    fault.Mask // that it has at some time
	waiting   bool       // it may still complete
	passed    uint32     // pieces that it downloaded

	total swarm.Totals  // of the nodes before this one
	sent  int64         // bytes through their uplinks
	ahead time.Duration // for how long these were taken still when they ended
}

// restAfterFault is how long a disk that failed is left alone.
const restAfterFault = 10 * time.Second

// come lets the member arrive.
func (m *member) come() {
	c := m.crowd
	c.count.Coming--
	c.count.Present++
	m.addr = address(m.nth)
	m.boot(nil, false)
	if m.group.Share == 100 {
		c.count.Seeds++
		m.plan()
	}
	if m.group.Stays == scenario.OneCopy && c.allSpread() { // nobody needs it any more
		c.world.After(0, m.leave)
	}
}

// boot starts the member's node, on an empty disk or as it was left; with a look at all of that when the resume record is lost.
func (m *member) boot(disk *sim.Disk, recheck bool) {
	c, g := m.crowd, m.group
	m.ask(0) // before the core does, for which the tracker would let it wait
	spec := sim.NodeSpec{
		Name: m.name, Addr: m.addr, Config: m.config(), SuperSeed: g.SuperSeed, AnyPiece: g.Picks == scenario.Random,
		Uplink: int64(g.Up), Downlink: int64(g.Down), Reports: m.report, Ills: m.ills,
	}
	if c.record != nil {
		spec.Witness = m
	}
	c.booting = m
	m.node = c.world.AddNode(spec)
	m.addr = m.node.Addr()
	c.places[m.addr.Addr()] = m
	if disk == nil {
		m.node.Disk.Delay = time.Duration(g.DiskLatency)
		m.node.Join(c.torrent, m.has())
	} else {
		if disk.Full = m.full; m.full == bt.OK {
			disk.Unread, disk.Unhash = bt.OK, bt.OK
		}
		m.node.Resume(c.torrent, *disk, recheck)
	}
	c.record.boards(m)
}

// address is where the n-th member listens. Neighbours in the list are in networks of their own, as people at home are: what depends on networks, such as
// which pieces are allowed fast (FST-15) and who is preferred when connections run out, must not be the same for all.
func address(n uint64) netip.AddrPort {
	return netip.AddrPortFrom(netip.AddrFrom4([4]byte{10 + byte(n>>24), byte(n), byte(n >> 8), 1 + byte(n>>16)}), 6881)
}

// has is which pieces the member has when it arrives.
func (m *member) has() func(piece uint32) bool {
	lots := sim.NewLots(uint64(m.crowd.scene.Seed), m.nth, forPieces)
	n := m.crowd.torrent.Geometry.NumPieces()
	drawn := bitset.New(uint(n)) // once: the core and the disk must be told the same
	for i := range n {
		drawn.SetTo(uint(i), lots.Below(100) < uint64(m.group.Share))
	}
	return func(i uint32) bool { return drawn.Test(uint(i)) }
}

// config is how the member's core is set up.
func (m *member) config() bt.Config {
	g, cfg := m.group, bt.DefaultConfig()
	cfg.MaxConns, cfg.MaxHalfOpen = g.Connections, g.HalfOpen
	if m.names > 0 {
		cfg.PeerID = sim.PeerIDOf(strconv.Itoa(m.names) + m.name)
	}
	if g.Slots != nil {
		cfg.UploadSlots = *g.Slots
	}
	for cfg.SlotPolicy.String() != g.SlotPolicy {
		cfg.SlotPolicy++
	}
	for cfg.SeedOrder.String() != g.SeedOrder {
		cfg.SeedOrder++
	}
	for cfg.Transports = bt.OnlyTCP; cfg.Transports.String() != m.crowd.scene.Transport; cfg.Transports++ {
	}
	return cfg
}

// report is told what the core has to say. What follows is planned.
func (m *member) report(e *bt.Effect) {
	c := m.crowd
	switch e.Kind {
	case bt.Passed:
		m.passed++
		c.spreads(e.Piece)
		c.record.gains(m, e.Piece)
		if g := m.group; g.Leaves > 0 && uint64(m.passed)*100 >= uint64(g.Leaves)*uint64(c.torrent.Geometry.NumPieces()) {
			c.world.After(0, m.quit)
		}
	case bt.Completed:
		if m.waiting {
			m.complete()
		}
	case bt.MorePeers:
		m.ask(time.Duration(c.scene.Tracker.Least))
	case bt.Stalled:
		node := m.node
		c.world.After(restAfterFault, func() {
			if m.node == node && node.Disk.Full == bt.OK {
				node.Ready()
			}
		})
	case bt.Banned:
		c.count.Bans++
		if bad := c.places[e.Addr.Addr()]; !m.guilty() && (bad == nil || !bad.guilty()) {
			c.count.Innocent++
			what := "it bans " + e.Addr.Addr().String() + ": " + e.Reason.String()
			c.world.Broke(&check.Failure{Checker: check.Innocents, Node: m.name, At: c.world.Now(), What: what})
		}
	}
}

// complete notes that the member has everything.
func (m *member) complete() {
	c := m.crowd
	m.settle()
	m.completed = c.world.Now()
	c.count.Completed++
	c.count.Seeds++
	m.plan()
}

// settle notes that nothing more is awaited of the member.
func (m *member) settle() {
	if m.waiting {
		m.waiting = false
		m.crowd.waiting--
	}
}

// plan lets a member that has everything leave when its time has come.
func (m *member) plan() {
	if m.group.Stays != scenario.UntilHas {
		return
	}
	stay := time.Duration(0)
	if m.group.SeedFor > 0 {
		stay = exponential(&m.life, time.Duration(m.group.SeedFor))
	}
	m.crowd.world.After(stay, m.leave)
}

// quit lets a member leave that has had enough.
func (m *member) quit() {
	if m.waiting && m.node != nil {
		m.settle()
		m.crowd.count.Quitters++
		m.leave()
	}
}

// leave lets the member go for good.
func (m *member) leave() {
	c := m.crowd
	if m.left != bt.Never {
		return
	}
	m.left = c.world.Now()
	c.count.Left++
	c.count.Present--
	if m.all() {
		c.count.Seeds--
	}
	c.untrack(m)
	c.record.goes(m)
	if m.node != nil {
		m.remember()
		m.node.Leave()
		m.node = nil
	}
}

// remember adds up what a node did that is going to be no more.
func (m *member) remember() {
	m.total, m.sent = m.sums()
	m.ahead += m.node.Ahead()
}

// sums is what the member's nodes moved.
func (m *member) sums() (swarm.Totals, int64) {
	total := m.total
	if m.node == nil {
		return total, m.sent
	}
	if t, ok := m.node.Torrent(m.crowd.torrent.ID); ok {
		total.Downloaded += t.Totals.Downloaded
		total.Uploaded += t.Totals.Uploaded
		total.Wasted += t.Totals.Wasted
		total.Corrupt += t.Totals.Corrupt
	}
	return total, m.through()
}

// present is how long the member has been there until now, and for how long its uplinks are taken beyond that.
func (m *member) present(now bt.Instant) time.Duration {
	d := min(m.left, now).Sub(m.arrived) + m.ahead
	if m.node != nil {
		d += m.node.Ahead()
	}
	return d
}

// through is how many bytes went through the uplinks of the member's nodes.
func (m *member) through() int64 {
	if m.node == nil {
		return m.sent
	}
	bytes, _ := m.node.Sent()
	return m.sent + bytes
}

// all tells whether the member has every piece.
func (m *member) all() bool { return m.completed != bt.Never || m.group.Share == 100 }

// spreads notes that somebody has downloaded a piece. When all are spread, those leave who stayed for that.
func (c *Crowd) spreads(piece uint32) {
	if c.spread.Test(uint(piece)) {
		return
	}
	c.spread.Set(uint(piece))
	if !c.allSpread() {
		return
	}
	for _, m := range c.members {
		if m.group.Stays == scenario.OneCopy && m.arrived <= c.world.Now() {
			c.world.After(0, m.leave)
		}
	}
}

// allSpread tells whether every piece was downloaded by somebody.
func (c *Crowd) allSpread() bool { return c.spread.Count() == uint(c.torrent.Geometry.NumPieces()) }
