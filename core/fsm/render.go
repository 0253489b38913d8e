package fsm

import (
	"fmt"
	"strings"
)

// Rows lists the machine's rows as a Markdown table, in the order of the Table.
func (m *Machine) Rows() string {
	lines := [][]string{{"event", "from", "to", "clause"}}
	for _, r := range m.table.Rows {
		lines = append(lines, []string{m.events[r.On], m.names(r.From), m.table.States[r.To], r.Clause.String()})
	}
	return markdown(lines)
}

// Matrix lists where every event leads from every state, a line an event and a column a state,
// with "-" where it is refused. Only the machine's own events are listed.
func (m *Machine) Matrix() string {
	lines := [][]string{append([]string{m.table.Name}, m.table.States...)}
	for e, name := range m.events {
		if !m.knows(Event(e)) {
			continue
		}
		line := []string{name}
		for s := range m.table.States {
			cell := "-"
			if to, ok := m.Next(State(s), Event(e)); ok {
				cell = m.table.States[to]
			}
			line = append(line, cell)
		}
		lines = append(lines, line)
	}
	return columns(lines)
}

// Rules lists the rules as a Markdown table.
func (j *Joint) Rules() string {
	lines := [][]string{{"when", "enters", "then", "clause"}}
	for _, r := range j.rules {
		m := j.machines[r.When]
		lines = append(lines, []string{m.table.Name, m.table.States[r.Enters], j.events[r.Then], r.Clause.String()})
	}
	return markdown(lines)
}

// Needs lists the needs as a Markdown table.
func (j *Joint) Needs() string {
	lines := [][]string{{"event", "only while", "is", "clause"}}
	for _, n := range j.needs {
		m := j.machines[n.Of]
		var events []string
		for _, e := range n.On {
			events = append(events, j.events[e])
		}
		lines = append(lines, []string{strings.Join(events, ", "), m.table.Name, m.names(n.In), n.Clause.String()})
	}
	return markdown(lines)
}

// names joins the names of states.
func (m *Machine) names(states []State) string {
	var names []string
	for _, s := range states {
		names = append(names, m.table.States[s])
	}
	return strings.Join(names, ", ")
}

// markdown writes lines of cells as a table, the first line its head.
func markdown(lines [][]string) string {
	var b strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(line)))
		}
	}
	return b.String()
}

// columns writes lines of cells in columns two spaces apart; all lines have as many cells.
func columns(lines [][]string) string {
	widths := make([]int, len(lines[0]))
	for _, line := range lines {
		for i, cell := range line {
			widths[i] = max(widths[i], len(cell))
		}
	}
	var b strings.Builder
	for _, line := range lines {
		text := ""
		for i, cell := range line {
			text += cell + strings.Repeat(" ", widths[i]-len(cell)+2)
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}
