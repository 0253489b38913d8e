package peerfsm

import (
	"fmt"
	"slices"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/fsm"
)

// Machines lists the machines behind the status methods, for those who show them. Joint knows them by their places in the list.
func Machines() []*fsm.Machine { return slices.Clone(machines) }

// Joint is what couples the machines.
func Joint() *fsm.Joint { return joint }

// Methods names the status methods that the machine at that place stands behind.
func Methods(machine int) string {
	var names []string
	for _, f := range flags {
		if f.machine == machine {
			names = append(names, f.name)
		}
	}
	return strings.Join(names, ", ")
}

// Reachable lists every state of the machines together that any history leads to, whatever events happen in
// whatever order, from those of a new connection on.
func Reachable() []State {
	states := []State{NewState(bt.Outgoing), NewState(bt.Incoming)}
	seen := map[State]bool{states[0]: true, states[1]: true}
	for i := 0; i < len(states); i++ {
		for e := range Ev(numEvents) {
			s := states[i]
			s.Step(e, nil)
			if !seen[s] {
				seen[s] = true
				states = append(states, s)
			}
		}
	}
	return states
}

// Document is a text in Markdown about the machines at those places, or about all when none is named, as it stands
// in SPEC.md.
func Document(of ...int) string {
	var b strings.Builder
	for i, m := range machines {
		if len(of) > 0 && !slices.Contains(of, i) {
			continue
		}
		fmt.Fprintf(&b, "### Machine %s: %s\n\n```mermaid\n%s```\n\n", m.Name(), Methods(i), m.Mermaid())
		if rows := m.Rows(); len(rows) > 0 {
			b.WriteString(fsm.RowLines(rows).Markdown() + "\n")
		} else {
			b.WriteString("It has no events.\n\n")
		}
	}
	b.WriteString("### What couples the machines\n\n")
	if rules := joint.Rules(of...); len(rules) > 0 {
		b.WriteString("Whenever a machine enters a state, something happens to another:\n\n" + fsm.RuleLines(rules).Markdown() + "\n")
	}
	if needs := joint.Needs(of...); len(needs) > 0 {
		b.WriteString("Some events are refused unless another machine is in a certain state:\n\n" + fsm.NeedLines(needs).Markdown() + "\n")
	}
	fmt.Fprintf(&b, "Together the machines have %d reachable states.\n", len(Reachable()))
	return b.String()
}

// Reasons is the table in SPEC.md of all that a decision can be explained by. [WHY-1]
func Reasons() string {
	lines := fsm.Lines{{"reason", "numbers", "clause"}}
	for r := bt.Unexplained + 1; r < bt.NumReasons; r++ {
		var names []string
		for _, q := range r.Numbers() {
			names = append(names, q.Name)
		}
		lines = append(lines, []string{r.String(), strings.Join(names, ", "), r.Clause().String()})
	}
	return "### Why a flag stands as it does\n\nThe reasons of decisions (WHY-1), and the numbers that go with each:\n\n" + lines.Markdown()
}
