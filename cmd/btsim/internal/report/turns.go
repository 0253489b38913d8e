package report

import (
	"strconv"
	"time"

	"peerwire/sim/crowd"
)

// turns draws how long peers stay unchoked.
func turns(r *Run) figure {
	t := &r.Record.Turns
	last := 0
	for bin := range crowd.TurnBins {
		if t.ByLeechers[bin]+t.BySeeds[bin] > 0 {
			last = bin
		}
	}
	first := last
	for bin := last; bin >= 0; bin-- {
		if t.ByLeechers[bin]+t.BySeeds[bin] > 0 {
			first = bin
		}
	}
	a := field(int64(last-first+1)*perBin, 1000, 48*px, 250*px)
	a.yUnit, a.yName = shares, "turns that are no longer"
	a.xTicks, a.xName = turnTicks(first, last), "time from unchoke to choke (logarithmic)"
	d := &drawing{height: 295 * px}
	a.draw(d)
	var keys []key
	for i, bins := range []*[crowd.TurnBins]uint64{&t.ByLeechers, &t.BySeeds} {
		sum := uint64(0)
		for _, n := range bins {
			sum += n
		}
		if sum == 0 {
			continue
		}
		class, far := "line strong c"+strconv.Itoa(i), uint64(0)
		line := []point{a.put(0, 0)}
		for bin := first; bin <= last; bin++ {
			far += bins[bin]
			line = append(line, a.put(int64(bin-first+1)*perBin, int64(1000*far/sum)))
		}
		d.path(class, line)
		who := [...]string{"by peers that download", "by peers with everything"}[i]
		keys = append(keys, key{class, who + ": " + grouped(int64(sum))})
	}
	d.legend(18*px, keys)
	caption := "How long peers stay unchoked, from when they are told so until they are told the contrary, or the connection is gone. Rounds of the " +
		"choker show as steps at its " +
		"interval and its multiples. " + grouped(int64(t.Unfinished)) + " turns that were not over at the end of the run are left out."
	return figure{Title: "How long peers stay unchoked", Caption: caption, Drawings: draw(d, "distribution of the time that peers stay unchoked"),
		Data: turnsData(r)}
}

// perBin is how wide a bin is on the axis of turns, and manyBins how many leave no room for all round times.
const (
	perBin   = 100
	manyBins = 44
)

// turnTicks marks the round times on an axis that has a bin of turns as wide as another, however long they are.
func turnTicks(first, last int) (ticks []tick) {
	round := []int64{second / 5, second / 2, second, 2 * second, 5 * second, 10 * second, 20 * second, minute, 2 * minute, 5 * minute, 10 * minute, 20 * minute,
		hour, 2 * hour, 5 * hour, 12 * hour, 24 * hour}
	if last-first > manyBins {
		round = []int64{second, 10 * second, minute, 10 * minute, hour, 12 * hour}
	}
	if first == 0 {
		ticks = append(ticks, tick{0, "0"})
	}
	for _, t := range round {
		for bin := max(1, first); bin <= min(last, crowd.TurnBins-2); bin++ {
			if from, to := int64(crowd.TurnFrom(bin)), int64(crowd.TurnFrom(bin+1)); from <= t && t < to {
				ticks = append(ticks, tick{int64(bin-first)*perBin + perBin*(t-from)/(to-from), lasting(time.Duration(t))})
			}
		}
	}
	return ticks
}

func turnsData(r *Run) data {
	d := data{File: "turns.csv", Columns: []column{
		{"from_seconds", "the shortest of the row"},
		{"to_seconds", "the longest, exclusive; empty when there is no limit"},
		{"by_leechers", "turns given by peers that were downloading"},
		{"by_seeds", "turns given by peers that had everything"},
	}}
	for bin := range crowd.TurnBins {
		to := ""
		if bin < crowd.TurnBins-1 {
			to = inSeconds(int64(crowd.TurnFrom(bin + 1)))
		}
		d.Rows = append(d.Rows, []string{inSeconds(int64(crowd.TurnFrom(bin))), to,
			strconv.FormatUint(r.Record.Turns.ByLeechers[bin], 10), strconv.FormatUint(r.Record.Turns.BySeeds[bin], 10)})
	}
	return d
}
