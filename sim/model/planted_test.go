package model_test

import (
	"flag"
	"strings"
	"testing"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/model"
	"peerwire/sim/script"
)

// liar lets the model see something else than the core did, as if the core were wrong.
type liar struct {
	*model.Model
	lie func(*model.Step)
}

func (l liar) Follow(s *model.Step) error {
	l.lie(s)
	return l.Model.Follow(s)
}

// planted are mistakes, and the clauses that they break.
var planted = []struct {
	what, clause string
	most         int // commands that show it
	lie          func(*model.Step)
}{
	{"it forgets that a peer is snubbed", "FLG-13", 16, func(s *model.Step) {
		for i := range s.Conns {
			s.Conns[i].Flags.Snubbed = false
		}
	}},
	{"it bans for a nanosecond too long", "TRU-7", 16, func(s *model.Step) {
		for i := range s.Effects {
			if s.Effects[i].Kind == bt.Banned {
				s.Effects[i].Until++
			}
		}
	}},
	{"it sleeps for a nanosecond too long", "TMR-1", 16, func(s *model.Step) { s.Next = min(s.Next, bt.Never-1) + 1 }},
	{"it forgets to say that it has said all", "ANN-8", 16, func(s *model.Step) { s.Last = s.Last && len(s.Said) == 0 }},
	{"it does not count the second strike", "LIM-5", 16, func(s *model.Step) {
		for i := range s.Conns {
			s.Conns[i].Strikes = min(s.Conns[i].Strikes, 1)
		}
	}},
}

// Each mistake is found, by the clause that it breaks, and shrinks to a transcript: played by package script it is valid as long as the core
// is right, and shows the mistake when it is not.
func TestPlantedMistakesAreFound(t *testing.T) {
	preset("rapid.seed", "1")
	for _, f := range []struct{ name, value string }{{"rapid.steps", "70"}, {"rapid.shrinktime", "1s"}, {"rapid.nofailfile", "true"}} {
		old := flag.Lookup(f.name).Value.String()
		preset(f.name, f.value)
		defer preset(f.name, old)
	}
	for i, p := range planted {
		if testing.Short() && i > 0 {
			break // nothing here is concurrent
		}
		t.Run(p.what, func(t *testing.T) {
			m, _ := disagreement(t, func(m *model.Model) sim.Judge { return liar{m, p.lie} }, nil)
			if m == nil {
				t.Fatal("it is not found")
			}
			h := &m.history
			h.shrink()
			text := h.transcript()
			t.Log("\n" + text)
			if !strings.Contains(text, "# clauses: "+p.clause+"\n") {
				t.Errorf("it is not found by %s", p.clause)
			}
			if len(h.lines) > p.most {
				t.Errorf("it takes %d commands to show it, not %d", len(h.lines), p.most)
			}
			if _, err := script.Play(text, h.options()); clauseOf(err) != p.clause {
				t.Errorf("the transcript shows %v", err)
			}
			h.judge = honest
			if _, err := script.Play(text, h.options()); err != nil {
				t.Errorf("without the mistake the transcript is not valid: %v", err)
			}
		})
	}
}
