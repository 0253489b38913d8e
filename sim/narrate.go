package sim

import (
	"strconv"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// narrate puts in the journal what the core asks for.
func (n *Node) narrate(e *bt.Effect) {
	switch e.Kind {
	case bt.WantWrite:
		n.tell("wants to write to " + n.labelOf(e))
	case bt.PauseRead:
		n.tell("reads no more from " + n.labelOf(e))
	case bt.ResumeRead:
		n.tell("reads again from " + n.labelOf(e))
	case bt.Close:
		if s := n.socket(e.Conn); s != nil {
			n.tell("closes " + s.label() + ": " + e.Reason.String())
		}
	case bt.Passed:
		n.tell("has piece " + strconv.Itoa(int(e.Piece)))
	case bt.Completed:
		n.tell("has every piece")
	case bt.Stalled:
		n.tell("stalls: " + e.Fault.String())
	case bt.MorePeers:
		n.tell("asks for more peers")
	case bt.Banned:
		n.world.broken = append(n.world.broken, e.Reason.Violation)
		n.tell("bans " + e.Addr.Addr().String() + " until t=" + e.Until.String() + ": " + e.Reason.String())
	case bt.Noticed:
		n.world.broken = append(n.world.broken, e.Reason.Violation)
		if e.Reason.Violation.Consequence() != clause.Close { // else the close says it
			n.tell("notices of " + n.labelOf(e) + ": " + e.Reason.String())
		}
	}
}

// over names the transport of a dial, when it is not the usual one.
func over(t bt.Transport) string {
	if t == bt.UTP {
		return " over utp"
	}
	return ""
}

// labelOf is what the journal calls the peer of an effect.
func (n *Node) labelOf(e *bt.Effect) string {
	if s := n.socket(e.Conn); s != nil {
		return s.label()
	}
	return e.Addr.String()
}
