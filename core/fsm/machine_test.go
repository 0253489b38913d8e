package fsm

import (
	"strings"
	"testing"
)

// The clauses of the tests are mere numbers: no clause is about doors.

// A small door: it can be opened and closed, and locked when closed.
const (
	shut State = iota
	ajar
	locked
)

const (
	pull Event = iota
	push
	turn
	ring
)

var doorEvents = []string{"pull", "push", "turn", "ring"}

func door() Table {
	return Table{
		Name:   "door",
		States: []string{"shut", "ajar", "locked"},
		Starts: []State{shut, locked},
		Rows: []Row{
			{On: pull, From: []State{shut, ajar}, To: ajar, Clause: 1},
			{On: push, From: []State{ajar}, To: shut, Clause: 2},
			{On: turn, From: []State{shut}, To: locked, Clause: 3},
			{On: turn, From: []State{locked}, To: shut, Clause: 4},
		},
	}
}

func mustCompile(t testing.TB, table Table, events []string) *Machine {
	t.Helper()
	m, err := Compile(table, events)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestNext(t *testing.T) {
	m := mustCompile(t, door(), doorEvents)
	want := map[[2]int]State{
		{int(shut), int(pull)}: ajar, {int(ajar), int(pull)}: ajar, {int(ajar), int(push)}: shut,
		{int(shut), int(turn)}: locked, {int(locked), int(turn)}: shut,
	}
	for s := range m.States() {
		for e := range doorEvents {
			to, ok := m.Next(State(s), Event(e))
			wantTo, wantOK := want[[2]int{s, e}]
			if ok != wantOK || ok && to != wantTo {
				t.Errorf("%s in %s: %d, %t; want %d, %t", doorEvents[e], m.StateName(State(s)), to, ok, wantTo, wantOK)
			}
		}
	}
	if got := m.clauseAt(locked, turn); got != 4 {
		t.Errorf("clause of turn in locked is %s", got)
	}
}

// Every way to get a table wrong is found, and said.
func TestCompileRefuses(t *testing.T) {
	row := func(e Event, to State, from ...State) Row { return Row{On: e, From: from, To: to} }
	cases := []struct {
		name, want string
		spoil      func(*Table)
	}{
		{"contradiction", "two rows", func(t *Table) { t.Rows = append(t.Rows, row(pull, locked, shut)) }},
		{"repetition", "two rows", func(t *Table) { t.Rows = append(t.Rows, row(pull, ajar, shut)) }},
		{"repetition in a row", "two rows", func(t *Table) { t.Rows = append(t.Rows, row(ring, shut, shut, shut)) }},
		{"no states", "0 states", func(t *Table) { t.States = nil }},
		{"too many states", "9 states", func(t *Table) { t.States = strings.Split("abcdefghi", "") }},
		{"state without name", "same", func(t *Table) { t.States[1] = "" }},
		{"states of one name", "same", func(t *Table) { t.States[1] = "shut" }},
		{"out of reach", "nothing leads to broken", func(t *Table) { t.States = append(t.States, "broken") }},
		{"no start", "no start", func(t *Table) { t.Starts = nil }},
		{"unknown start", "starts in state 3", func(t *Table) { t.Starts = append(t.Starts, 3) }},
		{"unknown event", "without a name", func(t *Table) { t.Rows = append(t.Rows, row(4, shut, shut)) }},
		{"unknown target", "without a name", func(t *Table) { t.Rows = append(t.Rows, row(ring, 3, shut)) }},
		{"unknown source", "from state 3", func(t *Table) { t.Rows = append(t.Rows, row(ring, shut, 3)) }},
		{"no source", "no source", func(t *Table) { t.Rows = append(t.Rows, row(ring, shut)) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			table := door()
			c.spoil(&table)
			_, err := Compile(table, doorEvents)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one with %q", err, c.want)
			}
		})
	}
	if _, err := Compile(door(), make([]string, MaxEvents+1)); err == nil {
		t.Error("65 events compiled")
	}
}

// The library's reading is independent of ours: when our array is spoilt, they disagree.
func TestLooplabDisagrees(t *testing.T) {
	spoil := []struct {
		name string
		at   uint
		to   State
	}{
		{"leads elsewhere", cell(shut, pull), locked},
		{"refused though legal", cell(ajar, push), illegal},
		{"refused self-loop", cell(ajar, pull), illegal},
		{"legal though refused", cell(locked, pull), ajar},
		{"legal though unknown", cell(shut, ring), shut},
	}
	for _, c := range spoil {
		t.Run(c.name, func(t *testing.T) {
			m := mustCompile(t, door(), doorEvents)
			m.next[c.at] = c.to
			if err := m.agreesWithLooplab(); err == nil {
				t.Error("looplab agrees with a spoilt array")
			}
		})
	}
}

// A machine without a row is one that never changes.
func TestConstant(t *testing.T) {
	m := mustCompile(t, Table{Name: "side", States: []string{"left", "right"}, Starts: []State{0, 1}}, doorEvents)
	for e := range doorEvents {
		if _, ok := m.Next(0, Event(e)); ok {
			t.Errorf("%s is legal", doorEvents[e])
		}
	}
}

func TestNextAllocates(t *testing.T) {
	m := mustCompile(t, door(), doorEvents)
	s := shut
	if n := testing.AllocsPerRun(100, func() { s, _ = m.Next(s, turn) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

func BenchmarkNext(b *testing.B) {
	m := mustCompile(b, door(), doorEvents)
	s := shut
	for b.Loop() {
		s, _ = m.Next(s, turn)
	}
	if s > locked {
		b.Fatal("no such state")
	}
}
