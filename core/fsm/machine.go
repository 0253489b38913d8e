package fsm

import (
	"fmt"

	"peerwire/core/clause"
)

// Machine is a compiled Table. It holds no current state: a State is kept by whoever
// lives through the machine, and one Machine serves all of them. It never changes.
type Machine struct {
	table  Table
	events []string
	next   [MaxEvents * MaxStates]State  // by event and state; illegal where refused
	row    [MaxEvents * MaxStates]uint16 // by event and state: which row, where legal
}

// Compile builds the Machine of t; events are the names of all events, by Event. It fails on a
// table that breaks a limit, has a state out of reach, or treats the same event in the same
// state twice, and when looplab/fsm does not read the same machine from the rows.
func Compile(t Table, events []string) (*Machine, error) {
	if err := t.check(events); err != nil {
		return nil, fmt.Errorf("machine %s: %w", t.Name, err)
	}
	if name := t.unreached(); name != "" {
		return nil, fmt.Errorf("machine %s: nothing leads to %s", t.Name, name)
	}
	m := &Machine{table: t, events: events}
	for i := range m.next {
		m.next[i] = illegal
	}
	for i, r := range t.Rows {
		for _, from := range r.From {
			at := cell(from, r.On)
			if m.next[at] != illegal {
				return nil, fmt.Errorf("machine %s: %s in %s stands in two rows", t.Name, events[r.On], t.States[from])
			}
			m.next[at], m.row[at] = r.To, uint16(i)
		}
	}
	if err := m.agreesWithLooplab(); err != nil {
		return nil, fmt.Errorf("machine %s: %w", t.Name, err)
	}
	return m, nil
}

// cell is the place of a state and event in the arrays.
func cell(s State, e Event) uint { return uint(e)*MaxStates + uint(s) }

// Next is the state that e leads to from s, which is s itself when e is legal and changes
// nothing. It is not ok when s does not allow e, or the machine does not know it.
func (m *Machine) Next(s State, e Event) (to State, ok bool) {
	to = m.next[cell(s, e)]
	return to, to != illegal
}

// Name is the machine's name.
func (m *Machine) Name() string { return m.table.Name }

// StateName is the name of s, which must be one of the machine's states.
func (m *Machine) StateName(s State) string { return m.table.States[s] }

// States is how many states the machine has.
func (m *Machine) States() int { return len(m.table.States) }

// clauseAt is the clause of the row that makes e legal in s; there must be one.
func (m *Machine) clauseAt(s State, e Event) clause.ID { return m.table.Rows[m.row[cell(s, e)]].Clause }

// knows tells whether any row speaks of e.
func (m *Machine) knows(e Event) bool {
	for s := range m.table.States {
		if _, ok := m.Next(State(s), e); ok {
			return true
		}
	}
	return false
}
