package report

import (
	"slices"
	"strconv"

	"peerwire/sim/crowd"
)

// singles is how many peers of a group are drawn one by one.
const singles = 6

// progress draws how downloads go on, from each peer's arrival.
func progress(r *Run) figure {
	rec := r.Record
	top := int64(1)
	groups := r.loads()
	for _, g := range groups {
		for _, p := range r.peers(g) {
			for _, t := range p.Reached {
				top = max(top, int64(t))
			}
		}
	}
	a := field(top, 1000, 66*px, 350*px)
	a.yUnit, a.yName, a.xName = shares, "pieces", "time since the peer's arrival"
	d := &drawing{height: 395 * px}
	a.draw(d)
	keys := []key{{"line single", "single peers"}}
	for _, g := range groups {
		list := r.peers(g)
		fan(d, &a, list, hue(g))
		keys = append(keys, key{"line strong " + hue(g), rec.Groups[g] + ": median"}, key{"wide f" + hue(g)[1:], "5 to 95 %"}, key{"tight f" +
			hue(g)[1:], "25 to 75 %"})
	}
	d.legend(18*px, keys)
	caption := "How long after its arrival a peer has how many of the pieces: of each group the median peer, and between which times half and nine " +
		"tenths of all are. " +
		"Thin lines are single peers, evenly spaced in the order of their arrival. Those that never come so far count as last."
	return figure{Title: "Progress of the downloads", Caption: caption, Drawings: draw(d, "fan of the progress of downloads"), Data: progressData(r)}
}

// fan draws one group.
func fan(d *drawing, a *axes, list []*crowd.Peer, class string) {
	band := func(percent int) (line []point) {
		for k := range crowd.Milestones + 1 {
			if t, ok := reachedBy(list, k, percent); ok {
				line = append(line, a.put(t, int64(1000*k/crowd.Milestones)))
			}
		}
		return line
	}
	for _, wide := range []struct {
		class    string
		from, to int
	}{{"wide", 5, 95}, {"tight", 25, 75}} {
		early, late := band(wide.from), band(wide.to)
		if len(list) < 4 || len(late) == 0 {
			continue
		}
		for i := len(late); i < len(early); i++ { // further up nobody comes
			late = append(late, point{a.x.to, early[i].y})
		}
		d.area(wide.class+" f"+class[1:], early, late)
	}
	for i := range min(singles, len(list)) {
		p := list[i*len(list)/min(singles, len(list))]
		var line []point
		for k, t := range p.Reached {
			if t >= 0 {
				line = append(line, a.put(int64(t), int64(1000*k/crowd.Milestones)))
			}
		}
		d.path("line single", line)
	}
	d.path("line strong "+class, band(50))
}

// reachedBy is the time after which so many of a hundred peers had come to a milestone; false when never.
func reachedBy(list []*crowd.Peer, k, percent int) (int64, bool) {
	var times []int64
	for _, p := range list {
		if t := p.Reached[k]; t >= 0 {
			times = append(times, int64(t))
		}
	}
	slices.Sort(times)
	i := (len(list) - 1) * percent / 100
	if i >= len(times) {
		return 0, false
	}
	return times[i], true
}

func progressData(r *Run) data {
	d := data{File: "progress.csv", Columns: []column{
		{"peer", "its name"},
		{"group", "that it belongs to"},
		{"arrived_seconds", "virtual time of its arrival"},
		{"share_permille", "of the pieces, in thousandths"},
		{"after_seconds", "how long after its arrival it had so many"},
	}}
	for i := range r.Record.Peers {
		p := &r.Record.Peers[i]
		if p.Seed {
			continue
		}
		for k, t := range p.Reached {
			if t >= 0 {
				d.Rows = append(d.Rows, []string{p.Name, r.Record.Groups[p.Group], instant(p.Arrived), strconv.Itoa(1000 * k / crowd.Milestones),
					inSeconds(int64(t))})
			}
		}
	}
	return d
}
