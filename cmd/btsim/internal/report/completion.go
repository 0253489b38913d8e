package report

import (
	"slices"
	"strconv"

	"peerwire/core/bt"
	"peerwire/sim/crowd"
)

// completion draws how many were complete when, and how early they could have been.
func completion(r *Run) figure {
	rec := r.Record
	top := r.end()
	if rec.Bound != bt.Never {
		top = max(top, int64(rec.Bound))
	}
	a := field(top, 1000, 64*px, 346*px)
	a.yUnit, a.yName, a.xName = shares, "share", "time since the start of the run"
	d := &drawing{height: 391 * px}
	a.draw(d)
	keys := []key{{"line bound", "most that could have come (fluid bound)"}, {"line all", "data that has come"}}
	groups := r.loads()
	var fluid, gained []point
	for _, s := range rec.Samples {
		fluid = append(fluid, a.put(int64(s.At), permille(s.Fluid, rec.Wanted)))
		gained = append(gained, a.put(int64(s.At), permille(s.Gained, rec.Wanted)))
	}
	d.path("line bound", fluid)
	d.path("line all", gained)
	for _, g := range groups {
		list := r.peers(g)
		d.path("line strong "+hue(g), steps(&a, list, r.end()))
		keys = append(keys, key{"line strong " + hue(g), rec.Groups[g] + ": complete"})
	}
	if rec.Bound != bt.Never {
		at := a.x.at(int64(rec.Bound))
		d.line("line bound", at, a.y.from, at, a.y.to)
		anchor, off := start, 5*px
		if at > width*3/4 {
			anchor, off = end, -5*px
		}
		d.text("note", anchor, at+off, a.y.to-7*px, "all of it, at best: "+lasting(bound(r)))
	}
	d.legend(18*px, keys)
	caption := "How much of what all peers lacked has come (grey), and how many of them have everything (in colour). The dashed line is what can have " +
		"come at most: peers' uplinks, " +
		"their downlinks, and what the seeds have sent out once, reckoned as a fluid from each peer's arrival on (Kumar and Ross 2006). "
	if s := &r.Summary; s.Distance > 0 {
		caption += "The last peer was complete after " + lasting(seconds(s.LastCompletion)) + ", " + decimal(int64(s.Distance), 1000) +
			" times the bound of " + lasting(bound(r)) + "."
	} else if rec.Bound != bt.Never {
		caption += "Not every peer is complete; the bound for all of them is " + lasting(bound(r)) + "."
	}
	return figure{Title: "Completion, and its bound", Caption: caption, Drawings: draw(d, "share of complete peers over time"), Data: completionData(r)}
}

// steps is the line of how many of a list are complete.
func steps(a *axes, list []*crowd.Peer, last int64) []point {
	var done []int64
	for _, p := range list {
		if p.Completed != bt.Never {
			done = append(done, int64(p.Completed))
		}
	}
	slices.Sort(done)
	line := []point{a.put(0, 0)}
	for i, at := range done {
		line = append(line, a.put(at, int64(1000*i/len(list))), a.put(at, int64(1000*(i+1)/len(list))))
	}
	return append(line, a.put(last, int64(1000*len(done)/len(list))))
}

func completionData(r *Run) data {
	d := data{File: "completion.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"completed", "peers that are complete and were not when they came"},
		{"gained_bytes", "what peers have and did not bring"},
		{"bound_bytes", "what that can be at most"},
	}}
	for i := range r.Record.Samples {
		s := &r.Record.Samples[i]
		d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), strconv.Itoa(s.Completed), whole(s.Gained), whole(s.Fluid)})
	}
	return d
}
