package validate

import "peerwire/core/bt"

// Study is what somebody claims of swarms, and how that is looked into.
type Study struct {
	Name    string  // "hajek-zhu"
	By      string  // who claims it, and where
	Claim   string  // what, in a few sentences
	Setting string  // of the runs
	Note    string  // what is to be said of the figures; empty when they speak for themselves
	Seeds   int     // runs of each point that a full validation does
	Figures int     // that each run measures
	Points  []Point // the swarms that are compared
	judge   func(runs Runs) []Finding
}

// Point is one swarm of a study.
type Point struct {
	Name  string
	Scene string // the scenario, in TOML; empty when the swarm is not of that kind
	run   func(p *Point, seed uint64, see See) (Figures, error)
}

// See is told how a run goes on, now and then. An error ends the run, which gives it back.
type See func(now, until bt.Instant, here int) error

// Figures are what a run measured; what each is, is the study's.
type Figures []Milli

// Runs are the figures of a study: of each point, for each seed.
type Runs [][]Figures

// Run lives through a point with a seed.
func (p *Point) Run(seed uint64, see See) (Figures, error) { return p.run(p, seed, see) }

// Judge tells what the runs of a study show. Each point has been run with the same seeds, at least with one.
func (s *Study) Judge(runs Runs) []Finding { return s.judge(runs) }

// Finding is one thing that was measured, and what it should be.
type Finding struct {
	Where  string // which of the points, or what of several
	What   string // was measured
	Band   Band
	Kind   Kind
	Figure Milli
	Within Milli // of a mean: half of its confidence interval
	Runs   int   // that went into it
	Held   bool

	Explained bool // that it is missed is known, and the study's note says why
}

// Kind is how one figure was made of many runs.
type Kind uint8

// The kinds.
const (
	Mean  Kind = iota // over the runs, with a confidence interval
	Least             // of all runs
	Most              // of all runs
)

// Band is where a figure is to be.
type Band struct {
	Least, Most Milli
	None        bool // it is told for what it is worth
}

// Far ends of bands that have one end only.
const (
	farDown Milli = -1 << 62
	farUp   Milli = 1 << 62
)

func atLeast(m Milli) Band     { return Band{Least: m, Most: farUp} }
func atMost(m Milli) Band      { return Band{Least: farDown, Most: m} }
func between(a, b Milli) Band  { return Band{Least: a, Most: b} }
func around(m, off Milli) Band { return Band{Least: m - off, Most: m + off} }

// told is the band of what is no claim.
var told = Band{Least: farDown, Most: farUp, None: true}

// has tells whether a figure is in the band.
func (b Band) has(m Milli) bool { return b.Least <= m && m <= b.Most }

// Floor is the least that is in the band, if it has a least.
func (b Band) Floor() (Milli, bool) { return b.Least, b.Least != farDown }

// Ceiling is the most that is in the band, if it has a most.
func (b Band) Ceiling() (Milli, bool) { return b.Most, b.Most != farUp }

// String says the band.
func (b Band) String() string {
	switch {
	case b.None:
		return "-"
	case b.Most == farUp:
		return "at least " + b.Least.String()
	case b.Least == farDown:
		return "at most " + b.Most.String()
	}
	return b.Least.String() + " to " + b.Most.String()
}

// column is one figure of all runs of a point.
func (r Runs) column(point, nth int) (of []Milli) {
	for _, f := range r[point] {
		of = append(of, f[nth])
	}
	return of
}

// average finds that the mean of numbers is in a band.
func average(where, what string, of []Milli, b Band) Finding {
	m := mean(of)
	return Finding{Where: where, What: what, Band: b, Figure: m, Within: within(of), Runs: len(of), Held: b.has(m)}
}

// extreme finds that the least or the most of numbers is in a band.
func extreme(where, what string, k Kind, of []Milli, b Band) Finding {
	m := of[0]
	for _, v := range of {
		if k == Least {
			m = min(m, v)
		} else {
			m = max(m, v)
		}
	}
	return Finding{Where: where, What: what, Band: b, Kind: k, Figure: m, Runs: len(of), Held: b.has(m)}
}

// noWorse finds that numbers are not below others that were measured with the same seeds, as far as chance allows to say so.
func noWorse(where, what string, of, than []Milli) Finding {
	var off []Milli
	for i := range of {
		off = append(off, of[i]-than[i])
	}
	f := average(where, what, off, atLeast(0))
	f.Held = f.Figure+f.Within >= 0
	return f
}
