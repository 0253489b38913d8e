package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"peerwire/core/fsm"
	"peerwire/core/peerfsm"
)

// showTable is for reading: a matrix a machine, then what couples them.
func showTable(machines []int) (string, error) {
	var b strings.Builder
	all := peerfsm.Machines()
	for _, i := range machines {
		m := all[i]
		fmt.Fprintf(&b, "%s: %s\nstarts %s\n\n", m.Name(), peerfsm.Methods(i), strings.Join(m.Starts(), " or "))
		if matrix := m.Matrix(); len(matrix) > 1 {
			matrix[0][0] = "event"
			b.WriteString(matrix.Columns() + "\n")
		} else {
			b.WriteString("no events\n\n")
		}
	}
	if rules := peerfsm.Joint().Rules(machines...); len(rules) > 0 {
		b.WriteString("whenever a machine enters a state, something happens to another\n\n" + fsm.RuleLines(rules).Columns() + "\n")
	}
	if needs := peerfsm.Joint().Needs(machines...); len(needs) > 0 {
		b.WriteString("some events are refused unless another machine is in a certain state\n\n" + fsm.NeedLines(needs).Columns() + "\n")
	}
	fmt.Fprintf(&b, "the %d machines together have %d reachable states\n", len(all), len(peerfsm.Reachable()))
	return b.String(), nil
}

// showMermaid is the bare diagram of one machine, or a document about several.
func showMermaid(machines []int) (string, error) {
	if len(machines) == 1 {
		return peerfsm.Machines()[machines[0]].Mermaid(), nil
	}
	return peerfsm.Document(machines...), nil
}

// showDot is one graph after another.
func showDot(machines []int) (string, error) {
	var b strings.Builder
	for _, i := range machines {
		b.WriteString(peerfsm.Machines()[i].Graphviz())
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
	d := design{
		Rules: peerfsm.Joint().Rules(machines...), Needs: peerfsm.Joint().Needs(machines...), ReachableStates: len(peerfsm.Reachable()),
	}
	for _, i := range machines {
		m := peerfsm.Machines()[i]
		d.Machines = append(d.Machines, machine{
			Name: m.Name(), Methods: strings.Split(peerfsm.Methods(i), ", "), States: m.StateNames(), Starts: m.Starts(), Rows: m.Rows(),
		})
	}
	text, err := json.MarshalIndent(d, "", "  ")
	return string(text) + "\n", err
}
