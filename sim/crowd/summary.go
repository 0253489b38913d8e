package crowd

import (
	"cmp"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/swarm"
	"peerwire/sim/fault"
)

// Summary is how a crowd fared. Shares are in thousandths.
type Summary struct {
	Counts
	Scenario string
	Seed     uint64 // of the run
	Virtual  time.Duration
	Messages uint64 // delivered: the events of the world
	Times    Times  // of all that completed
	Groups   []GroupSummary
	Total    swarm.Totals // of all peers together
	Control  uint64       // bytes delivered that are no payload
	Faults   fault.Counts // how often each was injected
	Recovery Recovery

	LastCompletion bt.Instant // of the peer that was complete last; 0 when none was
	Bound          bt.Instant // before which, with these arrivals, not everybody can be complete; bt.Never when nothing is known: see fluid.go
	Distance       int        // when everybody is who came without: how long that took of Bound, 1000 is as long; else 0

	Utilisation int // what went up of what could have, while peers with a limit were there
	Fairness    int // Jain's index of the mean download rates of those that completed; 1000 when all are equal
	Overhead    int // bytes that are no payload, or were in vain, of all that were delivered
}

// Times are how long downloads took, from arrival to completion.
type Times struct {
	Count                                    int // of downloads
	Least, P25, Median, P75, P95, Most, Mean time.Duration
}

// GroupSummary is how a group fared.
type GroupSummary struct {
	Name       string
	Peers      int // of the group
	Times      Times
	Downloaded int64 // payload, bytes
	Uploaded   int64 // payload, bytes
}

// Summary sums up.
func (c *Crowd) Summary() Summary {
	s := Summary{
		Counts: c.count, Scenario: c.scene.Name, Seed: uint64(c.scene.Seed), Virtual: time.Duration(c.world.Now()),
		Messages: c.world.Messages(), Control: c.world.Control(),
		Faults: c.world.Faults(), Recovery: c.recovery,
	}
	var all, group []time.Duration
	var rates []int64
	var sent, could int64
	for i, m := range c.members {
		if i == 0 || m.group != c.members[i-1].group {
			s.Groups = append(s.Groups, GroupSummary{Name: m.group.Name})
			group = group[:0]
		}
		g := &s.Groups[len(s.Groups)-1]
		g.Peers++
		total, up := m.sums()
		add(&s.Total, &total)
		g.Downloaded += total.Downloaded
		g.Uploaded += total.Uploaded
		if rate := int64(m.group.Up); rate > 0 && m.arrived < c.world.Now() {
			sent += up
			could += product(min(m.left, c.world.Now()).Sub(m.arrived), rate)
		}
		if m.completed != bt.Never {
			s.LastCompletion = max(s.LastCompletion, m.completed)
			took := m.completed.Sub(m.arrived)
			all, group = append(all, took), append(group, took)
			rates = append(rates, int64(c.scene.Torrent.Size)/max(1, int64(took/time.Millisecond)))
			g.Times = timesOf(group)
		}
	}
	s.Times = timesOf(all)
	s.Utilisation, s.Fairness = permille(sent, could), jain(rates)
	s.Bound = newFluid(c).bound()
	if wanted := s.Peers - c.brought; s.Completed == wanted && s.Bound > 0 && s.Bound != bt.Never {
		s.Distance = permille(int64(s.LastCompletion), int64(s.Bound))
	}
	payload := s.Total.Downloaded
	s.Overhead = permille(int64(s.Control)+s.Total.Wasted+s.Total.Corrupt, payload+int64(s.Control))
	return s
}

func add(sum, t *swarm.Totals) {
	sum.Downloaded += t.Downloaded
	sum.Uploaded += t.Uploaded
	sum.Wasted += t.Wasted
	sum.Corrupt += t.Corrupt
}

// product is how many bytes go through in a time at a rate.
func product(d time.Duration, rate int64) int64 {
	return int64(d/time.Second)*rate + int64(d%time.Second/time.Microsecond)*rate/int64(time.Second/time.Microsecond)
}

func permille(part, whole int64) int {
	if whole <= 0 {
		return 0
	}
	return int(part / (max(whole, 1000) / 1000))
}

// jain is Jain's index of fairness, in thousandths: the square of the sum over the number times the sum of the squares.
func jain(values []int64) int {
	const most = 1 << 20 // values are scaled down to this, so that nothing overflows
	top := int64(1)
	for _, v := range values {
		top = max(top, v)
	}
	var sum, squares uint64
	for _, v := range values {
		scaled := uint64(v)
		if top > most {
			scaled = uint64(v / (top/most + 1))
		}
		sum += scaled
		squares += scaled * scaled
	}
	n := uint64(len(values))
	if n == 0 || squares == 0 {
		return 0
	}
	mean := sum / n
	return int(min(1000, 1000*mean/max(1, squares/max(1, sum))))
}

// timesOf sums up how long downloads took; it sorts them.
func timesOf(all []time.Duration) (t Times) {
	t.Count = len(all)
	if t.Count == 0 {
		return t
	}
	slices.SortFunc(all, cmp.Compare[time.Duration])
	at := func(percent int) time.Duration { return all[(len(all)-1)*percent/100] }
	t.Least, t.P25, t.Median, t.P75, t.P95, t.Most = all[0], at(25), at(50), at(75), at(95), at(100)
	for _, d := range all {
		t.Mean += d / time.Duration(len(all))
	}
	return t
}
