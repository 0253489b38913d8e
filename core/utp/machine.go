package utp

import (
	"peerwire/core/fsm"
)

// The states of a connection.
const (
	idle        fsm.State = iota // nothing was said yet
	synSent                      // we have dialled
	synReceived                  // we were dialled, and have answered: it is half open
	connected
	finSent // our stream is finished; the peer's need not be
	reset   // broken; the peer is still to be told, if it does not know
	over    // over
)

// The events of a connection.
const (
	evDial      fsm.Event = iota // our owner dials
	evSyn                        // a SYN came
	evAnswered                   // the STATE that answers our SYN came
	evValidated                  // our sequence number came back from the address that dialled us
	evExpired                    // it did not, for too long
	evFinish                     // our FIN is sent
	evEnded                      // both FINs have arrived
	evReset                      // the peer has reset it
	evGiveUp                     // the peer does not answer, or takes nothing
	evTold                       // nothing more is to be said
	numEvents
)

var machineEvents = [numEvents]string{"dial", "syn", "answered", "validated", "expired", "finish", "both ended", "reset", "given up", "told"}

// table is the machine of a connection. A half-open one that expires leaves no trace; one that was reset by the peer has nobody to tell.
var table = fsm.Table{
	Name:   "utp connection",
	States: []string{"idle", "syn-sent", "syn-received", "connected", "fin-sent", "reset", "closed"},
	Starts: []fsm.State{idle},
	Rows: []fsm.Row{
		{On: evDial, From: in(idle), To: synSent},
		{On: evSyn, From: in(idle), To: synReceived},
		{On: evAnswered, From: in(synSent), To: connected},
		{On: evValidated, From: in(synReceived), To: connected},
		{On: evExpired, From: in(synReceived), To: over},
		{On: evFinish, From: in(connected), To: finSent},
		{On: evEnded, From: in(finSent), To: over},
		{On: evReset, From: in(synSent, connected, finSent), To: reset},
		{On: evGiveUp, From: in(synSent, connected, finSent), To: reset},
		{On: evTold, From: in(reset), To: over},
	},
}

func in(states ...fsm.State) []fsm.State { return states }

// machine is the table compiled. A fault in it is found when the program starts.
var machine = compile()

func compile() *fsm.Machine {
	m, err := fsm.Compile(table, machineEvents[:])
	if err != nil {
		panic("BUG: " + err.Error())
	}
	return m
}
