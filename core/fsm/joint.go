package fsm

import (
	"math/bits"

	"peerwire/core/clause"
)

// Rule couples two machines: whenever machine When enters the state Enters, coming from
// another one, the event Then happens to the machine it belongs to.
type Rule struct {
	When   int // which machine, by its place in Join's list
	Enters State
	Then   Event // must be legal in every state of its machine
	Clause clause.ID
}

// Need couples events to a machine they do not belong to: On are refused unless machine
// Of is in one of the states In. Events that a Rule brings about are not held back by needs.
type Need struct {
	On     []Event
	Of     int // which machine, by its place in Join's list
	In     []State
	Clause clause.ID
}

// maxRules is how many rules a Joint can have: one bit each in the record of what has fired.
const maxRules = 64

// needsPerEvent is how many needs may speak of one event.
const needsPerEvent = 2

// Joint is a set of Machines that live side by side, with what couples them. It never changes.
type Joint struct {
	machines []*Machine
	events   []string
	rules    []Rule
	needs    []Need

	owner [MaxEvents]uint8                  // the machine an event belongs to
	bars  [MaxEvents][needsPerEvent]bar     // needs, by event
	next  [MaxEvents * MaxStates]State      // all machines' arrays, laid over each other
	after [MaxMachines * MaxStates][]firing // rules, by machine and state entered
}

// bar is a need as Step looks at it: the states of machine "of" that let the event through,
// one bit each. The bar that holds nothing back lets every state of machine 0 through.
type bar struct {
	of uint8
	in uint8
}

// open is what a bar lets through when it holds nothing back.
const open = 1<<MaxStates - 1

// firing is a rule as Step follows it.
type firing struct {
	rule uint8
	then Event
}

// Step lets e happen to the machine it belongs to, and then every rule that follows from it,
// until nothing follows any more. s holds one State a machine, in the order of Join. It tells
// whether any machine is in another state than before, and whether e was legal; when not, nothing
// has changed. The clauses of the row, and of the rules that fired, are reported to rec.
func (j *Joint) Step(s []State, e Event, rec *clause.Recorder) (changed, ok bool) {
	for _, b := range j.bars[e] {
		if b.in>>s[b.of]&1 == 0 {
			return false, false
		}
	}
	m := j.owner[e]
	from := s[m]
	to := j.next[cell(from, e)]
	if to == illegal {
		return false, false
	}
	if rec != nil {
		rec.Hit(j.machines[m].clauseAt(from, e))
	}
	if to == from {
		return false, true
	}
	s[m] = to
	if len(j.after[uint(m)*MaxStates+uint(to)]) > 0 {
		j.settle(s, m, rec)
	}
	return true, true
}

// settle applies the rules after machine m entered its state, to a fixed point: machines in
// their order, rules in the order they were given. Every rule fires at most once, so it ends.
func (j *Joint) settle(s []State, m uint8, rec *clause.Recorder) {
	var fired uint64
	entered := uint16(1) << m
	for entered != 0 {
		first := uint(bits.TrailingZeros16(entered))
		entered &^= 1 << first
		for _, f := range j.after[first*MaxStates+uint(s[first])] {
			if fired>>f.rule&1 != 0 {
				panic("BUG: a joint rule fires twice after one event")
			}
			fired |= 1 << f.rule
			if rec != nil {
				rec.Hit(j.rules[f.rule].Clause)
			}
			target := j.owner[f.then]
			if to := j.next[cell(s[target], f.then)]; to != s[target] {
				s[target] = to
				entered |= 1 << target
			}
		}
	}
}

// Owner is the machine that e belongs to, by its place in Join's list.
func (j *Joint) Owner(e Event) int { return int(j.owner[e]) }
