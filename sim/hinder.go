package sim

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// hinder lets a flight suffer from the faults of whoever sends it and of whom it goes to: it tells when it leaves then, and whether it ever does.
func (e *End) hinder(f *flight, at bt.Instant) (bt.Instant, bool) {
	if e.few.stuck {
		return at, false
	}
	at = max(at, e.few.held)
	if i := illsOf(e.far.owner()); i != nil {
		at = max(at, i.deaf)
	}
	i := illsOf(e.owner())
	if i == nil {
		return at, true
	}
	if f.size() > tunnel && i.Strikes(fault.BlackHole) {
		e.own().stuck = true
		return at, false
	}
	at = max(at, i.dumb).Add(e.suffer(i, f.size()))
	if !f.end && i.Strikes(fault.Corruption) {
		e.world().hangar.corrupt(f, i.Lots(fault.Corruption))
	}
	return at, true
}

// tunnel is the largest packet that a black hole lets through.
const tunnel = 1280

// suffer is by how much later something arrives because of the sender's faults.
func (e *End) suffer(i *Ills, n int) (late time.Duration) {
	later := func(k fault.Kind) {
		late += i.upTo(k)
	}
	if i.Has(fault.Jitter) {
		i.counts[fault.Jitter]++
		later(fault.Jitter)
	}
	if i.Strikes(fault.Latency) {
		late += i.Dose(fault.Latency).For
	}
	if i.Strikes(fault.Reordering) { // what follows waits for it, and seems to say that it was lost
		later(fault.Reordering)
		e.narrow()
	}
	if i.Has(fault.Bufferbloat) && e.unread > 0 {
		i.counts[fault.Bufferbloat]++
		late += i.Dose(fault.Bufferbloat).For * time.Duration(min(int(e.unread), bloat)) / bloat
	}
	if far, ok := e.far.owner().(*Node); ok && i.Strikes(fault.Duplication) {
		far.downlink.put(e.world().now, min(n, packetSize))
	}
	late += e.resend(n, func() bool { return i.Strikes(fault.Loss) })
	if i.Has(fault.BurstLoss) {
		late += e.resend(n, i.bursts)
	}
	return late
}

// bloat is what stands in a bloated buffer when it is full, bytes.
const bloat = 256 << 10

// bursts draws whether the next packet is lost, by the model of Gilbert and Elliott: in a burst every second one is, and a burst ends after
// twenty packets in the mean.
func (i *Ills) bursts() bool {
	lots := i.Lots(fault.BurstLoss)
	if !i.bursting {
		i.bursting = i.Strikes(fault.BurstLoss)
		return i.bursting
	}
	i.bursting = lots.Below(20) > 0
	return lots.Below(2) == 0
}

// corrupt changes a bit of a flight, and no checksum notices.
func (h *hangar) corrupt(f *flight, lots *Lots) {
	data, bit := h.data(f), lots.Below(8*uint64(f.size()))
	if bit/8 >= uint64(len(data)) {
		f.run.spoil()
		return
	}
	data[bit/8] ^= 1 << (bit % 8)
}

// Cut lets nothing through that the host sends, and nothing that is sent to it unless it still hears, before a time.
func (i *Ills) Cut(until bt.Instant, hears bool) {
	i.dumb = until
	if !hears {
		i.deaf = until
	}
}

// Heal ends all that is wrong.
func (i *Ills) Heal() {
	if i != nil {
		i.on, i.dumb, i.deaf = 0, 0, 0
	}
}

// unheard tells whether nobody answers who dials a host, or hears of it.
func (w *World) unheard(from, to Host) bool {
	a, b := illsOf(from), illsOf(to)
	for _, i := range []*Ills{a, b} {
		if i != nil && max(i.dumb, i.deaf) > w.now {
			return true
		}
	}
	return b.Strikes(fault.SynLoss)
}

// standing lists the node's connections that neither end has closed.
func (n *Node) standing() (list []*End) {
	for _, s := range n.sockets {
		if e := s.end; e != nil && !e.closed && !e.far.closed && !e.few.stuck {
			list = append(list, e)
		}
	}
	return list
}

// pick is one of the node's connections; nil when it has none.
func (n *Node) pick(lots *Lots) *End {
	if list := n.standing(); len(list) > 0 {
		return list[lots.Below(uint64(len(list)))]
	}
	return nil
}

// Reset breaks one of the node's connections, for both its ends; false when it has none.
func (n *Node) Reset(lots *Lots) bool {
	e := n.pick(lots)
	if e != nil {
		e.reset()
	}
	return e != nil
}

// Strand lets nothing through any more on one of the node's connections, and neither end is told; false when it has none.
func (n *Node) Strand(lots *Lots) bool {
	e := n.pick(lots)
	if e != nil {
		e.own().stuck, e.far.own().stuck = true, true
	}
	return e != nil
}

// Clog lets nothing through on one of the node's connections before a time; false when it has none.
func (n *Node) Clog(lots *Lots, until bt.Instant) bool {
	e := n.pick(lots)
	if e != nil {
		e.own().held, e.far.own().held = until, until
	}
	return e != nil
}

// Rebind lets the router before the node forget all its connections, and give it another outside address.
func (n *Node) Rebind(outside netip.AddrPort) {
	for _, e := range n.standing() {
		e.own().stuck, e.far.own().stuck = true, true
	}
	n.world.unroute(n)
	n.world.Route(n, outside)
}

// Shut lets the node take nothing more from its connections, or take it again.
func (n *Node) Shut(on bool) {
	for _, e := range n.standing() {
		e.stop(on)
	}
}

// Throttle makes the node's uplink so many times slower, or faster again when it is given 1; false when it has no limit.
func (n *Node) Throttle(times int64) bool {
	u := n.uplink
	if u == nil {
		return false
	}
	u.rate, u.owed = max(1, u.full/times), 0
	return true
}

// Leap lets the node's clock go forward at once.
func (n *Node) Leap(d time.Duration) {
	n.ahead += d
	n.planned = bt.Never
	n.wind()
}

// Clock is the time that the node believes it is.
func (n *Node) Clock() bt.Instant { return n.world.now.Add(n.ahead) }
