package campaign_test

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"peerwire/sim/campaign"
	"peerwire/sim/crowd"
	"peerwire/sim/fault"
	"peerwire/sim/kept"
	"peerwire/sim/scenario"
)

// preset sets a flag of rapid's that the command line leaves alone: the same scenarios on every run; -rapid.seed=N for others.
func preset(t *testing.T, name, value string) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == name })
	if given {
		return
	}
	was := flag.Lookup(name).Value.String()
	if err := flag.Set(name, value); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = flag.Set(name, was) })
}

// keep makes a scenario that fails small, and tells how to see that again, and where it is, and the transcript of the core that fails.
func keep(t *testing.T, s *scenario.Scenario, v campaign.Verdict) {
	t.Helper()
	t.Logf("to see it again: btsim campaign --seeds %d..%d --out again.jsonl", s.Seed, s.Seed)
	stop := time.Now().Add(30 * time.Second)
	enough := func() bool { return time.Now().After(stop) }
	k := campaign.Shrinker{Options: campaign.Options{Enough: enough}}
	least, small := k.Shrink(s, v)
	transcript, without := kept.Transcript(least, small, enough)
	folder, err := os.MkdirTemp("", "kept") // it stays
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, kept.Name(s, uint64(s.Seed), v.Checker))
	text := kept.Scenario(least, small, fmt.Sprintf("%s with seed %d", s.Name, s.Seed), nil, without)
	if err := os.WriteFile(path+".toml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("made small: %s: %s: see %s.toml\n%s", small.Checker, small.Text, path, text)
	if without != nil {
		return
	}
	if err := os.WriteFile(path+".txt", []byte(transcript), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Logf("and as a transcript: see %s.txt, and play both with: go test ./sim/kept -run TestKept -kept %s\n%s", path, folder, transcript)
}

// Random swarms with random faults do nothing that must never be, whatever the checkers look at; and each is the same when it is run again. What
// fails is made small before it is shown. btsim campaign does the same without end.
func TestRandomScenarios(t *testing.T) {
	preset(t, "rapid.seed", "1")
	checks := 150
	if testing.Short() {
		checks = 20 * 5 // rapid makes a fifth of them then
	}
	preset(t, "rapid.checks", strconv.Itoa(checks))
	var runs int
	var events, faults uint64
	var virtual time.Duration
	var kinds fault.Mask
	var bad *scenario.Scenario
	var what campaign.Verdict
	t.Cleanup(func() {
		if bad != nil {
			keep(t, bad, what)
		}
	})
	rapid.Check(t, func(rt *rapid.T) {
		s, mask := campaign.Draw(rapid.Uint64Range(1, 1<<40).Draw(rt, "seed"))
		if mask.Has(campaign.Crowded) || mask.Has(campaign.ManyPieces) || mask.Has(campaign.Bulk) {
			rt.Skip("it takes too long")
		}
		v := campaign.Run(s, campaign.Options{})
		if v.Failed() {
			bad, what = s, v
			rt.Fatalf("seed %d: %s: %s\n%s", s.Seed, v.Checker, v.Text, v.Stack)
		}
		if s.Seed%4 == 0 && campaign.Run(s, campaign.Options{}) != v {
			rt.Fatalf("it is another run the second time: %+v", v)
		}
		runs++
		events, faults, virtual, kinds = events+v.Events, faults+v.Faults, virtual+v.Virtual, kinds|mask.Faults
	})
	t.Logf("%d scenarios, %d events, %v of virtual time, %d faults of %d kinds", runs, events, virtual.Round(time.Minute), faults, kinds.Len())
}

// Every feature and every fault is drawn now and then, and what is drawn is written as a file that is read as it was.
func TestDraw(t *testing.T) {
	names := map[string]int{}
	for seed := range uint64(1000) {
		s, mask := campaign.Draw(seed)
		for _, name := range mask.Names() {
			names[name]++
		}
		again, err := scenario.Read(s.Name+".toml", scenario.Write(s))
		if diff := cmp.Diff(s, again); err != nil || diff != "" {
			t.Fatalf("seed %d: %v\n%s", seed, err, diff)
		}
		if s.Kinds() != mask.Faults {
			t.Errorf("seed %d: the faults %v, and in the mask are %v", seed, s.Kinds().Kinds(), mask.Faults.Kinds())
		}
	}
	if want := int(campaign.NumFeatures) + len(fault.All()); len(names) != want {
		t.Errorf("%d of %d features and faults were drawn in 1000 scenarios: %v", len(names), want, names)
	}
}

// read is a scenario by its text.
func read(t *testing.T, text string) *scenario.Scenario {
	t.Helper()
	s, err := scenario.Read("x.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const busy = `
[torrent]
size = "128 KiB"
piece = "32 KiB"
[[peers]]
name = "seed"
count = 2
have = "all"
up = "64 KiB/s"
[[peers]]
name = "peer"
count = 3
up = "64 KiB/s"
arrive-within = "10s"
[[peers]]
name = "late"
arrive = "1m"
[[faults]]
name = "jitter"
[[faults]]
name = "reset"
every = "5s"
`

// A scenario that fails is made as small as can be, and fails as it did.
func TestShrink(t *testing.T) {
	enough := errors.New("two peers are complete that were not")
	o := campaign.Options{Also: func(c *crowd.Crowd) error {
		if n := c.World().Faults(); c.Counts().Completed >= 2 && n[fault.Reset] > 0 {
			return enough
		}
		return nil
	}}
	s := read(t, busy)
	v := campaign.Run(s, o)
	if !v.Failed() {
		t.Fatal("it does not fail")
	}
	k := campaign.Shrinker{Options: o}
	least, small := k.Shrink(s, v)
	if small.Checker != v.Checker || least.Peers() != 3 || least.Torrent.Geometry().NumPieces() != 1 || least.Kinds() != fault.Of(fault.Reset) {
		t.Errorf("%+v\n%s", small, scenario.Write(least))
	}
	if again := campaign.Run(least, o); again != small {
		t.Errorf("the small one is another when it is run: %+v, %+v", again, small)
	}
}

// When there is no more time, a run ends in its midst, and what was found before is kept.
func TestShrinkInTime(t *testing.T) {
	s := read(t, busy)
	o := campaign.Options{Also: func(c *crowd.Crowd) error {
		if c.Counts().Completed >= 2 {
			return errors.New("two peers are complete that were not")
		}
		return nil
	}}
	v := campaign.Run(s, o)
	for _, calls := range []int{0, 5, 20, 59} {
		k := campaign.Shrinker{Options: o}
		k.Options.Enough = func() bool { calls--; return calls < 0 } // it is asked at each look, too
		if least, small := k.Shrink(s, v); small.Checker != v.Checker || campaign.Run(least, o) != small || !k.Late {
			t.Errorf("%+v\n%s", small, scenario.Write(least))
		}
	}
}

// A run for which there is no more time ends in its midst and has no verdict, unless something was wrong by then.
func TestRunInTime(t *testing.T) {
	s := read(t, busy)
	whole := campaign.Run(s, campaign.Options{})
	left := 3
	o := campaign.Options{Enough: func() bool { left--; return left < 0 }}
	if v := campaign.Run(s, o); !v.Late || v.Failed() || v.Events == 0 || v.Events >= whole.Events {
		t.Errorf("%+v", v)
	}
	left, o.Most = 3, 1
	if v := campaign.Run(s, o); v.Late || v.Checker != campaign.Endless {
		t.Errorf("%+v", v)
	}
	left, o.Most = math.MaxInt32, 0
	if v := campaign.Run(s, o); v != whole {
		t.Errorf("%+v, should be %+v", v, whole)
	}
}

// A run that takes more events than it may, and one that panics, have failed, and are no end of everything.
func TestRunsThatEndBadly(t *testing.T) {
	s := read(t, busy)
	if v := campaign.Run(s, campaign.Options{Most: 100}); v.Checker != campaign.Endless || v.Events < 100 || v.Events > 200 {
		t.Errorf("%+v", v)
	}
	v := campaign.Run(s, campaign.Options{Also: func(*crowd.Crowd) error { panic("BUG: so it is") }})
	if v.Checker != campaign.Panic || v.Text != "BUG: so it is" || !strings.Contains(v.Stack, "campaign_test") || v.Events == 0 {
		t.Errorf("%+v", v)
	}
}

// What a checker minds is the same, whoever it was and whenever.
func TestCheckerIsWithoutNumbers(t *testing.T) {
	for said, want := range map[string]string{
		"t=4.2s peer7: piece 3: 2 have it, counted as 1":                           "core: piece #: # have it, counted as #",
		"t=116.03s peer1 is not as it should be: [MSG-20] not wanted: release 29;": "model MSG-20",
	} {
		o := campaign.Options{Also: func(*crowd.Crowd) error { return errors.New(said) }}
		if v := campaign.Run(read(t, busy), o); v.Checker != want {
			t.Errorf("%q is of %q, should be of %q", said, v.Checker, want)
		}
	}
}
