package scenario_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
)

// What is written is read as what it was, and says nothing that need not be said.
func TestWrite(t *testing.T) {
	for _, name := range scenarios.Names() {
		text, _ := scenarios.Text(name)
		s, err := scenario.Read(name+".toml", text)
		if err != nil {
			t.Fatal(err)
		}
		written := scenario.Write(s)
		again, err := scenario.Read(name+".toml", written)
		if diff := cmp.Diff(s, again); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s\n%s", name, err, diff, written)
		}
		if keys, had := strings.Count(string(written), "="), strings.Count(string(text), "="); keys > had {
			t.Errorf("%s has %d keys, and is written with %d:\n%s", name, had, keys, written)
		}
	}
}

// Every quantity is written as it is read.
func TestWriteQuantities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := scenario.Span(rapid.Int64Range(0, int64(1000*time.Hour)).Draw(t, "span"))
		size := scenario.Size(rapid.Int64Range(0, 1<<50).Draw(t, "size") << rapid.IntRange(0, 10).Draw(t, "zeros"))
		rate := scenario.Rate(size >> 20)
		seed := scenario.Seed(rapid.Uint64().Draw(t, "seed"))
		if again, err := scenario.Read("x.toml", scenario.Write(seeded(seed))); err != nil || again.Seed != seed {
			t.Errorf("%d: %v", seed, err)
		}
		var span2 scenario.Span
		var size2 scenario.Size
		var rate2 scenario.Rate
		a, _ := span.MarshalText()
		b, _ := size.MarshalText()
		c, _ := rate.MarshalText()
		if err := span2.UnmarshalText(a); err != nil || span2 != span {
			t.Errorf("%v: %s, %v, %v", span, a, span2, err)
		}
		if err := size2.UnmarshalText(b); err != nil || size2 != size {
			t.Errorf("%v: %s, %v, %v", size, b, size2, err)
		}
		if err := rate2.UnmarshalText(c); err != nil || rate2 != rate {
			t.Errorf("%v: %s, %v, %v", rate, c, rate2, err)
		}
	})
}

func seeded(seed scenario.Seed) *scenario.Scenario {
	s := scenario.New()
	g := scenario.NewGroup()
	g.Name = "a"
	s.Seed, s.Groups = seed, []scenario.Group{g}
	return s
}
