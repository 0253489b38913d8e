package peerfsm

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"peerwire/core/fsm"
	"peerwire/internal/golden"
)

// proof counts what happens when every event is tried in every reachable state.
type proof struct {
	states                      []State
	moved, stayed, barred, held int // pairs of a state and an event: by what came of them

	rows  map[rowAt]int  // how often a row was followed from one of its states
	rules []ruleUse      // by rule
	needs map[needOf]int // how often a need alone refused an event
	loose []string       // what the naive reader and Step disagree on
}

// rowAt is a row of a machine's table, and a state that it leads from.
type rowAt struct {
	machine, row int
	from         fsm.State
}

// ruleUse is how often a rule fired, and how often it moved a machine.
type ruleUse struct{ fired, moved int }

// needOf is a need and one of the events that it holds back.
type needOf struct {
	need int
	on   Ev
}

// prove tries every event in every reachable state, and has each pair read twice: by Step, in the arrays that
// connections run on, and by a naive reader who looks through the rows, rules and needs.
func prove() *proof {
	p := &proof{states: Reachable(), rows: map[rowAt]int{}, rules: make([]ruleUse, len(rules)), needs: map[needOf]int{}}
	for _, before := range p.states {
		for e := range Ev(numEvents) {
			after := before
			changed, ok := after.Step(e, nil)
			if want, legal := p.read(before, e); after != want || ok != legal || changed != (after != before) {
				p.loose = append(p.loose, fmt.Sprintf("%s in %s: Step goes to %s, %t, %t, the tables say %s, %t",
					eventNames[e], describe(&before), describe(&after), changed, ok, describe(&want), legal))
			}
		}
	}
	return p
}

// read is the naive reader: what e leads to from s, and whether it is legal.
func (p *proof) read(s State, e Ev) (State, bool) {
	m, row := rowOf(&s, e)
	if row < 0 {
		p.barred++
		return s, false
	}
	if unmet := unmet(&s, e); len(unmet) > 0 {
		p.held++
		if len(unmet) == 1 {
			p.needs[needOf{unmet[0], e}]++
		}
		return s, false
	}
	p.rows[rowAt{m, row, s.at[m]}]++
	before := s
	p.follow(&s, m, row)
	if s != before {
		p.moved++
	} else {
		p.stayed++
	}
	return s, true
}

// rowOf is the row that e follows in s and the machine it belongs to, or -1 for a row when its table refuses e.
func rowOf(s *State, e Ev) (machine, row int) {
	for m, t := range tables {
		for i, r := range t.Rows {
			if r.On == e && slices.Contains(r.From, s.at[m]) {
				return m, i
			}
		}
	}
	return 0, -1
}

// unmet lists the needs that hold e back in s.
func unmet(s *State, e Ev) (ns []int) {
	for i, n := range needs {
		if slices.Contains(n.On, e) && !slices.Contains(n.In, s.at[n.Of]) {
			ns = append(ns, i)
		}
	}
	return ns
}

// follow moves a machine by a row, and then all that follows from it.
func (p *proof) follow(s *State, m, row int) (moved bool) {
	to := tables[m].Rows[row].To
	if s.at[m] == to {
		return false
	}
	s.at[m] = to
	for i, r := range rules {
		if r.When != m || r.Enters != to {
			continue
		}
		p.rules[i].fired++
		if target, next := rowOf(s, r.Then); next >= 0 && p.follow(s, target, next) {
			p.rules[i].moved++
		}
	}
	return true
}

// TestProved enumerates the machines together, completely, and puts the figures on file. It fails when any row of any
// table, from any of its states, is never followed; when a rule never moves anything; when a need never refuses what else
// were legal; when a predicate on states or on steps fails anywhere; when a status method is always true, or
// never. Run it with -v to see the figures.
func TestProved(t *testing.T) {
	p := prove()
	for _, l := range p.loose {
		t.Error(l)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d states are reachable. %d pairs of a state and an event:\n", len(p.states), len(p.states)*int(numEvents))
	b.WriteString(fsm.Lines{
		{" ", " "},
		{"  change the state", fmt.Sprint(p.moved)}, {"  are legal and change nothing", fmt.Sprint(p.stayed)},
		{"  are refused by the event's own machine", fmt.Sprint(p.barred)}, {"  are refused by a need of another", fmt.Sprint(p.held)},
	}.Columns()[1:])
	fmt.Fprintf(&b, "%d predicates hold in every state, %d more in every step.\n", len(invariants), len(lasting))
	for _, part := range []fsm.Lines{p.flagLines(t), p.rowLines(t), p.ruleLines(t), p.needLines(t)} {
		b.WriteString("\n" + part.Columns())
	}
	golden.Compare(t, filepath.Join("testdata", "proof.golden"), b.String())
	t.Log("\n" + b.String())
}

// flagLines tells in how many states each status method is true, and wants both answers.
func (p *proof) flagLines(t *testing.T) fsm.Lines {
	lines := fsm.Lines{{"status method", "true", "false"}}
	for _, f := range flags {
		n := 0
		for _, s := range p.states {
			if f.is(&s) {
				n++
			}
		}
		if n == 0 || n == len(p.states) {
			t.Errorf("%s is the same in every state", f.name)
		}
		lines = append(lines, []string{f.name, fmt.Sprint(n), fmt.Sprint(len(p.states) - n)})
	}
	return lines
}

// rowLines tells how often each row was followed from each of its states, and wants it more than never.
func (p *proof) rowLines(t *testing.T) fsm.Lines {
	lines := fsm.Lines{{"machine", "event", "from", "to", "followed"}}
	for m, table := range tables {
		for i, r := range table.Rows {
			for _, from := range r.From {
				n := p.rows[rowAt{m, i, from}]
				line := []string{table.Name, eventNames[r.On], table.States[from], table.States[r.To], fmt.Sprint(n)}
				if lines = append(lines, line); n == 0 {
					t.Errorf("never followed: %v", line)
				}
			}
		}
	}
	return lines
}

// ruleLines tells how often each rule fired, and wants it to move a machine.
func (p *proof) ruleLines(t *testing.T) fsm.Lines {
	lines := fsm.Lines{{"when", "enters", "then", "fired", "moved"}}
	for i, r := range joint.Rules() {
		use := p.rules[i]
		if use.moved == 0 {
			t.Errorf("rule %d moves nothing", i)
		}
		lines = append(lines, []string{r.When, r.Enters, r.Then, fmt.Sprint(use.fired), fmt.Sprint(use.moved)})
	}
	return lines
}

// needLines tells how often each need was the only one to refuse each of its events, where the event's own machine would have
// let it happen, and wants it more than never.
func (p *proof) needLines(t *testing.T) fsm.Lines {
	lines := fsm.Lines{{"event", "only while", "is", "refused by that alone"}}
	for i, named := range joint.Needs() {
		for k, e := range needs[i].On {
			n := p.needs[needOf{i, e}]
			if n == 0 {
				t.Errorf("need %d of %s refuses nothing", i, eventNames[e])
			}
			lines = append(lines, []string{named.Events[k], named.Of, strings.Join(named.In, ", "), fmt.Sprint(n)})
		}
	}
	return lines
}
