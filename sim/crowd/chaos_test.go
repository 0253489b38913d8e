package crowd_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// chaos is the small swarm with a few faults drawn by a seed, which are healed after two minutes. Every second speaks uTP on datagrams.
func chaos(t *testing.T, seed uint64) *scenario.Scenario {
	t.Helper()
	s := ailing(t, fault.Loss)
	s.Faults, s.Seed, s.Until = nil, scenario.Seed(seed), scenario.Span(4*time.Hour)
	s.Heal = scenario.Heal{At: scenario.Span(2 * time.Minute), Within: scenario.Span(2 * time.Hour)}
	lots := sim.NewLots(seed, 0, 1000)
	for _, k := range fault.All() {
		if lots.Below(6) > 0 {
			continue
		}
		f := scenario.NewFault(k)
		if k.Info().Guilty {
			f.Peers = "ill"
		}
		if usual := k.Info().Usual; usual.Every > 0 {
			f.Every = scenario.Span(usual.Every / 4)
		} else if usual.Chance > 0 {
			f.Chance = min(1_000_000, max(20_000, 2*usual.Chance))
		}
		s.Faults = append(s.Faults, f)
	}
	if seed%2 == 0 {
		s.Transport = "both"
	}
	return s
}

// again keeps a scenario that fails in a file, and tells how to see that again, made small, and as a transcript.
func again(t *testing.T, s *scenario.Scenario) string {
	folder, err := os.MkdirTemp("", "chaos") // it stays
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "chaos.toml")
	if err := os.WriteFile(file, scenario.Write(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return "to see it again, made small, and as a transcript: btsim campaign --scenarios " + file + " --out again.jsonl"
}

// Whatever goes wrong together, nothing is that must never be, and once all is healed the honest become complete, or a piece is lost. Every kind of
// fault is among it.
func TestChaos(t *testing.T) {
	seeds := uint64(60)
	if testing.Short() {
		seeds = 4
	}
	var injected fault.Counts
	var events uint64
	var virtual time.Duration
	helpless := 0
	for seed := range seeds {
		s := chaos(t, seed+1)
		c := crowd.NewChecked(s, sim.Options{Swift: true})
		for !c.Over() {
			if err := errors.Join(c.Run(c.Now().Add(time.Second)), c.Check()); err != nil {
				t.Fatalf("%v: %v\n%s", s.Kinds().Kinds(), err, again(t, s))
			}
		}
		sum := c.Summary()
		for k, n := range sum.Faults {
			injected[k] += n
		}
		events += sum.Messages
		virtual += sum.Virtual
		if sum.Recovery.BeyondHelp() {
			helpless++
		}
	}
	for _, k := range fault.All() {
		if injected[k] == 0 && !testing.Short() {
			t.Errorf("%v was never injected", k)
		}
	}
	t.Logf("%d scenarios, %d of them beyond help in the end; %d events in %v; %d faults of %d kinds",
		seeds, helpless, events, virtual.Round(time.Second), injected.Total(), injected.Mask().Len())
}
