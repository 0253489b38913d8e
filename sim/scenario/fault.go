package scenario

import (
	"fmt"
	"time"

	"peerwire/sim/fault"
)

// Fault is a fault of some peers, for a time.
type Fault struct {
	Kind   fault.Kind `toml:"name"`
	Peers  string     `toml:"peers"`  // the group; empty for everybody
	Share  int        `toml:"share"`  // percent of them
	From   Span       `toml:"from"`   // after the beginning of the run
	Until  Span       `toml:"until"`  // 0 is the end of the run
	Chance int        `toml:"chance"` // this and what follows: 0 is as much as is usual, see fault.Dose
	Every  Span       `toml:"every"`
	For    Span       `toml:"for"`
}

// NewFault is a fault that everybody has, from the beginning to the end, as much as is usual.
func NewFault(k fault.Kind) Fault {
	f := Fault{Kind: k}
	f.complete(nil)
	return f
}

// Dose is how much of it there is.
func (f *Fault) Dose() fault.Dose {
	d := fault.Dose{Chance: f.Chance, Every: time.Duration(f.Every), For: time.Duration(f.For)}
	return d.Or(f.Kind.Info().Usual)
}

// Strikes tells whether a group has the fault.
func (f *Fault) Strikes(g *Group) bool { return f.Peers == "" || f.Peers == g.Name }

// complete fills in what a fault leaves out.
func (f *Fault) complete(said keys) {
	if said.lack("share") {
		f.Share = 100
	}
}

// needless is a key of a fault that says nothing: that would be as much as is usual, which nobody who writes it means.
func (f *Fault) needless(said keys) (key string) {
	for _, part := range []struct {
		key string
		is  int64
	}{{"chance", int64(f.Chance)}, {"every", int64(f.Every)}, {"for", int64(f.For)}} {
		if part.is == 0 && !said.lack(part.key) {
			return part.key
		}
	}
	return ""
}

// judge tells what is wrong with a fault.
func (f *Fault) judge(s *Scenario) (key, wrong string) {
	known := f.Peers == ""
	for i := range s.Groups {
		known = known || s.Groups[i].Name == f.Peers
	}
	switch {
	case f.Kind == 0:
		return "name", "a fault has a name"
	case !known:
		return "peers", fmt.Sprintf("there is no group %q", f.Peers)
	case f.Share < 1 || f.Share > 100:
		return "share", "it is a number of percent, 1 to 100"
	case f.Until > 0 && f.Until <= f.From:
		return "until", "it is over before it begins"
	case f.Every > 0 && f.Every < leastEvery:
		return "every", "it is 1ms at least"
	}
	return f.Kind.Judge(fault.Dose{Chance: f.Chance, Every: time.Duration(f.Every), For: time.Duration(f.For)})
}

// Kinds are the faults that the scenario knows.
func (s *Scenario) Kinds() (m fault.Mask) {
	for i := range s.Faults {
		m = m.With(s.Faults[i].Kind)
	}
	return m
}
