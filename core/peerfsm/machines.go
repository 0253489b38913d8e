package peerfsm

import "peerwire/core/fsm"

// The machines of a connection, in the order in which State holds them and rules are applied.
const (
	mLink          = iota // how far the connection has come
	mBinding              // whether it belongs to a torrent
	mOrigin               // who opened it
	mExtensions           // whether the peer speaks BEP 10
	mSlot                 // whether the peer may download from us, and why
	mInterest             // whether we want something of it
	mTheirChoke           // whether we may download from it
	mTheirInterest        // whether it wants something of us
	mService              // whether it serves what we ask for
	mTrust                // whether it took part in a piece that failed
	mSupply               // what it has
	mIntent               // whether it said that it downloads no more
	numMachines
)

// Ev is what happens to one of a connection's machines. What depends on more than the state
// is an event of its own, so that no table has a condition.
type Ev = fsm.Event

// The events, grouped by the machine each belongs to.
const (
	LinkDial      Ev = iota // a half-open place is given to the connection
	LinkConnected           // the transport is open
	LinkShaken              // both handshakes are done; bound, and the extensions are known
	LinkClose               // the connection ends, or could not be made

	Bind // the info-hash named a torrent of ours

	ExtAbsent  // the peer's handshake lacks the bit of BEP 10
	ExtPresent // the peer's handshake has it

	SlotUnchoke    // a slot by rank
	SlotOptimistic // an optimistic slot
	SlotPromote    // an optimistic holder earns a slot by rank
	SlotChoke      // no slot

	InterestGain // the peer has a piece that we want
	InterestLose // it has none

	PeerChokes   // message choke
	PeerUnchokes // message unchoke

	PeerInterested    // message interested
	PeerNotInterested // message not interested

	Snub   // requests were left unanswered for too long
	Unsnub // a block came in time

	ParoleBegin // a piece that it shared in failed
	ParoleClear // a piece that it shared in passed
	TrustBan    // it alone is to blame for bad data

	SupplyPartial // some pieces are missing from what it told, or all are
	SupplySeed    // no piece is missing

	IntentDeclare  // it downloads no more
	IntentWithdraw // it does after all

	numEvents
)

var eventNames = [numEvents]string{
	LinkDial: "dial", LinkConnected: "connected", LinkShaken: "handshakes done", LinkClose: "close",
	Bind:      "bind",
	ExtAbsent: "extension bit absent", ExtPresent: "extension bit set",
	SlotUnchoke: "slot by rank", SlotOptimistic: "optimistic slot", SlotPromote: "promotion", SlotChoke: "no slot",
	InterestGain: "something to want", InterestLose: "nothing to want",
	PeerChokes: "choke", PeerUnchokes: "unchoke",
	PeerInterested: "interested", PeerNotInterested: "not interested",
	Snub: "snub begins", Unsnub: "snub ends",
	ParoleBegin: "shared piece failed", ParoleClear: "shared piece passed", TrustBan: "proven bad",
	SupplyPartial: "pieces missing", SupplySeed: "all pieces",
	IntentDeclare: "upload-only declared", IntentWithdraw: "upload-only withdrawn",
}

// tables holds every machine's table, in the order of the machines.
var tables = [numMachines]fsm.Table{
	mLink:          linkTable,
	mBinding:       bindingTable,
	mOrigin:        originTable,
	mExtensions:    extensionsTable,
	mSlot:          slotTable,
	mInterest:      interestTable,
	mTheirChoke:    theirChokeTable,
	mTheirInterest: theirInterestTable,
	mService:       serviceTable,
	mTrust:         trustTable,
	mSupply:        supplyTable,
	mIntent:        intentTable,
}

// machines and joint are the tables compiled. A fault in a table is found when the program starts.
var (
	machines = compile()
	joint    = join()
)

func compile() (ms []*fsm.Machine) {
	for _, t := range tables {
		m, err := fsm.Compile(t, eventNames[:])
		if err != nil {
			panic("BUG: " + err.Error())
		}
		ms = append(ms, m)
	}
	return ms
}

func join() *fsm.Joint {
	j, err := fsm.Join(machines, rules, needs)
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return j
}
