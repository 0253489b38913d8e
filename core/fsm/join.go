package fsm

import (
	"errors"
	"fmt"
)

// Join builds the Joint of machines that were compiled with the same events. It fails on an event
// that belongs to no machine or to two, on a rule whose event can be refused or that stands
// twice, and on a need that names an event or a state that does not exist.
func Join(machines []*Machine, rules []Rule, needs []Need) (*Joint, error) {
	if len(machines) == 0 || len(machines) > MaxMachines || len(rules) > maxRules {
		return nil, fmt.Errorf("%d machines and %d rules, want 1 to %d and at most %d",
			len(machines), len(rules), MaxMachines, maxRules)
	}
	j := &Joint{machines: machines, events: machines[0].events, rules: rules, needs: needs}
	for e := range j.events {
		if err := j.own(Event(e)); err != nil {
			return nil, err
		}
	}
	for i, r := range rules {
		if err := j.addRule(uint8(i), r); err != nil {
			return nil, fmt.Errorf("rule %d: %w", i, err)
		}
	}
	for i, n := range needs {
		if err := j.addNeed(n); err != nil {
			return nil, fmt.Errorf("need %d: %w", i, err)
		}
	}
	return j, nil
}

// own finds the one machine that e belongs to, and takes its part of the array over.
func (j *Joint) own(e Event) error {
	owners := 0
	for i, m := range j.machines {
		if !m.knows(e) {
			continue
		}
		owners++
		j.owner[e] = uint8(i)
		copy(j.next[cell(0, e):cell(0, e+1)], m.next[cell(0, e):cell(0, e+1)])
	}
	if owners != 1 {
		return fmt.Errorf("event %s belongs to %d machines", j.events[e], owners)
	}
	for i := range j.bars[e] {
		j.bars[e][i] = bar{in: open}
	}
	return nil
}

// addRule checks a rule and puts it where Step finds it.
func (j *Joint) addRule(number uint8, r Rule) error {
	if !j.has(r.When, r.Enters) || int(r.Then) >= len(j.events) {
		return errors.New("no such machine, state or event")
	}
	target := j.machines[j.owner[r.Then]]
	for s := range target.table.States {
		if _, ok := target.Next(State(s), r.Then); !ok {
			return fmt.Errorf("%s can be refused in %s", j.events[r.Then], target.table.States[s])
		}
	}
	at := r.When*MaxStates + int(r.Enters)
	for _, f := range j.after[at] {
		if f.then == r.Then {
			return fmt.Errorf("%s stands twice", j.events[r.Then])
		}
	}
	j.after[at] = append(j.after[at], firing{number, r.Then})
	return nil
}

// addNeed checks a need and gives each of its events a bar.
func (j *Joint) addNeed(n Need) error {
	if len(n.On) == 0 || len(n.In) == 0 {
		return errors.New("no event, or no state to be in")
	}
	b := bar{of: uint8(n.Of)}
	for _, s := range n.In {
		if !j.has(n.Of, s) {
			return errors.New("no such machine or state")
		}
		b.in |= 1 << s
	}
	for _, e := range n.On {
		if int(e) >= len(j.events) || int(j.owner[e]) == n.Of {
			return errors.New("no such event, or the machine's own")
		}
		if !j.bar(e, b) {
			return fmt.Errorf("%s has more than %d needs", j.events[e], needsPerEvent)
		}
	}
	return nil
}

// bar puts b before e, unless e has all the bars it can have.
func (j *Joint) bar(e Event, b bar) bool {
	for i := range j.bars[e] {
		if j.bars[e][i].in == 1<<MaxStates-1 {
			j.bars[e][i] = b
			return true
		}
	}
	return false
}

// has tells whether there is a machine with that number and that state.
func (j *Joint) has(machine int, s State) bool {
	return machine >= 0 && machine < len(j.machines) && int(s) < j.machines[machine].States()
}
