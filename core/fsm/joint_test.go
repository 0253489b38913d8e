package fsm

import (
	"strings"
	"testing"

	"peerwire/core/clause"
)

// Beside the door hang a lamp, which goes on when the door opens, and a cat, which is
// frightened when the lamp goes on.
const (
	switchOn Event = iota + 3
	switchOff
	fright
	soothe
)

const (
	theDoor = iota
	theLamp
	theCat
)

var houseEvents = []string{"pull", "push", "turn", "switch on", "switch off", "fright", "soothe"}

// toggle is a machine of two states, either of which any of two events can lead to.
func toggle(name string, off, on Event, states ...string) Table {
	return Table{Name: name, States: states, Starts: []State{0}, Rows: []Row{
		{On: off, From: []State{0, 1}, To: 0, Clause: 10},
		{On: on, From: []State{0, 1}, To: 1, Clause: 11},
	}}
}

func house(t testing.TB) []*Machine {
	return []*Machine{
		mustCompile(t, door(), houseEvents),
		mustCompile(t, toggle("lamp", switchOff, switchOn, "off", "on"), houseEvents),
		mustCompile(t, toggle("cat", soothe, fright, "calm", "scared"), houseEvents),
	}
}

func houseRules() []Rule {
	return []Rule{
		{When: theDoor, Enters: ajar, Then: switchOn, Clause: 5},
		{When: theDoor, Enters: shut, Then: switchOff, Clause: 6},
		{When: theLamp, Enters: 1, Then: fright, Clause: 7},
	}
}

func houseNeeds() []Need {
	return []Need{
		{On: []Event{turn}, Of: theLamp, In: []State{0}, Clause: 8},
		{On: []Event{switchOn, soothe}, Of: theDoor, In: []State{shut, ajar}, Clause: 9},
	}
}

func mustJoin(t testing.TB) *Joint {
	t.Helper()
	j, err := Join(house(t), houseRules(), houseNeeds())
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func TestStep(t *testing.T) {
	j := mustJoin(t)
	cases := []struct {
		name        string
		from, to    [3]State
		on          Event
		changed, ok bool
	}{
		{"a chain of rules", [3]State{shut, 0, 0}, [3]State{ajar, 1, 1}, pull, true, true},
		{"a rule without a change ends the chain", [3]State{shut, 1, 0}, [3]State{ajar, 1, 0}, pull, true, true},
		{"to stay is not to enter", [3]State{ajar, 0, 0}, [3]State{ajar, 0, 0}, pull, false, true},
		{"a need is met", [3]State{shut, 0, 0}, [3]State{locked, 0, 0}, turn, true, true},
		{"a need is not met", [3]State{shut, 1, 0}, [3]State{shut, 1, 0}, turn, false, false},
		{"one need for two events", [3]State{locked, 0, 1}, [3]State{locked, 0, 1}, soothe, false, false},
		{"refused by its machine", [3]State{locked, 0, 0}, [3]State{locked, 0, 0}, push, false, false},
		{"a rule is not held back by a need", [3]State{locked, 1, 0}, [3]State{locked, 0, 0}, switchOff, true, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := c.from
			changed, ok := j.Step(s[:], c.on, nil)
			if s != c.to || changed != c.changed || ok != c.ok {
				t.Errorf("%v, %t, %t; want %v, %t, %t", s, changed, ok, c.to, c.changed, c.ok)
			}
		})
	}
}

// The rows and rules that act are recorded, and those that do not are not.
func TestStepRecords(t *testing.T) {
	j := mustJoin(t)
	var rec clause.Recorder
	s := []State{shut, 0, 0}
	j.Step(s, pull, &rec)
	j.Step(s, turn, &rec) // refused
	for id, want := range map[clause.ID]int{1: 1, 5: 1, 7: 1, 3: 0, 6: 0} {
		if got := rec.Hits(id); got != want {
			t.Errorf("%s recorded %d times, want %d", id, got, want)
		}
	}
}

