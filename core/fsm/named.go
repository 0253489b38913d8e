package fsm

import "slices"

// NamedRow is a Row in names, as people read it and other programs do.
type NamedRow struct {
	Event  string   `json:"event"`
	From   []string `json:"from"`
	To     string   `json:"to"`
	Clause string   `json:"clause"`
}

// NamedRule is a Rule in names.
type NamedRule struct {
	When   string `json:"when"`
	Enters string `json:"enters"`
	Then   string `json:"then"`
	Clause string `json:"clause"`
}

// NamedNeed is a Need in names.
type NamedNeed struct {
	Events []string `json:"events"`
	Of     string   `json:"machine"`
	In     []string `json:"states"`
	Clause string   `json:"clause"`
}

// StateNames lists the machine's states, by State.
func (m *Machine) StateNames() []string { return slices.Clone(m.table.States) }

// Starts lists the states that the machine can begin in, the usual one first.
func (m *Machine) Starts() []string { return m.names(m.table.Starts) }

// Rows lists the machine's rows, in the order of the Table.
func (m *Machine) Rows() []NamedRow {
	rows := make([]NamedRow, 0, len(m.table.Rows))
	for _, r := range m.table.Rows {
		rows = append(rows, NamedRow{m.events[r.On], m.names(r.From), m.table.States[r.To], r.Clause.String()})
	}
	return rows
}

// Rules lists the rules in which one of the machines acts or is acted upon; machines are named by their place in
// Join's list. When none is named, it lists all rules.
func (j *Joint) Rules(of ...int) []NamedRule {
	rules := make([]NamedRule, 0, len(j.rules))
	for _, r := range j.rules {
		if m := j.machines[r.When]; concerns(of, r.When, int(j.owner[r.Then])) {
			rules = append(rules, NamedRule{m.Name(), m.StateName(r.Enters), j.events[r.Then], r.Clause.String()})
		}
	}
	return rules
}

// Needs lists the needs that hold back one of the machines or look at it, as Rules does.
func (j *Joint) Needs(of ...int) []NamedNeed {
	needs := make([]NamedNeed, 0, len(j.needs))
	for _, n := range j.needs {
		var events []string
		for _, e := range n.On {
			if concerns(of, n.Of, int(j.owner[e])) {
				events = append(events, j.events[e])
			}
		}
		if m := j.machines[n.Of]; len(events) > 0 {
			needs = append(needs, NamedNeed{events, m.Name(), m.names(n.In), n.Clause.String()})
		}
	}
	return needs
}

// concerns tells whether one of two machines is among those asked for.
func concerns(of []int, a, b int) bool {
	return len(of) == 0 || slices.Contains(of, a) || slices.Contains(of, b)
}

// names lists the names of states.
func (m *Machine) names(states []State) []string {
	names := make([]string, 0, len(states))
	for _, s := range states {
		names = append(names, m.table.States[s])
	}
	return names
}
