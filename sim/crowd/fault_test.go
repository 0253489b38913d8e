package crowd_test

import (
	"fmt"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// small is a swarm in which half of the peers have a fault, more often than is usual.
const small = `
until = "1h"
[torrent]
size = "4000 KiB"
piece = "64 KiB"
[tracker]
interval = "1m"
min-interval = "10s"
[[peers]]
name = "seed"
have = "all"
up = "96 KiB/s"
[[peers]]
name = "well"
count = 5
up = "64 KiB/s"
arrive-within = "5s"
[[peers]]
name = "ill"
count = 5
up = "64 KiB/s"
arrive-within = "5s"
[[faults]]
name = %q
peers = "ill"
`

// ailing is the small swarm with a fault.
func ailing(t *testing.T, k fault.Kind) *scenario.Scenario {
	t.Helper()
	s := told(t, "small", fmt.Sprintf(small, k))
	f, usual := &s.Faults[0], k.Info().Usual
	if usual.Chance > 0 {
		f.Chance = max(usual.Chance, 20_000)
	}
	if usual.Every > 0 {
		f.Every = scenario.Span(15 * time.Second)
	}
	return s
}

// Each fault happens, nothing is that must never be, and those who do not have it get everything.
func TestEachFault(t *testing.T) {
	for i, k := range fault.All() {
		if testing.Short() && i%16 > 0 {
			continue // as in TestScenariosEnd
		}
		s := ailing(t, k)
		c := crowd.NewChecked(s, sim.Options{Swift: true})
		for !c.Over() {
			if err := c.Run(c.Now().Add(time.Second)); err != nil {
				t.Fatalf("%v: %v", k, err)
			}
			if err := c.Check(); err != nil {
				t.Fatalf("%v: %v", k, err)
			}
		}
		sum := c.Summary()
		if sum.Faults[k] == 0 {
			t.Errorf("%v: it never happened", k)
		}
		if others := sum.Faults.Mask().Without(k); others != 0 {
			t.Errorf("%v: so did %v", k, others.Kinds())
		}
		if well := sum.Groups[1]; well.Times.Count != well.Peers {
			t.Errorf("%v: %d of %d complete by %v", k, well.Times.Count, well.Peers, bt.Instant(sum.Virtual))
		}
		t.Logf("%v: %d times in %v, %d completed", k, sum.Faults[k], sum.Virtual, sum.Completed)
	}
}
