package fsm

import (
	"errors"
	"fmt"
	"slices"

	"peerwire/core/clause"
)

// State is the number of a state within its machine, from 0.
type State uint8

// Event is the number of an event, from 0. Machines that are to be joined share one
// numbering, in which every event belongs to one machine.
type Event uint8

// The limits of a table. They are small because a Machine is a dense array.
const (
	MaxStates   = 8   // states of one machine
	MaxEvents   = 64  // events of all machines that are joined
	MaxMachines = 16  // machines that are joined
	illegal     = 255 // stands in the array where an event is refused
)

// Table declares a machine.
type Table struct {
	Name   string
	States []string // the names of the states, by State
	Starts []State  // where it can begin, the usual start first
	Rows   []Row
}

// Row says that On leads to To from each of From. To may be among From: then the event is
// legal there and changes nothing.
type Row struct {
	On     Event
	From   []State
	To     State
	Clause clause.ID // what demands the row
}

// check finds what can be said against a table without looking for contradictions
// between rows, which Compile does as it fills the array.
func (t *Table) check(events []string) error {
	if len(t.States) == 0 || len(t.States) > MaxStates {
		return fmt.Errorf("%d states, want 1 to %d", len(t.States), MaxStates)
	}
	if len(events) > MaxEvents {
		return fmt.Errorf("%d events, want at most %d", len(events), MaxEvents)
	}
	if repeats(t.States) || repeats(events) {
		return errors.New("two names are the same")
	}
	if len(t.Starts) == 0 {
		return errors.New("no start")
	}
	for _, s := range t.Starts {
		if int(s) >= len(t.States) {
			return fmt.Errorf("starts in state %d, which has no name", s)
		}
	}
	for i, r := range t.Rows {
		if int(r.On) >= len(events) || int(r.To) >= len(t.States) || len(r.From) == 0 {
			return fmt.Errorf("row %d has no source, or an event or state without a name", i)
		}
		for _, s := range r.From {
			if int(s) >= len(t.States) {
				return fmt.Errorf("row %d comes from state %d, which has no name", i, s)
			}
		}
	}
	return nil
}

// unreached names a state that no start and no chain of rows leads to, or "".
func (t *Table) unreached() string {
	reached := slices.Clone(t.Starts)
	for i := 0; i < len(reached); i++ {
		for _, r := range t.Rows {
			if slices.Contains(r.From, reached[i]) && !slices.Contains(reached, r.To) {
				reached = append(reached, r.To)
			}
		}
	}
	for s, name := range t.States {
		if !slices.Contains(reached, State(s)) {
			return name
		}
	}
	return ""
}

// repeats tells whether a name is empty or stands twice.
func repeats(names []string) bool {
	sorted := slices.Sorted(slices.Values(names))
	return slices.Contains(sorted, "") || len(slices.Compact(sorted)) < len(names)
}
