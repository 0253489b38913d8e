package peerfsm

import (
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// The states of trust.
const (
	trustTrusted fsm.State = iota
	trustParole
	trustBanned
)

// trustTable: nothing leads out of banned, whatever is learnt of older pieces later. The state
// belongs to the known peer; a new connection is told of it again. [FLG-14]
var trustTable = fsm.Table{
	Name:   "trust",
	States: []string{"trusted", "parole", "banned"},
	Starts: []fsm.State{trustTrusted},
	Rows: []fsm.Row{
		{On: ParoleBegin, From: in(trustTrusted, trustParole), To: trustParole, Clause: clause.TRU3},
		{On: ParoleBegin, From: in(trustBanned), To: trustBanned, Clause: clause.TRU7},
		{On: ParoleClear, From: in(trustTrusted, trustParole), To: trustTrusted, Clause: clause.TRU4},
		{On: ParoleClear, From: in(trustBanned), To: trustBanned, Clause: clause.TRU7},
		{On: TrustBan, From: in(trustTrusted, trustParole, trustBanned), To: trustBanned, Clause: clause.TRU2},
	},
}

// The states of supply.
const (
	supplyUnknown fsm.State = iota
	supplyPartial
	supplySeed
)

// supplyTable: a later bitfield, a have, or one taken back can lead either way, but what was
// told once is never unknown again.
var supplyTable = fsm.Table{
	Name:   "supply",
	States: []string{"unknown", "partial", "seed"},
	Starts: []fsm.State{supplyUnknown},
	Rows: []fsm.Row{
		{On: SupplyPartial, From: in(supplyUnknown, supplyPartial, supplySeed), To: supplyPartial, Clause: clause.FLG15},
		{On: SupplySeed, From: in(supplyUnknown, supplyPartial, supplySeed), To: supplySeed, Clause: clause.FLG16},
	},
}

// The states of intent.
const (
	intentSilent fsm.State = iota
	intentDeclared
)

var intentTable = fsm.Table{
	Name:   "intent",
	States: []string{"silent", "declared"},
	Starts: []fsm.State{intentSilent},
	Rows: []fsm.Row{
		{On: IntentDeclare, From: in(intentSilent, intentDeclared), To: intentDeclared, Clause: clause.FLG17},
		{On: IntentWithdraw, From: in(intentSilent, intentDeclared), To: intentSilent, Clause: clause.EXT11},
	},
}
