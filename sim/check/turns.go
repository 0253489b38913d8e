package check

import (
	"time"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/sim"
)

// rotation is how often the optimistic slots go round. [CHK-6]
const rotation = 30 * time.Second

// queue looks at a node's connections that wait: to be dialled, and for an upload slot.
func (c *Round) queue(now bt.Instant, n *sim.Node, w *nodeWatch, r Rules) error {
	if n.Asleep() {
		return nil
	}
	for i := range c.snap.Peers {
		p := &c.snap.Peers[i]
		if p.State.Queued() && p.Conn < w.dialled && !w.named { // [DIA-16]
			return wrong(now, n, Dials, "%v waits to be dialled, and %v was", p.Conn, w.dialled)
		}
		if err := c.turn(now, n, w, p, r); err != nil {
			return err
		}
	}
	return nil
}

// turn wants an interested peer to be given a slot when all others that wait have had their turn, once each: whoever has had an optimistic one
// comes behind those that have not, and whoever is new before them. [CHK-3] [CHK-6]
func (c *Round) turn(now bt.Instant, n *sim.Node, w *nodeWatch, p *core.PeerSnapshot, r Rules) error {
	t := w.talks[p.Conn]
	if t == nil {
		return nil
	}
	if r.Slots == 0 || !p.State.Open() || !p.State.Choked() || !p.State.RemoteInterested() {
		t.waits = false
		return nil
	}
	if !t.waits || t.since < w.late {
		t.waits, t.since, t.rivals = true, c.snap.Now, len(w.present)-w.opened
	}
	rivals, at := t.rivals+w.opened, 1
	if r.Slots > 0 {
		at = max(1, r.Slots/5)
	}
	most := rotation * time.Duration(2+rivals/at)
	if c.snap.Now.Sub(t.since) <= most {
		return nil
	}
	why, _ := n.Session().Why(p.Conn) // between two looks it may have had a slot, and lost it
	t.since = max(t.since, why[peerfsm.Choked].Why.Since, why[peerfsm.RemoteInterested].Why.Since)
	if waited := c.snap.Now.Sub(t.since); waited > most {
		return wrong(now, n, Turns, "%v waits for a slot for %v, beside %d others, %d at a time", p.Addr, waited, rivals-1, at)
	}
	return nil
}
