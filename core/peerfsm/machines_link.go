package peerfsm

import (
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// The states of link. They exclude each other, so at most one of Queued, Connecting and Handshake is
// ever true. [FLG-4]
const (
	linkQueued fsm.State = iota
	linkConnecting
	linkHandshake
	linkOpen
	linkClosed
)

// linkTable: an outgoing connection starts queued, an incoming one in handshake.
var linkTable = fsm.Table{
	Name:   "link",
	States: []string{"queued", "connecting", "handshake", "open", "closed"},
	Starts: []fsm.State{linkQueued, linkHandshake},
	Rows: []fsm.Row{
		{On: LinkDial, From: in(linkQueued), To: linkConnecting, Clause: clause.FLG2},
		{On: LinkConnected, From: in(linkConnecting), To: linkHandshake, Clause: clause.FLG3},
		{On: LinkShaken, From: in(linkHandshake), To: linkOpen, Clause: clause.FLG3},
		{
			On:   LinkClose,
			From: in(linkQueued, linkConnecting, linkHandshake, linkOpen, linkClosed),
			To:   linkClosed, Clause: clause.FLG4,
		},
	},
}

// The states of binding.
const (
	bindingUnbound fsm.State = iota
	bindingBound
)

// bindingTable: an outgoing connection is bound from the start, and no connection is bound twice.
var bindingTable = fsm.Table{
	Name:   "binding",
	States: []string{"unbound", "bound"},
	Starts: []fsm.State{bindingUnbound, bindingBound},
	Rows: []fsm.Row{
		{On: Bind, From: in(bindingUnbound), To: bindingBound, Clause: clause.TOR1},
	},
}

// The states of origin.
const (
	originOutgoing fsm.State = iota
	originIncoming
)

// originTable has no rows: who opened a connection never changes. [FLG-6]
var originTable = fsm.Table{
	Name:   "origin",
	States: []string{"outgoing", "incoming"},
	Starts: []fsm.State{originOutgoing, originIncoming},
}

// The states of extensions.
const (
	extensionsUnknown fsm.State = iota
	extensionsAbsent
	extensionsPresent
)

// extensionsTable: the handshake settles it once.
var extensionsTable = fsm.Table{
	Name:   "extensions",
	States: []string{"unknown", "absent", "present"},
	Starts: []fsm.State{extensionsUnknown},
	Rows: []fsm.Row{
		{On: ExtAbsent, From: in(extensionsUnknown), To: extensionsAbsent, Clause: clause.FLG7},
		{On: ExtPresent, From: in(extensionsUnknown), To: extensionsPresent, Clause: clause.FLG7},
	},
}

// in lists the states a row comes from, or a need allows.
func in(states ...fsm.State) []fsm.State { return states }
