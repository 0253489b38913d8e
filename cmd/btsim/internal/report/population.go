package report

import "strconv"

// population draws who is there, and what the tracker has to do.
func population(r *Run) figure {
	rec := r.Record
	top, busiest := int64(1), int64(1)
	some := strided(rec.Samples, 80)
	load := func(i int) int64 { // announces a minute, in hundredths
		d := int64(some[i].At.Sub(some[i-1].At)) / 1e6
		return int64(some[i].Announces-some[i-1].Announces) * 6_000_000 / max(1, d)
	}
	for i, s := range some {
		top = max(top, int64(s.Leechers), int64(s.Seeds))
		if i > 0 {
			busiest = max(busiest, load(i))
		}
	}
	a := field(r.end(), even(top, counts), 48*px, 190*px)
	a.yName = "peers"
	b := field(r.end(), even(busiest, hundredths), 235*px, 335*px)
	b.yUnit, b.yParts, b.yName, b.xName = hundredths, 3, "announces / min", "time since the start of the run"
	d := &drawing{height: 380 * px}
	a.draw(d)
	b.draw(d)
	var leechers, seeds, asks, floor []point
	for _, s := range rec.Samples {
		leechers = append(leechers, a.put(int64(s.At), int64(s.Leechers)))
		seeds = append(seeds, a.put(int64(s.At), int64(s.Seeds)))
	}
	for i := 1; i < len(some); i++ {
		x0, x1, y := int64(some[i-1].At), int64(some[i].At), load(i)
		asks = append(asks, b.put(x0, y), b.put(x1, y))
		floor = append(floor, b.put(x0, 0), b.put(x1, 0))
	}
	d.path("line strong c0", leechers)
	d.path("line strong c1", seeds)
	d.area("stack f2", asks, floor)
	d.legend(18*px, []key{{"line strong c0", "downloading"}, {"line strong c1", "with everything"}, {"stack f2", "announces"}})
	last := r.last()
	caption := "Peers that are there, and how often the tracker is asked. In all it took " + grouped(int64(last.Announces)) + " announces and gave " +
		grouped(int64(last.Told)) + " addresses."
	return figure{Title: "Population, and the tracker's load", Caption: caption, Drawings: draw(d, "peers present and announces over time"),
		Data: populationData(r)}
}

func populationData(r *Run) data {
	d := data{File: "population.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"leechers", "peers present that lack something"},
		{"seeds", "peers present with everything"},
		{"announces", "that the tracker took since the start"},
		{"addresses", "that it gave since the start"},
	}}
	for _, s := range r.Record.Samples {
		d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), strconv.Itoa(s.Leechers), strconv.Itoa(s.Seeds), strconv.Itoa(s.Announces),
			strconv.Itoa(s.Told)})
	}
	return d
}
