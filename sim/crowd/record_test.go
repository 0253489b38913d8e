package crowd_test

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// observed runs a crowd of which a record is kept.
func observed(t *testing.T, s *scenario.Scenario, trace *sim.Trace) (*crowd.Crowd, *crowd.Record) {
	t.Helper()
	c := crowd.New(s, trace)
	c.Observe()
	if err := c.Run(bt.Never); err != nil {
		t.Fatal(err)
	}
	return c, c.Record()
}

// A run of which a record is kept is the same run; and what was noted agrees with what is, and with what can be: no sample is beyond what the best of
// all swarms could have done, and no swarm is complete before it could.
func TestRecord(t *testing.T) {
	for _, test := range []struct {
		name  string
		until time.Duration
	}{{"flash-crowd", time.Hour}, {"churn", 5 * time.Minute}, {"steady", time.Hour}, {"super-seed", time.Hour}, {"nearly", time.Hour}, {"liar", time.Hour}} {
		if testing.Short() && test.name != "churn" {
			continue
		}
		read := func() *scenario.Scenario {
			s := shipped(t, test.name, 50)
			s.Until, s.Torrent.Size = scenario.Span(test.until), 6<<20
			return s
		}
		plain, watched := sim.NewTrace(), sim.NewTrace()
		run(t, read(), plain)
		c, r := observed(t, read(), watched)
		if plain.Sum() != watched.Sum() {
			t.Errorf("%s: with a record it is another run", test.name)
		}
		sum := c.Summary()
		if sum.Completed == sum.Peers-1 && sum.LastCompletion < r.Bound {
			t.Errorf("%s: complete at %v, before %v", test.name, sum.LastCompletion, r.Bound)
		}
		checkSamples(t, test.name, r)
		checkPeers(t, test.name, r, &sum)
	}
}

// checkSamples looks whether sums only grow, and nothing is more than it can be.
func checkSamples(t *testing.T, name string, r *crowd.Record) {
	t.Helper()
	if n := len(r.Samples); n < 20 || n > crowd.MaxSamples+1 || len(r.Periods) > crowd.MaxPeriods+1 {
		t.Errorf("%s: %d samples, %d periods", name, n, len(r.Periods))
	}
	var before crowd.Sample
	for i, s := range r.Samples {
		if i > 0 && (s.At <= before.At || s.Completed < before.Completed || s.Announces < before.Announces || s.Fluid < before.Fluid) {
			t.Fatalf("%s: sample %d goes back: %+v after %+v", name, i, s, before)
		}
		if s.Gained > s.Fluid || s.Gained > r.Wanted {
			t.Errorf("%s: t=%v: %d bytes came, and no swarm can have got more than %d", name, s.At, s.Gained, s.Fluid)
		}
		if 100*s.Rarest > s.Mean || s.Mean > 100*s.Most || s.Most > s.Leechers+s.Seeds {
			t.Errorf("%s: t=%v: from %d over %d/100 to %d copies with %d peers", name, s.At, s.Rarest, s.Mean, s.Most, s.Leechers+s.Seeds)
		}
		for g, of := range s.Groups {
			if of.Could > 0 && of.Sent > of.Could+of.Could/100+1<<20 {
				t.Errorf("%s: t=%v: group %d sent %d of %d", name, s.At, g, of.Sent, of.Could)
			}
		}
		before = s
	}
}

// checkPeers looks whether the record of the peers agrees with the summary.
func checkPeers(t *testing.T, name string, r *crowd.Record, sum *crowd.Summary) {
	t.Helper()
	completed, down := 0, int64(0)
	for _, p := range r.Peers {
		last := p.Reached[crowd.Milestones]
		if p.Completed != bt.Never {
			completed++
			if p.Completed.Sub(p.Arrived) < last {
				t.Errorf("%s: %s is complete after %v, and had the last piece after %v", name, p.Name, p.Completed.Sub(p.Arrived), last)
			}
		}
		down += p.Downloaded
	}
	if completed != sum.Completed || down != sum.Total.Downloaded {
		t.Errorf("%s: %d complete, %d bytes: %+v", name, completed, down, sum)
	}
	bytes := uint64(0)
	for _, s := range r.Said {
		bytes += s.Bytes
	}
	if delivered := sum.Control + uint64(down); bytes < delivered || bytes > delivered+delivered/20 {
		t.Errorf("%s: %d bytes said, %d delivered", name, bytes, delivered)
	}
	if len(r.Periods) == 0 || r.Periods[len(r.Periods)-1].Until != r.Samples[len(r.Samples)-1].At {
		t.Fatalf("%s: the matrices do not go to the end", name)
	}
	matrix, classes := time.Duration(0), time.Duration(0)
	for _, d := range r.Periods[len(r.Periods)-1].Unchoked {
		matrix += d
	}
	for _, d := range r.Samples[len(r.Samples)-1].Unchoked {
		classes += d
	}
	if matrix != classes || matrix == 0 {
		t.Errorf("%s: unchoked for %v by peer, for %v by group", name, matrix, classes)
	}
}

// Kumar and Ross's time, for swarms in which each of its three limits binds.
func TestBound(t *testing.T) {
	for _, test := range []struct {
		seed, up, down scenario.Rate
		want           time.Duration
	}{
		{1 << 20, 1 << 20, 8 << 20, 16 * time.Second},                   // the seed: 16 MiB at 1 MiB/s
		{64 << 20, 64 << 20, 1 << 19, 32 * time.Second},                 // a downlink
		{1 << 20, 1 << 17, 8 << 20, 16 * time.Second * 7 * 8 / (8 + 7)}, // all uplinks: 7 times 16 MiB at (8 + 7) / 8 MiB/s
		{0, 0, 0, 0}, // nothing
	} {
		s := shipped(t, "first-pair", 8)
		s.Groups[1].Count = 7
		s.Groups[0].Up, s.Groups[1].Up, s.Groups[1].Down = test.seed, test.up, test.down
		c := crowd.New(s, nil)
		c.Observe()
		if have := time.Duration(c.Record().Bound); have > test.want || have < test.want-2*time.Millisecond {
			t.Errorf("%+v: %v", test, have)
		}
	}
}
