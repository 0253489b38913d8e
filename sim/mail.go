package sim

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/fault"
)

// datagram is one on its way.
type datagram struct {
	from, to netip.AddrPort // of nodes, as they have them
	room     room
	size     int
	admitted bool // by the downlink of whom it goes to
}

const (
	maxDatagram = 1472        // bytes
	udpHeader   = 28          // of IP and UDP, bytes
	routerQueue = time.Second // what waits longer for the uplink is dropped
)

// send puts a datagram on its way: through the uplink, over the line, and through whatever is wrong with it.
func (u *udp) send(to netip.AddrPort, data []byte) {
	n, w := u.node, u.node.world
	at, size := w.now, len(data)+udpHeader
	queued := time.Duration(0)
	if up := n.uplink; up != nil {
		if up.busy.Sub(w.now) > routerQueue {
			return
		}
		queued = max(0, up.busy.Sub(w.now))
		up.pass(w.now, size)
		at = up.busy
	}
	l := w.line
	if l.Loss > 0 && u.lots.Below(million) < uint64(l.Loss) {
		w.injected[fault.Loss]++
		return
	}
	at = at.Add(l.Latency)
	if l.Jitter > 0 {
		at = at.Add(time.Duration(u.lots.Below(uint64(l.Jitter))))
		w.injected[fault.Jitter]++
	}
	copies := 1
	if n.ills != nil {
		at, copies = n.ills.worry(w.now, at, size, queued)
	}
	for range copies {
		room := w.hangar.take(len(data))
		w.post(at, datagram{from: n.addr, to: to, room: room, size: copy(w.hangar.bytes(room), data)})
	}
}

// worry is when a datagram arrives because of what is wrong with its sender, and how often: never, if it is lost. It has waited so long for the
// uplink.
func (i *Ills) worry(now, at bt.Instant, size int, queued time.Duration) (bt.Instant, int) {
	switch {
	case i.dumb > now, i.Strikes(fault.Loss), i.Has(fault.BurstLoss) && i.bursts(), i.Strikes(fault.Corruption):
		return at, 0
	case size > tunnel && i.Has(fault.BlackHole):
		i.counts[fault.BlackHole]++
		return at, 0
	}
	if i.Has(fault.Jitter) {
		i.counts[fault.Jitter]++
		at = at.Add(i.upTo(fault.Jitter))
	}
	if i.Strikes(fault.Latency) {
		at = at.Add(i.Dose(fault.Latency).For)
	}
	if i.Has(fault.Bufferbloat) && queued > 0 {
		i.counts[fault.Bufferbloat]++
		at = at.Add(i.Dose(fault.Bufferbloat).For / time.Duration(routerQueue/queued))
	}
	if i.Strikes(fault.Reordering) {
		at = at.Add(i.upTo(fault.Reordering))
	}
	if i.Strikes(fault.Duplication) {
		return at, 2
	}
	return at, 1
}

// upTo is a time drawn from those up to a fault's.
func (i *Ills) upTo(k fault.Kind) time.Duration {
	return time.Duration(i.Lots(k).Below(uint64(i.Dose(k).For) + 1))
}

// post plans the arrival of a datagram.
func (w *World) post(at bt.Instant, d datagram) {
	w.queue.plan(at, happening{who: w.mail.put(d), kind: mailing})
}

// arrive hands a datagram over, when the downlink has room for it.
func (w *World) arrive(i int32) {
	d := &w.mail.all[i]
	n, ok := w.hostAt(d.to).(*Node)
	if there := ok && !(n.ills != nil && n.ills.deaf > w.now) && !n.Asleep(); there {
		if !d.admitted {
			d.admitted = true
			if start := n.downlink.admit(w.now, d.size+udpHeader); start > w.now {
				w.queue.plan(start, happening{who: i, kind: mailing})
				return
			}
		}
		u := n.udp()
		u.socket.Arrived(w.now, d.from, w.hangar.bytes(d.room)[:d.size])
		u.flush()
	}
	w.hangar.give(w.mail.take(i).room)
}
