package report

import (
	"html/template"
	"time"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
	"peerwire/sim/scenario"
)

// Run is what a report is made of.
type Run struct {
	Command  string // that gives the run again
	Scenario *scenario.Scenario
	Summary  crowd.Summary
	Record   *crowd.Record
	Events   uint64 // that any core was told
	Hash     string // of all of them
}

// figure is a figure with all that belongs to it.
type figure struct {
	Number   int
	Title    string
	Caption  string
	Drawings []template.HTML
	Table    *table // nil when there is none
	Data     data
}

// table is shown below a figure. Its first column holds words, the others numbers.
type table struct {
	Head []string
	Rows [][]string
}

// data is a CSV file.
type data struct {
	File    string
	Columns []column
	Rows    [][]string
}

type column struct{ Name, Meaning string }

// painters are the figures, in their order.
var painters = []func(*Run) figure{
	completion, utilisation, availability, rarest, progress, unchoking, matrices, turns, fairness, population, overhead,
}

func (r *Run) figures() (all []figure) {
	for i, paint := range painters {
		f := paint(r)
		f.Number = i + 1
		all = append(all, f)
	}
	return all
}

// end is when the run ended.
func (r *Run) end() int64 { return int64(r.last().At) }

// last is how the run ended.
func (r *Run) last() *crowd.Sample { return &r.Record.Samples[len(r.Record.Samples)-1] }

// loads tells which groups have peers that download.
func (r *Run) loads() (groups []int) {
	for g := range r.Record.Groups {
		for i := range r.Record.Peers {
			if p := &r.Record.Peers[i]; p.Group == g && !p.Seed {
				groups = append(groups, g)
				break
			}
		}
	}
	return groups
}

// peers lists the peers of a group that download.
func (r *Run) peers(group int) (list []*crowd.Peer) {
	for i := range r.Record.Peers {
		if p := &r.Record.Peers[i]; p.Group == group && !p.Seed {
			list = append(list, p)
		}
	}
	return list
}

// rate is a peer's mean download rate until it was complete; 0 when it never was.
func rate(r *Run, p *crowd.Peer) int64 {
	if p.Completed == bt.Never {
		return 0
	}
	return int64(r.Scenario.Torrent.Size) * 1000 / max(1, int64(p.Completed.Sub(p.Arrived)/time.Millisecond))
}

// hue is the class of a group's colour.
func hue(group int) string { return "c" + string(rune('0'+group%8)) }

// strided are the samples with so many left out that about n remain; first and last stay.
func strided(samples []crowd.Sample, n int) (some []*crowd.Sample) {
	step := max(1, len(samples)/n)
	for i := 0; i < len(samples)-1; i += step {
		some = append(some, &samples[i])
	}
	return append(some, &samples[len(samples)-1])
}
