package fsm

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/looplab/fsm"
)

// looplab builds the library's machine of the same rows, standing in s.
//
// The library keeps two kilobytes and thirteen objects a machine and takes some 400 ns and
// five allocations an event, so it serves here as the second reader of a table and as the one
// who draws it, and never in a connection.
func (m *Machine) looplab(s State) *fsm.FSM {
	var events fsm.Events
	for _, r := range m.table.Rows {
		var from []string
		for _, f := range r.From {
			from = append(from, m.table.States[f])
		}
		events = append(events, fsm.EventDesc{Name: m.events[r.On], Src: from, Dst: m.table.States[r.To]})
	}
	return fsm.NewFSM(m.table.States[s], events, nil)
}

// agreesWithLooplab compares array and library in every state on every event.
func (m *Machine) agreesWithLooplab() error {
	lib := m.looplab(m.table.Starts[0])
	for s := range m.table.States {
		for e := range m.events {
			have, ok := m.Next(State(s), Event(e))
			want, wantOK, err := looplabNext(lib, m.table.States[s], m.events[e])
			if err != nil {
				return err
			}
			if ok != wantOK || ok && m.table.States[have] != want {
				return fmt.Errorf("looplab reads %s in %s as %q, %t", m.events[e], m.table.States[s], want, wantOK)
			}
		}
	}
	return nil
}

// looplabNext asks the library where event leads from state. The library reports a legal
// event that changes nothing as an error of its own kind; here it is a step like any other. The
// context is never one that can end: the library stays wedged for ever when it does.
func looplabNext(lib *fsm.FSM, state, event string) (to string, ok bool, err error) {
	lib.SetState(state)
	err = lib.Event(context.Background(), event)
	var stays fsm.NoTransitionError
	var refused fsm.InvalidEventError
	var unknown fsm.UnknownEventError
	switch {
	case err == nil, errors.As(err, &stays):
		return lib.Current(), true, nil
	case errors.As(err, &refused), errors.As(err, &unknown):
		return lib.Current(), false, nil
	}
	return "", false, fmt.Errorf("looplab fails at %s in %s: %w", event, state, err)
}

// Mermaid is the machine as a Mermaid state diagram, drawn by looplab/fsm, with a line more for
// every start but the first.
func (m *Machine) Mermaid() string {
	text := m.draw(fsm.MermaidStateDiagram)
	for _, s := range m.table.Starts[1:] {
		text += "    [*] --> " + m.table.States[s] + "\n"
	}
	return text
}

// Graphviz is the machine as a directed graph in Graphviz's language, drawn by looplab/fsm: the starts are red. The graph
// has the machine's name, where the library calls them all fsm, and a line more for every start that the
// library does not paint.
func (m *Machine) Graphviz() string {
	text := m.draw(fsm.GRAPHVIZ)
	text = strings.Replace(text, "digraph fsm {", "digraph "+strconv.Quote(m.table.Name)+" {", 1)
	body := strings.TrimSuffix(text, "}\n")
	for i, s := range m.table.Starts {
		if i > 0 || len(m.table.Rows) == 0 { // the library knows no state that no row names
			body += "    " + strconv.Quote(m.table.States[s]) + " [color = \"red\"];\n"
		}
	}
	return body + "}\n"
}

// draw has the library draw the machine, standing at its first start.
func (m *Machine) draw(how fsm.VisualizeType) string {
	text, err := fsm.VisualizeWithType(m.looplab(m.table.Starts[0]), how)
	if err != nil {
		panic("BUG: looplab does not know its own diagram: " + err.Error())
	}
	return text
}
