package utp

import (
	"fmt"

	"peerwire/core/clause"
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
	Name:   "uTP connection",
	States: []string{"idle", "syn-sent", "syn-received", "connected", "fin-sent", "reset", "closed"},
	Starts: []fsm.State{idle},
	Rows: []fsm.Row{
		{On: evDial, From: in(idle), To: synSent, Clause: clause.UTP3},
		{On: evSyn, From: in(idle), To: synReceived, Clause: clause.UTP6},
		{On: evAnswered, From: in(synSent), To: connected, Clause: clause.UTP4},
		{On: evValidated, From: in(synReceived), To: connected, Clause: clause.UTP6},
		{On: evExpired, From: in(synReceived), To: over, Clause: clause.UTP7},
		{On: evFinish, From: in(connected), To: finSent, Clause: clause.UTP22},
		{On: evEnded, From: in(finSent), To: over, Clause: clause.UTP23},
		{On: evReset, From: in(synSent, connected, finSent), To: reset, Clause: clause.UTP11},
		{On: evGiveUp, From: in(synSent, connected, finSent), To: reset, Clause: clause.UTP18},
		{On: evTold, From: in(reset), To: over, Clause: clause.UTP11},
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

// Purpose is what the machine stands behind, where other machines have status methods.
const Purpose = "the transport over UDP"

// Machine is the machine of a connection, for those who show it.
func Machine() *fsm.Machine { return machine }

// Document is a text in Markdown about the machine, as it stands in SPEC.md.
func Document() string {
	return fmt.Sprintf("### Machine %s: %s\n\n```mermaid\n%s```\n\n%s", machine.Name(), Purpose, machine.Mermaid(), fsm.RowLines(machine.Rows()).Markdown())
}
