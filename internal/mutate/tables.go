package main

import (
	"fmt"
	"slices"
	"strings"

	"peerwire/core/fsm"
	"peerwire/core/peerfsm"
)

// tableMutants lists every change of a row, a rule or a need.
func tableMutants(dir string) ([]mutant, error) {
	at, err := tablePlaces(dir)
	if err != nil {
		return nil, err
	}
	var l tableLister
	for i, m := range peerfsm.Machines() {
		for k, r := range m.Rows() {
			l.place = at.of(m.Name(), k)
			l.row(i, k, m, r)
		}
	}
	for i, r := range peerfsm.Joint().Rules() {
		l.place = at.of("rules", i)
		l.rule(i, r)
	}
	for i, n := range peerfsm.Joint().Needs() {
		l.place = at.of("needs", i)
		l.need(i, n)
	}
	return l.found, nil
}

// tableLister gathers the mutants of the tables.
type tableLister struct {
	place string
	found []mutant
}

func (l *tableLister) add(order, change string, args ...any) {
	l.found = append(l.found, mutant{Group: "tables", Place: l.place, Change: fmt.Sprintf(change, args...), order: "tables " + order})
}

// row lists the changes of row k of machine i.
func (l *tableLister) row(i, k int, m *fsm.Machine, r fsm.NamedRow) {
	name := fmt.Sprintf("%s: %s from %s to %s", m.Name(), r.Event, strings.Join(r.From, ", "), r.To)
	l.add(fmt.Sprintf("row-gone %d %d", i, k), "%s: gone", name)
	for s, state := range m.StateNames() {
		op := fmt.Sprintf("%d %d %d", i, k, s)
		if state != r.To {
			l.add("row-to "+op, "%s: to %s", name, state)
		}
		switch {
		case slices.Contains(r.From, state) && len(r.From) > 1:
			l.add("row-not-from "+op, "%s: not from %s", name, state)
		case !slices.Contains(sources(m, r.Event), state):
			l.add("row-also-from "+op, "%s: also from %s", name, state)
		}
	}
}

// sources lists the states in which an event is legal.
func sources(m *fsm.Machine, event string) (from []string) {
	for _, r := range m.Rows() {
		if r.Event == event {
			from = append(from, r.From...)
		}
	}
	return from
}

// rule lists the changes of rule i. Its event becomes any other of the same machine that no state refuses, as a rule's must be.
func (l *tableLister) rule(i int, r fsm.NamedRule) {
	name := fmt.Sprintf("%s enters %s, then %s", r.When, r.Enters, r.Then)
	l.add(fmt.Sprintf("rule-gone %d", i), "%s: gone", name)
	for s, state := range machineNamed(r.When).StateNames() {
		if state != r.Enters {
			l.add(fmt.Sprintf("rule-enters %d %d", i, s), "%s: enters %s", name, state)
		}
	}
	target := machineOf(r.Then)
	seen := map[string]bool{r.Then: true}
	for _, other := range target.Rows() {
		if !seen[other.Event] && len(sources(target, other.Event)) == target.States() {
			seen[other.Event] = true
			l.add(fmt.Sprintf("rule-then %d %s", i, strings.ReplaceAll(other.Event, " ", "_")), "%s: then %s", name, other.Event)
		}
	}
}

// need lists the changes of need i. Wider by the last state that was missing would be gone.
func (l *tableLister) need(i int, n fsm.NamedNeed) {
	name := fmt.Sprintf("%s only while %s is %s", strings.Join(n.Events, ", "), n.Of, strings.Join(n.In, ", "))
	l.add(fmt.Sprintf("need-gone %d", i), "%s: gone", name)
	for k, event := range n.Events {
		if len(n.Events) > 1 {
			l.add(fmt.Sprintf("need-not-on %d %d", i, k), "%s: not %s", name, event)
		}
	}
	states := machineNamed(n.Of).StateNames()
	for s, state := range states {
		switch in := slices.Contains(n.In, state); {
		case !in && len(n.In)+1 < len(states):
			l.add(fmt.Sprintf("need-also-in %d %d", i, s), "%s: also %s", name, state)
		case in && len(n.In) > 1:
			l.add(fmt.Sprintf("need-not-in %d %d", i, s), "%s: not while %s", name, state)
		}
	}
}

// machineNamed is the machine of that name; the names are the tables' own.
func machineNamed(name string) *fsm.Machine {
	all := peerfsm.Machines()
	return all[slices.IndexFunc(all, func(m *fsm.Machine) bool { return m.Name() == name })]
}

// machineOf is the machine that an event belongs to.
func machineOf(event string) *fsm.Machine {
	all := peerfsm.Machines()
	return all[slices.IndexFunc(all, func(m *fsm.Machine) bool { return len(sources(m, event)) > 0 })]
}
