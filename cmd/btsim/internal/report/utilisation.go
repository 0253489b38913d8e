package report

import (
	"strconv"

	"peerwire/sim/crowd"
)

// utilisation draws how much of the uplinks was used.
func utilisation(r *Run) figure {
	rec := r.Record
	a := field(r.end(), 1000, 48*px, 270*px)
	a.yUnit, a.yName, a.xName = shares, "uplink used", "time since the start of the run"
	d := &drawing{height: 315 * px}
	a.draw(d)
	var keys []key
	some := strided(rec.Samples, 120)
	lines := len(rec.Groups)
	if lines > 1 {
		lines++
	}
	for g := range lines {
		class, words := "line all", "all"
		if g < len(rec.Groups) {
			class, words = "line "+hue(g), rec.Groups[g]
		}
		var line []point
		for i := 1; i < len(some); i++ {
			before, now := some[i-1], some[i]
			sent, could := moved(before, now, g)
			if could == 0 {
				continue
			}
			y := permille(sent, could)
			line = append(line, a.put(int64(before.At), y), a.put(int64(now.At), y))
		}
		if len(line) > 0 {
			d.path(class, line)
			keys = append(keys, key{class, words})
		}
	}
	d.legend(18*px, keys)
	caption := "What went through the uplinks of the peers that were there, payload and all, of what could have, by group. " +
		"Over the whole run that was " + decimal(int64(r.Summary.Utilisation), 10) + " %; of those that are complete it counts too, while they stay, " +
		"though nobody may want anything of them any more."
	return figure{Title: "Utilisation of the uplinks", Caption: caption, Drawings: draw(d, "utilisation of uplinks over time"), Data: utilisationData(r)}
}

// moved is what a group sent between two samples, and could have sent; all groups when there are not so many.
func moved(before, now *crowd.Sample, group int) (sent, could int64) {
	for g := range now.Groups {
		if (g == group || group >= len(now.Groups)) && now.Groups[g].Could > 0 {
			sent += now.Groups[g].Sent - before.Groups[g].Sent
			could += now.Groups[g].Could - before.Groups[g].Could
		}
	}
	return sent, could
}

func utilisationData(r *Run) data {
	d := data{File: "utilisation.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"group", "of peers"},
		{"present", "how many of them are there"},
		{"sent_bytes", "through their uplinks since the start"},
		{"possible_bytes", "that could have gone through them; 0 when they have no limit"},
	}}
	for i := range r.Record.Samples {
		s := &r.Record.Samples[i]
		for g, of := range s.Groups {
			d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), r.Record.Groups[g], strconv.Itoa(of.Present), whole(of.Sent), whole(of.Could)})
		}
	}
	return d
}
