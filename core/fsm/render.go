package fsm

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lines is a table to be read: lines of cells, as many in each, the first line its head.
type Lines [][]string

// RowLines shows rows.
func RowLines(rows []NamedRow) Lines {
	lines := Lines{{"event", "from", "to", "clause"}}
	for _, r := range rows {
		lines = append(lines, []string{r.Event, strings.Join(r.From, ", "), r.To, r.Clause})
	}
	return lines
}

// RuleLines shows rules.
func RuleLines(rules []NamedRule) Lines {
	lines := Lines{{"when", "enters", "then", "clause"}}
	for _, r := range rules {
		lines = append(lines, []string{r.When, r.Enters, r.Then, r.Clause})
	}
	return lines
}

// NeedLines shows needs.
func NeedLines(needs []NamedNeed) Lines {
	lines := Lines{{"event", "only while", "is", "clause"}}
	for _, n := range needs {
		lines = append(lines, []string{strings.Join(n.Events, ", "), n.Of, strings.Join(n.In, ", "), n.Clause})
	}
	return lines
}

// Matrix shows where every event leads from every state, a line an event and a column a state, with "-" where it is
// refused, and the clauses that demand it. Only the machine's own events are listed.
func (m *Machine) Matrix() Lines {
	lines := Lines{append(append([]string{m.table.Name}, m.table.States...), "clause")}
	for e, name := range m.events {
		if !m.knows(Event(e)) {
			continue
		}
		line := []string{name}
		var clauses []string
		for s := range m.table.States {
			cell := "-"
			if to, ok := m.Next(State(s), Event(e)); ok {
				cell = m.table.States[to]
				if id := m.clauseAt(State(s), Event(e)).String(); !slices.Contains(clauses, id) {
					clauses = append(clauses, id)
				}
			}
			line = append(line, cell)
		}
		lines = append(lines, append(line, strings.Join(clauses, ", ")))
	}
	return lines
}

// Markdown writes the lines as a Markdown table.
func (l Lines) Markdown() string {
	var b strings.Builder
	for i, line := range l {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			fmt.Fprintf(&b, "|%s\n", strings.Repeat(" --- |", len(line)))
		}
	}
	return b.String()
}

// Columns writes the lines in columns two spaces apart.
func (l Lines) Columns() string {
	widths := make([]int, len(l[0]))
	for _, line := range l {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, line := range l {
		text := ""
		for i, cell := range line {
			text += cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2)
		}
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}
