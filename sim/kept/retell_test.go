package kept

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/campaign"
	"peerwire/trace"
)

// recorded is the trace of the run of the random scenario of a seed, and who takes part in it.
func recorded(t *testing.T, seed uint64) (text []byte, names []string) {
	t.Helper()
	s, _ := campaign.Draw(seed)
	var b bytes.Buffer
	w := trace.NewWriter(&b, "test")
	v := campaign.Run(s, campaign.Options{Record: w})
	if err := w.Flush(); err != nil || v.Failed() {
		t.Fatalf("%v %+v", err, v)
	}
	err := each(b.Bytes(), func(r *trace.Record) error {
		if r.Kind == trace.Begun && !slices.Contains(names, r.Begin.Name) {
			names = append(names, r.Begin.Name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), names
}

// replayed is what a core answers when it is told lines: the same core, in a trace of its own.
func replayed(t *testing.T, lines []string, name string) *account {
	t.Helper()
	var b bytes.Buffer
	tr := sim.NewTrace()
	tr.Record = trace.NewWriter(&b, "test")
	p := newPlayer("", tr)
	for _, line := range lines {
		p.do(line, "")
	}
	if p.verdict.Failed() {
		t.Errorf("%+v", p.verdict)
	}
	if err := tr.Record.Flush(); err != nil {
		t.Fatal(err)
	}
	a, err := recount(b.Bytes(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// answers are all that a core answered, a line each: what it wrote to the byte, and what it asked for, but for the bytes that it needs next, and that it
// wants to write: these depend on how the bytes were cut that it was told.
func answers(a *account) (list []string) {
	for i := range a.calls {
		c := &a.calls[i]
		if len(c.said) > 0 {
			list = append(list, fmt.Sprintf("%v %v says %x", c.now, c.conn, c.said))
		}
		for _, e := range c.effects {
			if e.Kind != bt.Need && e.Kind != bt.WantWrite {
				list = append(list, fmt.Sprintf("%v %+v", c.now, e))
			}
		}
	}
	return list
}

// What a core was told is answered as it was, to the byte, when it is told again word by word; and no checker minds anything when much of that is left to
// the script's world. One in twenty may answer otherwise: who has met itself, or a peer whose address became another's, is not told quite the same.
func TestRetell(t *testing.T) {
	same, all, together, seeds := 0, 0, 0, uint64(12)
	if testing.Short() {
		seeds = 3
	}
	for seed := uint64(1); seed <= seeds; seed++ {
		text, names := recorded(t, seed)
		for _, name := range names {
			a, err := recount(text, name)
			if err != nil {
				t.Fatal(err)
			}
			if a.spec() == nil || len(a.calls) > 1000 {
				continue
			}
			for i, m := range manners {
				if i > 0 && i < len(manners)-1 {
					continue
				}
				lines, _, err := retell(a, m, campaign.Random, 0, nil)
				if err != nil {
					t.Fatal(err)
				}
				want, have := answers(a), answers(replayed(t, lines, name))
				if i == 0 {
					continue
				}
				for _, line := range lines {
					if strings.Contains(line, " says "+atOnce) {
						together++
					}
				}
				if all++; len(have) >= len(want) && slices.Equal(want, have[:len(want)]) {
					same++
				} else {
					t.Logf("seed %d, %s answers otherwise", seed, name)
				}
			}
		}
	}
	if t.Logf("of %d cores %d answered the same; %d times several messages came in one piece", all, same, together); same < all-all/20 || together == 0 {
		t.Error("they are too few")
	}
}
