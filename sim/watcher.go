package sim

import "peerwire/core/bt"

// Watcher looks at one node from outside: at all that its core is told, and at all that it does. It changes nothing, and keeps nothing of what
// it is shown but copies.
type Watcher interface {
	// Told is called before the core is told of an event.
	Told(ev *bt.Event)
	// Did is called with each thing that the core asks for, before it is done.
	Did(e *bt.Effect)
	// Wrote is called with what the core writes to a peer: control bytes, and how many bytes of payload behind them.
	Wrote(id bt.ConnID, control []byte, payload int)
	// Done is called when all was done that the core asked for, and tells what is wrong; nil when nothing is.
	Done() error
}

// told shows the node's watcher an event: a copy, or every event would be moved to the heap.
func (n *Node) told(ev bt.Event) { n.watcher.Told(&ev) }
