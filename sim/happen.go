package sim

import (
	"time"

	"peerwire/core/bt"
)

// kind tells what is to happen.
type kind uint8

const (
	errands   kind = iota // who is an errand
	arrival               // who is an end: the first flight on its way arrives
	breaking              // the connection of the end is gone, with a fault
	writing               // the end may write
	hearing               // the node looks at what arrived while it slept
	reading               // the node reads from the end again
	accepting             // the node takes the connection that was opened to it
	ticking               // who is a node: its core has a deadline
	turning               // the next waits for the node's uplink
	tending               // the end's UDP socket may take what waits, and give what arrived
	pacing                // the node's UDP socket has a deadline
	mailing               // who is a datagram: it arrives
)

// errand is what will be done later, and what of: a disk's answer, or whatever else is no matter of haste.
type errand struct {
	node *Node
	do   func()    // or
	ask  bt.Effect // what the core asked of the disk
}

// after lets something happen after a time.
func (w *World) after(d time.Duration, do func()) {
	w.send(w.now.Add(d), errand{do: do})
}

// After lets something happen after a time.
func (w *World) After(d time.Duration, do func()) { w.after(d, do) }

// send plans an errand.
func (w *World) send(at bt.Instant, e errand) {
	w.queue.plan(at, happening{who: w.errands.put(e), kind: errands})
}

// happen lets the next thing happen.
func (w *World) happen() {
	e, wasDue := w.queue.pop()
	if wasDue {
		w.foresee()
	}
	h := &e.What
	switch h.kind {
	case errands:
		a := w.errands.take(h.who)
		if a.do != nil {
			a.do()
		} else {
			a.node.answer(&a.ask, bt.OK, true)
		}
	case ticking:
		if n := w.node(h.who); n != nil {
			n.tick(e.At)
		}
	case turning:
		if n := w.node(h.who); n != nil {
			n.uplink.turn()
		}
	case pacing:
		if n := w.node(h.who); n != nil {
			n.sock.tick(e.At)
		}
	case mailing:
		w.arrive(h.who)
	default:
		w.ends.all[h.who].happen(h)
	}
}

// node finds a node by its place among the hosts; nil when it has left.
func (w *World) node(i int32) *Node {
	n, _ := w.hosts[i].(*Node)
	return n
}
