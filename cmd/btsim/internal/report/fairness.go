package report

import (
	"slices"
	"strconv"

	"peerwire/sim/crowd"
)

// fairness draws how fast peers downloaded, and what they gave for what they got.
func fairness(r *Run) figure {
	rec := r.Record
	groups := r.loads()
	fastest, most := int64(1), int64(1)
	for i := range rec.Peers {
		if p := &rec.Peers[i]; !p.Seed {
			fastest = max(fastest, rate(r, p))
			most = max(most, ratio(p))
		}
	}
	t := &table{Head: []string{"group", "peers", "uplink", "complete", "median rate", "Jain's index of rates", "given for a byte got: median", "5 %", "95 %"}}
	a := field(even(fastest, rates), 1000, 48*px, 230*px)
	a.xUnit, a.yUnit, a.yName, a.xName = rates, shares, "peers", "mean download rate until complete"
	low := 300 * px
	b := field(even(most, hundredths), 1, low, low+len(groups)*34*px)
	b.xUnit, b.yName, b.xName = hundredths, "", "bytes uploaded for a byte downloaded"
	d := &drawing{height: low + len(groups)*34*px + 45*px}
	a.draw(d)
	b.yUnit = unit{write: func(int64, int64) string { return "" }}
	b.draw(d)
	if at := b.x.at(100); b.x.top > 100 {
		d.line("line bound", at, b.y.from, at, b.y.to)
	}
	var keys []key
	for i, g := range groups {
		var speeds, ratios []int64
		list := r.peers(g)
		y := low + i*34*px + 17*px
		for j, p := range list {
			if v := rate(r, p); v > 0 {
				speeds = append(speeds, v)
			}
			if p.Downloaded > 0 {
				ratios = append(ratios, ratio(p))
				d.dot("dot f"+hue(g)[1:], b.x.at(ratio(p)), y+(j%5-2)*35, 22)
			}
		}
		slices.Sort(speeds)
		slices.Sort(ratios)
		d.path("line strong "+hue(g), distribution(&a, speeds, len(list)))
		d.text("tick", end, b.x.from-7*px, y+4*px, shortened(rec.Groups[g], 8))
		d.line("line mean", b.x.at(quantile(ratios, 50)), y-14*px, b.x.at(quantile(ratios, 50)), y+14*px)
		keys = append(keys, key{"line strong " + hue(g), rec.Groups[g]})
		uplink := "unlimited"
		if list[0].Up > 0 {
			uplink = bytesOf(list[0].Up) + "/s"
		}
		t.Rows = append(t.Rows, []string{rec.Groups[g], strconv.Itoa(len(list)), uplink, strconv.Itoa(len(speeds)), bytesOf(quantile(speeds, 50)) + "/s",
			decimal(jain(speeds), 1000), decimal(quantile(ratios, 50), 100), decimal(quantile(ratios, 5), 100), decimal(quantile(ratios, 95), 100)})
	}
	d.legend(18*px, keys)
	caption := "Above, how many peers of a group downloaded no faster than so. Below, what each peer gave for a byte that it got, by bandwidth class: " +
		"a dot a peer, a stroke the median; " +
		"the dashed line is as much as it got. Jain's index is 1 when all are equal, and 1/n when one has all. Over all groups, that of the download " +
		"rates is " +
		decimal(int64(r.Summary.Fairness), 1000) + "."
	return figure{Title: "Fairness", Caption: caption, Drawings: draw(d, "distribution of download rates and share ratios"), Table: t, Data: peersData(r)}
}

// ratio is what a peer gave for what it got, in hundredths.
func ratio(p *crowd.Peer) int64 {
	if p.Downloaded == 0 {
		return 0
	}
	return permille(p.Uploaded, p.Downloaded) / 10
}

// distribution is how many of n are at most so fast.
func distribution(a *axes, sorted []int64, n int) []point {
	line := []point{a.put(0, 0)}
	for i, v := range sorted {
		line = append(line, a.put(v, int64(1000*i/n)), a.put(v, int64(1000*(i+1)/n)))
	}
	return append(line, a.put(a.x.top, int64(1000*len(sorted)/max(1, n))))
}

func peersData(r *Run) data {
	d := data{File: "peers.csv", Columns: []column{
		{"number", "as in matrix.csv"},
		{"peer", "its name"},
		{"group", "that it belongs to"},
		{"up_limit", "of its uplink, bytes a second; 0 is none"},
		{"down_limit", "of its downlink"},
		{"arrived_seconds", "virtual time"},
		{"completed_seconds", "virtual time; empty when it was not, or came with everything"},
		{"left_seconds", "virtual time; empty when it stayed"},
		{"downloaded_bytes", "payload"},
		{"uploaded_bytes", "payload"},
	}}
	for i := range r.Record.Peers {
		p := &r.Record.Peers[i]
		d.Rows = append(d.Rows, []string{strconv.Itoa(i), p.Name, r.Record.Groups[p.Group], whole(p.Up), whole(p.Down),
			instant(p.Arrived), instant(p.Completed), instant(p.Left), whole(p.Downloaded), whole(p.Uploaded)})
	}
	return d
}