// Rules that would run round for ever are stopped at the first rule that fires again.
func TestStepStopsRounds(t *testing.T) {
	rules := []Rule{
		{When: theLamp, Enters: 1, Then: fright},
		{When: theCat, Enters: 1, Then: switchOff},
		{When: theLamp, Enters: 0, Then: soothe},
		{When: theCat, Enters: 0, Then: switchOn},
	}
	j, err := Join(house(t), rules, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if p, _ := recover().(string); !strings.HasPrefix(p, "BUG: ") {
			t.Errorf("recovered %q", p)
		}
	}()
	j.Step([]State{shut, 0, 0}, switchOn, nil)
	t.Error("a round of rules settled")
}

func TestJoinRefuses(t *testing.T) {
	type change struct {
		name, want string
		spoil      func(ms *[]*Machine, rules *[]Rule, needs *[]Need)
	}
	addRule := func(r Rule) func(*[]*Machine, *[]Rule, *[]Need) {
		return func(_ *[]*Machine, rules *[]Rule, _ *[]Need) { *rules = append(*rules, r) }
	}
	addNeed := func(n Need) func(*[]*Machine, *[]Rule, *[]Need) {
		return func(_ *[]*Machine, _ *[]Rule, needs *[]Need) { *needs = append(*needs, n) }
	}
	turns := []Event{turn}
	for _, c := range []change{
		{"no machines", "0 machines", func(ms *[]*Machine, _ *[]Rule, _ *[]Need) { *ms = nil }},
		{"orphan event", "belongs to 0", func(ms *[]*Machine, _ *[]Rule, _ *[]Need) { *ms = (*ms)[:2] }},
		{"shared event", "belongs to 2", func(ms *[]*Machine, _ *[]Rule, _ *[]Need) { *ms = append(*ms, (*ms)[2]) }},
		{"event that can be refused", "can be refused in", addRule(Rule{When: theLamp, Enters: 1, Then: turn})},
		{"repeated rule", "stands twice", addRule(houseRules()[0])},
		{"rule of no machine", "no such", addRule(Rule{When: 3, Then: fright})},
		{"rule of no state", "no such", addRule(Rule{When: theLamp, Enters: 2, Then: fright})},
		{"rule of no event", "no such", addRule(Rule{When: theLamp, Then: 7})},
		{"need of no machine", "no such", addNeed(Need{On: turns, Of: -1, In: []State{0}})},
		{"need of no state", "no such", addNeed(Need{On: turns, Of: theLamp, In: []State{2}})},
		{"need of no event", "no such", addNeed(Need{On: []Event{7}, Of: theLamp, In: []State{0}})},
		{"need of the machine itself", "own", addNeed(Need{On: turns, Of: theDoor, In: []State{0}})},
		{"need that nothing meets", "no state", addNeed(Need{On: turns, Of: theLamp})},
		{"need for nothing", "no event", addNeed(Need{Of: theLamp, In: []State{0}})},
		{"three needs", "more than 2", func(_ *[]*Machine, _ *[]Rule, needs *[]Need) {
			cat := Need{On: turns, Of: theCat, In: []State{0}}
			*needs = append(*needs, cat, cat)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ms, rules, needs := house(t), houseRules(), houseNeeds()
			c.spoil(&ms, &rules, &needs)
			_, err := Join(ms, rules, needs)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

func TestStepAllocates(t *testing.T) {
	j := mustJoin(t)
	var rec clause.Recorder
	s := []State{shut, 0, 0}
	if n := testing.AllocsPerRun(100, func() { j.Step(s, pull, &rec); j.Step(s, push, &rec) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

func BenchmarkStep(b *testing.B) {
	j := mustJoin(b)
	s := []State{shut, 0, 0}
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			j.Step(s, fright, nil)
		}
	})
	b.Run("rules", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			j.Step(s, pull, nil)
			j.Step(s, push, nil)
		}
	})
}
