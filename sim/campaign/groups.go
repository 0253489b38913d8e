package campaign

import (
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// groups draws who takes part: seeds, those that download, and those that are wanted for what they are.
func (d *drawing) groups() {
	l := d.lots(0, forGroups)
	peers := between(l, 1, 5)
	if l.Below(4) == 0 {
		peers = between(l, 6, 11)
	}
	if d.mask.Has(Crowded) {
		peers = between(l, 12, 50)
	}
	if d.mask.Has(Bulk) {
		peers = 1
	}
	seeds := 1
	if d.mask.Has(ManySeeds) {
		seeds = between(l, 2, 3)
	}
	d.add("seed", seeds, "all")
	d.add("peer", peers, "none")
	if d.mask.Has(Partial) {
		d.add("partial", between(l, 1, 3), oneOf(l, "10 %", "50 %", "90 %"))
	}
	if d.mask.Has(FreeRiders) {
		none := 0
		d.add("rider", between(l, 1, 3), "none").Slots = &none
	}
	if odd := between(l, 1, 2); d.odd() {
		d.add("odd", odd, oneOf(l, "all", "50 %", "none"))
	}
	if d.mask.Has(SuperSeed) {
		d.scene.Groups[0].SuperSeed = true
	}
	for i := range d.scene.Groups {
		d.means(&d.scene.Groups[i], d.lots(uint64(i+1), forGroups))
	}
}

// odd tells whether somebody says what nobody should.
func (d *drawing) odd() bool {
	for _, k := range d.mask.Faults.Kinds() {
		if k.Info().Area == fault.Protocol {
			return true
		}
	}
	return false
}

// add adds a group.
func (d *drawing) add(name string, count int, have string) *scenario.Group {
	d.scene.Groups = append(d.scene.Groups, scenario.NewGroup())
	g := &d.scene.Groups[len(d.scene.Groups)-1]
	g.Name, g.Count, g.Have = name, count, have
	return g
}

// means draws what the peers of a group have to spend.
func (d *drawing) means(g *scenario.Group, l *sim.Lots) {
	rate := func() scenario.Rate { return scenario.Rate(oneOf(l, 4, 16, 64, 256)) << 10 }
	up, down := rate(), rate()
	if d.mask.Has(SlowUp) {
		g.Up = up
	}
	if d.mask.Has(SlowDown) {
		g.Down = down
	}
	if slots := between(l, 1, 3); d.mask.Has(FewSlots) && g.Slots == nil {
		g.Slots = &slots
	}
	if d.mask.Has(AutoSlots) && g.Slots == nil && l.Below(2) == 0 {
		g.SlotPolicy = bt.RateSlots.String()
	}
	if d.mask.Has(NoSlotLimit) && g.Slots == nil && l.Below(3) == 0 {
		g.SlotPolicy = bt.UnlimitedSlots.String()
	}
	if order := oneOf(l, bt.RoundRobin, bt.FastestUpload, bt.AntiLeech); d.mask.Has(SeedOrder) {
		g.SeedOrder = order.String()
	}
	if n := between(l, 6, 9); d.mask.Has(FewConns) { // with fewer none is ever turned over, and a swarm can fall apart for good [LIM-15]
		g.Connections = n
	}
	if n := between(l, 1, 3); d.mask.Has(FewDials) {
		g.HalfOpen = n
	}
}

// seconds is a time drawn in whole seconds.
func seconds(l *sim.Lots, from, to int) scenario.Span {
	return scenario.Span(between(l, from, to)) * scenario.Span(time.Second)
}

// lives draws when the peers come, what befalls them, and when they go.
func (d *drawing) lives() {
	for i := range d.scene.Groups {
		g, l := &d.scene.Groups[i], d.lots(uint64(i+1), forLives)
		within, every, at := seconds(l, 1, 60), seconds(l, 1, 20), seconds(l, 0, 5)
		switch {
		case d.mask.Has(Poisson) && g.Name != "seed":
			g.Every = every
		case d.mask.Has(Spread) && g.Name != "seed":
			g.Within = within
		default:
			g.Arrive = at * scenario.Span(l.Below(2))
		}
		d.departs(g, l, i)
		if slow := between(l, 1, 300); d.mask.Has(LazyDisk) {
			g.DiskLatency = scenario.Span(slow) * scenario.Span(time.Millisecond)
		}
		if slow := seconds(l, 2, 20); d.mask.Has(Bulk) && g.Name == "peer" { // more comes than it takes [LIM-9]
			g.DiskLatency = slow
		}
	}
}

// departs draws when the peers of a group go. There is always somebody with every piece who stays.
func (d *drawing) departs(g *scenario.Group, l *sim.Lots, nth int) {
	stay, percent := seconds(l, 0, 60), between(l, 10, 99)
	switch {
	case nth == 0:
		if d.mask.Has(OneCopy) && l.Below(2) == 0 {
			g.Stays = scenario.OneCopy
		}
	case d.mask.Has(Leavers) && l.Below(2) == 0:
		g.Stays, g.SeedFor = scenario.UntilHas, stay
	case d.mask.Has(Quitters) && l.Below(2) == 0:
		g.Leaves = percent
	}
}

// faults draws who has which fault, how much of it, and for how long: all of them end, so that there is a time in which all must be well.
func (d *drawing) faults() {
	for _, k := range d.mask.Faults.Kinds() {
		l := d.lots(uint64(k), forDoses)
		f := scenario.NewFault(k)
		if k.Info().Area == fault.Protocol && l.Below(4) > 0 || k.Info().Guilty {
			f.Peers = d.scene.Groups[len(d.scene.Groups)-1].Name // the odd one's
		} else if l.Below(2) == 0 {
			f.Peers = d.scene.Groups[l.Below(uint64(len(d.scene.Groups)))].Name
		}
		f.Share = oneOf(l, 100, 100, 50)
		f.From = seconds(l, 0, 20) * scenario.Span(l.Below(2))
		f.Until = f.From + seconds(l, 10, 300)
		u, more := k.Info().Usual, oneOf(l, 1, 1, 4, 20)
		if f.Chance = min(u.Chance*more, million); k.Info().Area == fault.Disk { // a small torrent asks little of a disk
			f.Chance = min(f.Chance*10, million)
		}
		if u.Every > 0 {
			f.Every = scenario.Span(max(u.Every/time.Duration(more), time.Second))
		}
		if less := oneOf(l, 1, 2, 10); u.For > 0 {
			f.For = scenario.Span(u.For / time.Duration(less))
		}
		d.scene.Faults = append(d.scene.Faults, f)
	}
}

const million = 1_000_000
