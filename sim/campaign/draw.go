package campaign

import (
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

// Random is what scenarios are called that Draw makes.
const Random = "random"

// What chance is drawn for. Each part of a scenario has a stream of its own, so that a feature more changes nothing of the others.
const (
	forMask = sim.Purposes + 1000 + iota
	forSizes
	forGroups
	forLines
	forLives
	forFaults
	forDoses
)

// drawing is a scenario that is being drawn.
type drawing struct {
	scene *scenario.Scenario
	mask  Mask
	seed  uint64
}

// Draw is the random scenario of a seed, and the features that it may show: nearly always a small swarm, in which everything can be told apart.
func Draw(seed uint64) (*scenario.Scenario, Mask) {
	d := &drawing{mask: drawMask(seed), seed: seed, scene: scenario.New()}
	s := d.scene
	s.Name, s.Seed = Random, scenario.Seed(seed)
	d.torrent()
	d.line()
	d.groups()
	d.lives()
	d.faults()
	d.heals()
	text := scenario.Write(s)
	again, err := scenario.Read(Random+".toml", text)
	if err != nil {
		panic("BUG: a scenario was drawn that cannot be: " + err.Error() + "\n" + string(text))
	}
	return again, d.mask
}

// drawMask draws which features there are: few of them in some runs, half in others.
func drawMask(seed uint64) (m Mask) {
	lots := sim.NewLots(seed, 0, forMask)
	rate := []uint64{4, 16, 32}[lots.Below(3)] // of 64
	for f := range NumFeatures {
		few := rate
		if f == Crowded || f == ManyPieces || f == Bulk { // such runs take long, and show little that others do not
			few = rate / 4
		}
		if lots.Below(64) < few {
			m.features |= 1 << f
		}
	}
	if m.Has(Bulk) { // a slow line, or nobody left but who has a slow disk, would make it slower than anybody can wait for
		for _, f := range []Feature{SlowUp, SlowDown, Far, Narrow, LazyDisk, Crowded, ManyPieces, OddLengths, OneCopy} {
			m.features &^= 1 << f
		}
	}
	for _, k := range fault.All() { // each by a stream of its own: a new fault changes what others do in no run
		lots := sim.NewLots(seed, uint64(k), forFaults)
		if lots.Below(64) < rate/2 {
			m.Faults = m.Faults.With(k)
		}
	}
	return m
}

func (d *drawing) lots(whose, purpose uint64) *sim.Lots {
	l := sim.NewLots(d.seed, whose, purpose)
	return &l
}

// between draws a number from one to another.
func between(l *sim.Lots, from, to int) int { return from + int(l.Below(uint64(to-from+1))) }

// oneOf draws one of several.
func oneOf[T any](l *sim.Lots, of ...T) T { return of[l.Below(uint64(len(of)))] }

// torrent draws what is shared: few pieces of few blocks.
func (d *drawing) torrent() {
	l := d.lots(0, forSizes)
	pieces, blocks := between(l, 1, 12), between(l, 1, 4)
	if d.mask.Has(ManyPieces) {
		pieces = between(l, 13, 120)
	}
	t := &d.scene.Torrent
	t.Piece = scenario.Size(blocks * bt.BlockSize)
	t.Size = scenario.Size(pieces) * t.Piece
	if d.mask.Has(OddLengths) {
		t.Piece -= scenario.Size(between(l, 0, 3) * 1000)
		t.Size = scenario.Size(pieces)*t.Piece - scenario.Size(l.Below(uint64(t.Piece)))
	}
	if piece := oneOf(l, 8, 16); d.mask.Has(Bulk) {
		t.Piece = scenario.Size(piece) << 20
		t.Size = t.Piece * scenario.Size(between(l, 48/piece, 64/piece))
	}
}

// line draws what connections are made of.
func (d *drawing) line() {
	l, s := d.lots(0, forLines), d.scene
	s.Line.Latency = scenario.Span(between(l, 1, 30)) * scenario.Span(time.Millisecond)
	if d.mask.Has(Far) {
		s.Line.Latency = scenario.Span(between(l, 50, 900)) * scenario.Span(time.Millisecond)
	}
	if d.mask.Has(Narrow) {
		s.Line.Window = scenario.Size(oneOf(l, 4<<10, 16<<10, 32<<10))
		s.Line.Start = min(s.Line.Start, s.Line.Window)
	}
	if d.mask.Has(UTP) {
		s.Transport = oneOf(l, "utp", "both")
	}
	if d.mask.Has(ShyTracker) {
		s.Tracker.NumWant = between(l, 1, 3)
	}
	s.Tracker.Least = scenario.Span(between(l, 5, 60)) * scenario.Span(time.Second)
	s.Tracker.Interval = s.Tracker.Least * scenario.Span(between(l, 1, 10))
}

// heals draws when all is healed, and says how long it may take then until everybody is complete: in turns, at the slowest rate there is.
func (d *drawing) heals() {
	s := d.scene
	at := seconds(d.lots(0, forLives), 30, 120)
	for i := range s.Faults {
		at = max(at, s.Faults[i].Until)
	}
	slowest := scenario.Rate(1 << 30)
	for i := range s.Groups {
		for _, r := range []scenario.Rate{s.Groups[i].Up, s.Groups[i].Down} {
			if r > 0 {
				slowest = min(slowest, r)
			}
		}
	}
	s.Heal.At = at
	s.Heal.Within = scenario.Span(30*time.Minute + 4*time.Duration(s.Peers())*time.Second*time.Duration(int64(s.Torrent.Size)/int64(slowest)))
	s.Until = s.Heal.At + s.Heal.Within
}
