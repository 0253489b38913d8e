package validate

import (
	"errors"
	"strings"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/scenario"
)

// patient lets a run go on to its end.
func patient(bt.Instant, bt.Instant, int) error { return nil }

// measured runs the points of a study that are named, with seed 1.
func measured(t *testing.T, s *Study, points ...string) map[string]Figures {
	t.Helper()
	all := map[string]Figures{}
	for i := range s.Points {
		p := &s.Points[i]
		for _, name := range points {
			if p.Name != name {
				continue
			}
			f, err := p.Run(1, patient)
			if err != nil {
				t.Fatalf("%s, %s: %v", s.Name, name, err)
			}
			if len(f) != s.Figures {
				t.Fatalf("%s, %s: %d figures, not %d", s.Name, name, len(f), s.Figures)
			}
			all[name] = f
		}
	}
	if len(all) != len(points) {
		t.Fatalf("%s has not all of the points %v", s.Name, points)
	}
	return all
}

// The measure of libtorrent's own simulation: of twenty interested peers that ask for nothing, with one slot, each is unchoked for a
// twentieth of half an hour, to within 1.5 s. [CHK-6]
func TestTheOptimisticSlotIsFair(t *testing.T) {
	f := measured(t, &optimisticSlot, "seed", "leech")
	for _, found := range optimisticSlot.Judge(Runs{{f["seed"]}, {f["leech"]}}) {
		if !found.Held {
			t.Errorf("%s, %s: %s, not %s", found.Where, found.What, found.Figure, found.Band)
		}
	}
}

// A small swarm is no faster than any can be, and hardly slower.
func TestMinimumTime(t *testing.T) {
	if over := measured(t, &minimumTime, "few")["few"][0]; !between(one, 1150).has(over) {
		t.Errorf("it took %s of the minimum", over)
	}
}

// A swarm into which half as many peers come as the seed sends pieces does not grow.
func TestSlowArrivalsAreServed(t *testing.T) {
	if f := measured(t, &missingPiece, "50")["50"]; !around(0, 50).has(f[0]) || f[1] > 20*one {
		t.Errorf("growth %s of the arrivals, %s leeches", f[0], f[1])
	}
}

// Every study names itself and its points once, has a scenario that can be read, and misses when what was measured is absurd.
func TestStudies(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Studies() {
		if names[s.Name] || s.Name == "" || s.By == "" || s.Claim == "" || s.Setting == "" || s.Seeds < 2 || s.Figures < 1 || len(s.Points) == 0 {
			t.Errorf("study %q: something is missing, or there are two", s.Name)
		}
		names[s.Name] = true
		points := map[string]bool{}
		for _, p := range s.Points {
			if points[p.Name] {
				t.Errorf("%s has two points %q", s.Name, p.Name)
			}
			points[p.Name] = true
			if p.Scene == "" {
				continue
			}
			if _, err := scenario.Read(p.Name+".toml", []byte(p.Scene)); err != nil {
				t.Errorf("%s: %v", s.Name, err)
			}
		}
		for _, absurd := range []Milli{-1 << 30, 1 << 30} {
			runs := make(Runs, len(s.Points))
			for i := range runs {
				for range 2 {
					f := make(Figures, s.Figures)
					for k := range f {
						f[k] = absurd
					}
					runs[i] = append(runs[i], f)
				}
			}
			missed := false
			for _, f := range s.Judge(runs) {
				missed = missed || !f.Held && !f.Band.None
			}
			if !missed {
				t.Errorf("%s holds for figures of %s", s.Name, absurd)
			}
		}
	}
}

// A run ends when who watches it has had enough.
func TestRunsCanBeEnded(t *testing.T) {
	enough := errors.New("enough")
	for _, s := range Studies() {
		looks := 0
		_, err := s.Points[0].Run(1, func(bt.Instant, bt.Instant, int) error { looks++; return enough })
		if !errors.Is(err, enough) || looks != 1 {
			t.Errorf("%s: %d looks, %v", s.Name, looks, err)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		what       string
		have, want Milli
	}{
		{"mean", mean([]Milli{1, 2, 6}), 3},
		{"median", median([]Milli{9, 1, 5}), 5},
		{"median of none", median(nil), 0},
		{"interval of 4 numbers", within([]Milli{1000, 2000, 3000, 4000}), 2054}, // 3.182 times the root of 1.667/4
		{"interval of one", within([]Milli{7}), 0},
		{"a third", ratio(1, 3), 333},
		{"of nothing", ratio(1, 0), 0},
		{"ratio of large ones", ratio(3<<60, 1<<61), 1500},
		{"slope", slope([]int64{1, 2, 3, 4, 5}, time.Minute), 60000},
		{"no slope", slope([]int64{4, 5, 5, 4}, time.Minute), 0},
		{"variation", deviation([]int64{5, 15, 5, 15}), 500},
	} {
		if c.have != c.want {
			t.Errorf("%s is %s, want %s", c.what, c.have, c.want)
		}
	}
	for x := range int64(200) {
		if r := root(x); r*r > x || (r+1)*(r+1) <= x {
			t.Errorf("the root of %d is %d", x, r)
		}
	}
	words := strings.Join([]string{Milli(-1050).String(), atLeast(900).String(), atMost(1150).String(), between(1, 2).String(), told.String()}, "; ")
	if words != "-1.050; at least 0.900; at most 1.150; 0.001 to 0.002; -" {
		t.Error(words)
	}
}

// What is no worse is not below the other by more than chance explains.
func TestNoWorse(t *testing.T) {
	than := []Milli{100, 200, 300, 400}
	if f := noWorse("", "", []Milli{99, 201, 299, 400}, than); !f.Held {
		t.Errorf("%s within %s", f.Figure, f.Within)
	}
	if f := noWorse("", "", []Milli{90, 190, 290, 390}, than); f.Held {
		t.Errorf("%s within %s", f.Figure, f.Within)
	}
}

// The seed comes first, then the classes, one after the other.
func TestClassOf(t *testing.T) {
	i := 1
	for class, b := range bandwidths {
		for range b.count {
			if classOf(i) != class {
				t.Errorf("number %d is of class %d, not %d", i, classOf(i), class)
			}
			i++
		}
	}
}
