package peerfsm

import (
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// The states of slot.
const (
	slotChoked fsm.State = iota
	slotUnchoked
	slotOptimistic
)

// slotTable: there is one way out of choked by rank and one by rotation. A holder that is ranked again
// keeps what it has, and one that loses its rank may be given an optimistic slot without a choke
// in between.
var slotTable = fsm.Table{
	Name:   "slot",
	States: []string{"choked", "unchoked", "optimistic"},
	Starts: []fsm.State{slotChoked},
	Rows: []fsm.Row{
		{On: SlotUnchoke, From: in(slotChoked, slotUnchoked), To: slotUnchoked, Clause: clause.CHK4},
		{On: SlotOptimistic, From: in(slotChoked, slotUnchoked, slotOptimistic), To: slotOptimistic, Clause: clause.CHK6},
		{On: SlotPromote, From: in(slotOptimistic), To: slotUnchoked, Clause: clause.CHK7},
		{On: SlotChoke, From: in(slotChoked, slotUnchoked, slotOptimistic), To: slotChoked, Clause: clause.FLG8},
	},
}

// The states of interest.
const (
	interestNone fsm.State = iota
	interestSome
)

var interestTable = fsm.Table{
	Name:   "interest",
	States: []string{"uninterested", "interested"},
	Starts: []fsm.State{interestNone},
	Rows: []fsm.Row{
		{On: InterestGain, From: in(interestNone, interestSome), To: interestSome, Clause: clause.FLG10},
		{On: InterestLose, From: in(interestNone, interestSome), To: interestNone, Clause: clause.FLG10},
	},
}

// The states of theirChoke.
const (
	theirChokeOn fsm.State = iota
	theirChokeOff
)

var theirChokeTable = fsm.Table{
	Name:   "their choke",
	States: []string{"choked", "unchoked"},
	Starts: []fsm.State{theirChokeOn},
	Rows: []fsm.Row{
		{On: PeerChokes, From: in(theirChokeOn, theirChokeOff), To: theirChokeOn, Clause: clause.MSG1},
		{On: PeerUnchokes, From: in(theirChokeOn, theirChokeOff), To: theirChokeOff, Clause: clause.MSG1},
	},
}

// The states of theirInterest.
const (
	theirInterestNone fsm.State = iota
	theirInterestSome
)

var theirInterestTable = fsm.Table{
	Name:   "their interest",
	States: []string{"uninterested", "interested"},
	Starts: []fsm.State{theirInterestNone},
	Rows: []fsm.Row{
		{On: PeerInterested, From: in(theirInterestNone, theirInterestSome), To: theirInterestSome, Clause: clause.MSG1},
		{On: PeerNotInterested, From: in(theirInterestNone, theirInterestSome), To: theirInterestNone, Clause: clause.MSG1},
	},
}

// The states of service.
const (
	serviceResponsive fsm.State = iota
	serviceSnubbed
)

// serviceTable: choke and unchoke have no part in it.
var serviceTable = fsm.Table{
	Name:   "service",
	States: []string{"responsive", "snubbed"},
	Starts: []fsm.State{serviceResponsive},
	Rows: []fsm.Row{
		{On: Snub, From: in(serviceResponsive, serviceSnubbed), To: serviceSnubbed, Clause: clause.FLG13},
		{On: Unsnub, From: in(serviceResponsive, serviceSnubbed), To: serviceResponsive, Clause: clause.TMR10},
	},
}
