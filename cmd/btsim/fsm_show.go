package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"peerwire/core/fsm"
	"peerwire/core/peerfsm"
	"peerwire/core/utp"
)

// showTable is for reading: a matrix a machine, then what couples them.
func showTable(machines []int) (string, error) {
	var b strings.Builder
	for _, i := range machines {
		m := allMachines()[i]
		fmt.Fprintf(&b, "%s: %s\nstarts %s\n\n", m.Name(), behind(i), strings.Join(m.Starts(), " or "))
		if matrix := m.Matrix(); len(matrix) > 1 {
			matrix[0][0] = "event"
			b.WriteString(matrix.Columns() + "\n")
		} else {
			b.WriteString("no events\n\n")
		}
	}
	if of := ofPeer(machines); len(of) > 0 {
		b.WriteString(couplings(of))
	}
	return b.String(), nil
}

// couplings tells what couples machines of a peer.
func couplings(of []int) string {
	var b strings.Builder
	if rules := peerfsm.Joint().Rules(of...); len(rules) > 0 {
		b.WriteString("whenever a machine enters a state, something happens to another\n\n" + fsm.RuleLines(rules).Columns() + "\n")
	}
	if needs := peerfsm.Joint().Needs(of...); len(needs) > 0 {
		b.WriteString("some events are refused unless another machine is in a certain state\n\n" + fsm.NeedLines(needs).Columns() + "\n")
	}
	fmt.Fprintf(&b, "the %d machines of a peer together have %d reachable states\n", len(peerfsm.Machines()), len(peerfsm.Reachable()))
	return b.String()
}

// showMermaid is the bare diagram of one machine, or a document about several.
func showMermaid(machines []int) (string, error) {
	if len(machines) == 1 {
		return allMachines()[machines[0]].Mermaid(), nil
	}
	of := ofPeer(machines)
	text := peerfsm.Document(of...)
	if len(of) < len(machines) {
		text += "\n" + utp.Document()
	}
	return text, nil
}

// showDot is one graph after another.
func showDot(machines []int) (string, error) {
	var b strings.Builder
	for _, i := range machines {
		b.WriteString(allMachines()[i].Graphviz())
	}
	return b.String(), nil
}

// design is what JSON tells; the keys are documented in docs/json.md.
type design struct {
	Machines        []machine       `json:"machines"`
	Rules           []fsm.NamedRule `json:"rules"`
	Needs           []fsm.NamedNeed `json:"needs"`
	ReachableStates int             `json:"reachable_states"`
}

// machine is one of the machines.
type machine struct {
	Name    string         `json:"name"`
	Methods []string       `json:"methods"`
	States  []string       `json:"states"`
	Starts  []string       `json:"starts"`
	Rows    []fsm.NamedRow `json:"rows"`
}

func showJSON(machines []int) (string, error) {
	d := design{Rules: []fsm.NamedRule{}, Needs: []fsm.NamedNeed{}, ReachableStates: len(peerfsm.Reachable())}
	if of := ofPeer(machines); len(of) > 0 {
		d.Rules, d.Needs = peerfsm.Joint().Rules(of...), peerfsm.Joint().Needs(of...)
	}
	for _, i := range machines {
		m := allMachines()[i]
		shown := machine{Name: m.Name(), Methods: []string{}, States: m.StateNames(), Starts: m.Starts(), Rows: m.Rows()}
		if i < len(peerfsm.Machines()) {
			shown.Methods = strings.Split(peerfsm.Methods(i), ", ")
		}
		d.Machines = append(d.Machines, shown)
	}
	text, err := json.MarshalIndent(d, "", "  ")
	return string(text) + "\n", err
}
