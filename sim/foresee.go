package sim

import (
	"peerwire/core"
	"peerwire/internal/prefetch"
)

// The steps in which what a happening looks at is fetched. What one looks up was fetched by the one before.
const (
	seesPlace   = iota // where it stands who it happens to
	seesWho            // an end, a node
	seesSocket         // what belongs to an end, or waits for an uplink
	seesSession        // the core's first step, of several
	seesAll     = seesSession + core.Foreseen
)

// foresee has the processor fetch what the happenings to come look at, each by a step when one happens. The first look at a connection among a hundred thousand
// would have to wait for forty pieces of memory, each found by way of the one before.
func (w *World) foresee() {
	for step := range seesAll {
		if e := w.queue.later.Ahead(seesAll - 1 - step); e != nil {
			w.approach(&e.What, step)
		}
	}
}

// approach takes one step for one happening.
func (w *World) approach(h *happening, step int) {
	switch h.kind {
	case arrival, writing:
		if step == seesPlace {
			prefetch.Element(w.ends.all, int(h.who))
		} else if e := w.ends.all[h.who]; e != nil {
			e.approach(step)
		}
	case ticking, turning:
		if step == seesPlace {
			prefetch.Element(w.hosts, int(h.who))
		} else if n := w.node(h.who); n != nil {
			n.approach(step)
		}
	case errands:
		if step == seesPlace {
			prefetch.Element(w.errands.all, int(h.who))
		} else if n := w.errands.all[h.who].node; n != nil {
			n.approach(step)
		}
	}
}

// approach fetches what an arrival at an end looks at.
func (e *End) approach(step int) {
	if step == seesWho {
		prefetch.Value(e)
		return
	}
	s, ok := e.sink.(*socket)
	if !ok {
		return
	}
	if step == seesSocket {
		prefetch.Value(s)
		prefetch.Value(s.node)
		prefetch.Value(e.far)
		prefetch.Value(e.way.last)
		return
	}
	if step == seesSession {
		prefetch.Element(s.node.ids, 0)
		prefetch.Value(e.far.way.last)
		if f := e.way.first(); f != nil {
			prefetch.Value(f)
			prefetch.Element(e.world().hangar.data(e.way.last), 0) // the last is here by now, and mostly the first too
		}
	}
	s.node.session.Foresee(s.id, step-seesSession)
}

// approach fetches what a node looks at that is called by itself.
func (n *Node) approach(step int) {
	switch step {
	case seesWho:
		prefetch.Value(n)
	case seesSocket:
		prefetch.Value(n.uplink)
	case seesSession:
		if n.uplink != nil {
			prefetch.Value(n.uplink.first)
		}
	case seesSession + 1:
		if n.uplink != nil && n.uplink.first != nil {
			prefetch.Value(n.uplink.first.far)
			prefetch.Value(n.uplink.first.out.last)
		}
	}
	if step >= seesSession {
		n.session.Foresee(0, step-seesSession)
	}
}
