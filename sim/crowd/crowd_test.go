package crowd_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/internal/golden"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
	"peerwire/sim/scenarios"
)

// shipped reads a scenario that ships, with at most so many peers.
func shipped(t testing.TB, name string, peers int) *scenario.Scenario {
	t.Helper()
	text, _ := scenarios.Text(name)
	s, err := scenario.Read(name+".toml", text)
	if err != nil {
		t.Fatal(err)
	}
	if s.Peers() > peers && s.Scale(peers) != nil {
		t.Fatalf("%s cannot have %d peers", name, peers)
	}
	return s
}

// told reads a scenario of some name that a test tells.
func told(t testing.TB, name, text string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Read(name+".toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// run lets a crowd do all it does.
func run(t *testing.T, s *scenario.Scenario, trace *sim.Trace) crowd.Summary {
	t.Helper()
	c := crowd.New(s, trace)
	if err := c.Run(bt.Never); err != nil {
		t.Fatal(err)
	}
	return c.Summary()
}

const hashes = "testdata/hashes.txt"

// The same scenario and the same seed are the same run, to the last byte that any core is told: on every machine, as the file of hashes says,
// which changes with the core and with the scenarios, and with nothing else. They run beside each other, as those of a campaign do, and share nothing:
// the race detector looks on in the gate.
func TestHashes(t *testing.T) {
	names := scenarios.Names()
	lines := make([]string, len(names))
	t.Run("scenarios", func(t *testing.T) {
		for i, name := range names {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := shipped(t, name, 45)
				s.Until = scenario.Span(40 * time.Second)
				trace := sim.NewTrace()
				run(t, s, trace)
				lines[i] = fmt.Sprintf("%s %d %s\n", name, trace.Events(), trace.Sum())
			})
		}
	})
	if i := slices.Index(lines, ""); i >= 0 {
		t.Fatalf("%s was not run to its end: the file is of all", names[i])
	}
	golden.Compare(t, hashes, strings.Join(lines, ""))
}

// runChecked is run, with a look every so often at whether something is that must never be.
func runChecked(t *testing.T, s *scenario.Scenario) crowd.Summary {
	t.Helper()
	c := crowd.NewChecked(s, sim.Options{Swift: true})
	for at := bt.Instant(0); !c.Over(); at = at.Add(7 * time.Second) {
		if err := c.Run(at); err != nil {
			t.Fatal(err)
		}
		if err := c.Check(); err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
	}
	return c.Summary()
}

// Every scenario ends as it is meant to, with fewer peers than it ships with, and on the way nothing is that must never be. A short test, such as the
// gate's with the race detector, does with a few: nothing here is concurrent, which package tidy proves.
func TestScenariosEnd(t *testing.T) {
	for name, check := range map[string]func(s *crowd.Summary) bool{
		"first-pair": func(s *crowd.Summary) bool { return s.Completed == 1 && s.Virtual < 18*time.Second },
		"steady":     func(s *crowd.Summary) bool { return s.Completed == s.Peers-1 && s.Left > 10 },
		"super-seed": func(s *crowd.Summary) bool { return s.Groups[0].Uploaded < 30<<20 },
		"free-riders": func(s *crowd.Summary) bool {
			return s.Groups[2].Uploaded < s.Groups[1].Uploaded/4 && s.Completed == s.Peers-1
		},
		"liar": func(s *crowd.Summary) bool {
			return s.Bans > 0 && s.Innocent == 0 && s.Total.Corrupt > 0 && s.Completed == s.Peers-2
		},
		"nearly": func(s *crowd.Summary) bool { return s.Quitters > 0 && s.Completed == s.Peers-1-s.Quitters },
		"seed-gone": func(s *crowd.Summary) bool {
			return s.Left == 1 && s.Completed == s.Peers-1 && s.Groups[0].Uploaded < 200<<20
		},
		"two-classes": func(s *crowd.Summary) bool { return s.Groups[1].Times.Median < s.Groups[2].Times.Median },
		"storm": func(s *crowd.Summary) bool {
			return s.Recovery.Completed == 18 && s.Recovery.Core == 18 && s.Bans > 0 && s.Faults.Mask().Len() == 14
		},
		"churn": func(s *crowd.Summary) bool { return s.Crashes > 5 && s.Completed == s.Peers-2 && s.Total.Corrupt == 0 },
	} {
		if testing.Short() && name != "first-pair" && name != "liar" {
			continue
		}
		peers := 24
		if name == "two-classes" || name == "free-riders" || name == "nearly" {
			peers = 50
		}
		s := runChecked(t, shipped(t, name, peers))
		if !check(&s) || s.Innocent > 0 {
			t.Errorf("%s: %+v", name, s)
		}
	}
}

// Where two runs part is found, between checkpoints and before the first.
func TestRepeat(t *testing.T) {
	for _, test := range []struct {
		name  string
		apart time.Duration // when the second run becomes another
	}{{"steady", 5 * time.Minute}, {"first-pair", 3 * time.Second}} {
		if testing.Short() && test.name != "first-pair" {
			continue // as in TestScenariosEnd
		}
		first, runs := sim.NewTrace(), 0
		play := func(trace *sim.Trace) error {
			s := shipped(t, test.name, 100)
			s.Until = scenario.Span(15 * time.Minute)
			c := crowd.New(s, trace)
			runs++
			if runs == 2 || runs == 4 { // the second run, and the second of those that look for the place
				c.World().After(test.apart, func() { c.World().Cut(0) })
			}
			return c.Run(bt.Never)
		}
		if err := play(first); err != nil {
			t.Fatal(err)
		}
		p, err := crowd.Repeat(first, play)
		if err != nil || p == nil {
			t.Fatalf("%v %v", p, err)
		}
		if at := fmt.Sprintf("t=%v ", bt.Instant(test.apart)); !strings.Contains(p.Second, at) || !strings.Contains(p.Second, "closed reset") {
			t.Errorf("%s: want something at %s: %v", test.name, at, p)
		}
		runs = 10
		if p, err := crowd.Repeat(first, play); err != nil || p != nil {
			t.Errorf("%s: %v %v", test.name, p, err)
		}
	}
}

// Who comes once in years does not come at once.
func TestRareArrivals(t *testing.T) {
	text := "until = \"60s\"\n[[peers]]\nname = \"a\"\ncount = 50\narrive-every = \"1000d\"\n"
	s := told(t, "x", text)
	c := crowd.New(s, nil)
	if err := c.Run(bt.Instant(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := c.Counts(); n.Present != 0 || n.Coming != 50 {
		t.Errorf("%+v", n)
	}
}

// Peers of a group with a long name are different peers.
func TestLongNames(t *testing.T) {
	text := "[torrent]\nsize = \"64 KiB\"\npiece = \"16 KiB\"\n[[peers]]\nname = \"seed-of-the-department\"\nhave = \"all\"\n" +
		"[[peers]]\nname = \"students-of-the-department\"\ncount = 12\n"
	s := told(t, "x", text)
	c := crowd.New(s, nil)
	if err := c.Run(bt.Instant(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := c.Counts(); n.Completed != 12 {
		t.Errorf("%+v", n)
	}
}
