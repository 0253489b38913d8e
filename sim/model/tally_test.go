package model_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/sim"
	"peerwire/sim/model"
)

// tally counts what histories have reached.
type tally struct {
	clauses     *clause.Recorder
	steps       int
	set, unset  map[string]int // by flag: changes on connections that stay
	effects     map[bt.EffectKind]int
	connections int
}

func newTally() *tally {
	return &tally{clauses: new(clause.Recorder), set: map[string]int{}, unset: map[string]int{}, effects: map[bt.EffectKind]int{}}
}

// counting counts what a node does before the model judges it.
type counting struct {
	tally *tally
	model *model.Model
	was   map[bt.ConnID]model.Flags
}

func (y *tally) judge(m *model.Model) sim.Judge {
	return &counting{tally: y, model: m, was: map[bt.ConnID]model.Flags{}}
}

func (c *counting) Follow(s *model.Step) error {
	y := c.tally
	y.steps++
	for i := range s.Effects {
		y.effects[s.Effects[i].Kind]++
	}
	for i := range s.Conns {
		was, known := c.was[s.Conns[i].ID]
		if !known {
			y.connections++
		} else {
			y.count(was, s.Conns[i].Flags)
		}
		c.was[s.Conns[i].ID] = s.Conns[i].Flags
	}
	return c.model.Follow(s)
}

// count counts the flags that have changed.
func (y *tally) count(was, is model.Flags) {
	a, b := reflect.ValueOf(was), reflect.ValueOf(is)
	for i := range a.NumField() {
		name := a.Type().Field(i).Name
		switch {
		case a.Field(i).Equal(b.Field(i)):
		case b.Field(i).Kind() == reflect.Bool && b.Field(i).Bool(), b.Field(i).Kind() == reflect.Int && b.Field(i).Int() > a.Field(i).Int():
			y.set[name]++
		default:
			y.unset[name]++
		}
	}
}

// report says what was reached. Each flag must have been set and cleared as often as it can be.
func (y *tally) report(t *testing.T) {
	var b strings.Builder
	fmt.Fprintf(&b, "%d calls, %d connections\n", y.steps, y.connections)
	f := reflect.TypeFor[model.Flags]()
	for i := range f.NumField() {
		name := f.Field(i).Name
		fmt.Fprintf(&b, "  %-18s set %6d times, cleared %6d times\n", name, y.set[name], y.unset[name])
		if y.set[name] == 0 && name != "Queued" && name != "Handshake" && name != "LocalConnection" {
			t.Errorf("%s is never set", name)
		}
		if y.unset[name] == 0 && name != "Torrent" && name != "LocalConnection" && name != "SupportExtensions" {
			t.Errorf("%s is never cleared", name)
		}
	}
	for _, e := range []struct {
		kind bt.EffectKind
		name string
	}{{bt.Passed, "pieces passed"}, {bt.Completed, "torrents completed"}, {bt.Banned, "bans"}, {bt.Stalled, "stalls"}, {bt.PauseRead, "pauses"}} {
		fmt.Fprintf(&b, "  %d %s\n", y.effects[e.kind], e.name)
		if y.effects[e.kind] == 0 {
			t.Errorf("there are no %s", e.name)
		}
	}
	var never []string
	for id := clause.ID(1); !strings.HasPrefix(id.String(), "clause("); id++ {
		if y.clauses.Hits(id) == 0 {
			never = append(never, id.String())
		}
	}
	fmt.Fprintf(&b, "  clauses never reached: %s", strings.Join(never, " "))
	t.Log(b.String())
}
