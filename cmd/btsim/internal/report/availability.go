package report

import (
	"strconv"

	"peerwire/sim/crowd"
)

// levels are how shades of a scale begin: thousandths, above none.
var levels = []int64{1, 30, 70, 130, 210, 310, 430, 570, 730, 900}

// shade is the class of a share, of thousandths; none when there is nothing.
func shade(share int64) string {
	class := ""
	for i, from := range levels {
		if share >= from {
			class = "q" + string(rune('0'+i))
		}
	}
	return class
}

// availability draws how many of the peers have which piece.
func availability(r *Run) figure {
	rec := r.Record
	a := field(r.end(), int64(r.pieces()), 48*px, 330*px)
	a.yName, a.xName = "piece", "time since the start of the run"
	d := &drawing{height: 375 * px}
	a.draw(d)
	xs, ys := []int{a.x.from}, []int{a.y.from}
	for i := range rec.Samples {
		xs = append(xs, a.x.at(int64(rec.Samples[i].At)))
	}
	for bin := 1; bin <= rec.Pieces; bin++ {
		ys = append(ys, a.y.at(int64(bin)*int64(r.pieces())/int64(rec.Pieces)))
	}
	d.cells(xs, ys, func(row, column int) string {
		s := &rec.Samples[max(0, column-1)]
		switch c := s.Copies[row]; {
		case s.Leechers+s.Seeds == 0:
			return ""
		case c.Least == 0:
			return "none"
		case c.Least == 1:
			return "once"
		default:
			return shade(int64(c.Mean) * 10 / int64(s.Leechers+s.Seeds))
		}
	})
	d.line("frame", a.x.from, a.y.from, a.x.to, a.y.from)
	scaleOf(d, 18*px, []key{{"none", "nobody"}, {"once", "one peer"}}, "100 % of the peers present")
	per := (r.pieces() + rec.Pieces - 1) / max(1, rec.Pieces)
	caption := "How many of the peers that are there have a piece. Red: a piece is lost while nobody has it who is there; orange: all hangs on one peer."
	if per > 1 {
		caption += " Each row stands for " + strconv.Itoa(per) + " pieces: red or orange as the rarest of them, blue by their mean."
	}
	return figure{Title: "Availability of the pieces", Caption: caption, Drawings: draw(d, "availability of pieces over time"), Data: availabilityData(r)}
}

// scaleOf writes what shades mean, after some keys: from nothing to so much.
func scaleOf(d *drawing, y int, keys []key, top string) {
	d.legend(y, keys)
	x := 62 * px
	for _, k := range keys {
		x += 42*px + len(k.words)*65*px/10
	}
	x += 20 * px
	d.text("key", end, x, y, "0")
	x += 5 * px
	for i := range levels {
		d.rect("cell q"+string(rune('0'+i)), x, y-10*px, 18*px, 12*px)
		x += 18 * px
	}
	d.text("key", start, x+6*px, y, top)
}

func (r *Run) pieces() int { return int(r.Scenario.Torrent.Geometry().NumPieces()) }

func availabilityData(r *Run) data {
	d := data{File: "availability.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"first_piece", "index of the first of those that the row stands for"},
		{"last_piece", "index of the last of them"},
		{"least_copies", "of the rarest of them, with the peers that are there"},
		{"mean_copies", "of them all"},
	}}
	for i := range r.Record.Samples {
		s := &r.Record.Samples[i]
		for bin, c := range s.Copies {
			first, last := binOf(bin, r.Record.Pieces, r.pieces())
			d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), strconv.Itoa(first), strconv.Itoa(last), strconv.Itoa(c.Least),
				decimal(int64(c.Mean), 100)})
		}
	}
	return d
}

// binOf is which of n are in a bin: i is in bin i*bins/n.
func binOf(bin, bins, n int) (first, last int) {
	return (bin*n + bins - 1) / bins, ((bin+1)*n+bins-1)/bins - 1
}

// rarest draws how often the rarest piece is there.
func rarest(r *Run) figure {
	rec := r.Record
	top := int64(1)
	for _, s := range rec.Samples {
		top = max(top, int64(s.Most), int64(s.Leechers+s.Seeds))
	}
	a := field(r.end(), even(top, counts), 48*px, 230*px)
	a.yName, a.xName = "copies", "time since the start of the run"
	d := &drawing{height: 275 * px}
	a.draw(d)
	var least, mean, most, there []point
	for i := range rec.Samples {
		s := &rec.Samples[i]
		least = append(least, a.put(int64(s.At), int64(s.Rarest)))
		mean = append(mean, point{a.x.at(int64(s.At)), a.y.from + int(int64(a.y.to-a.y.from)*int64(s.Mean)/(100*a.y.top))})
		most = append(most, a.put(int64(s.At), int64(s.Most)))
		there = append(there, a.put(int64(s.At), int64(s.Leechers+s.Seeds)))
	}
	d.area("band", most, least)
	d.path("line bound", there)
	d.path("line strong c0", mean)
	d.path("line c1", least)
	d.legend(18*px, []key{{"line bound", "peers present"}, {"band", "rarest to most common piece"}, {"line strong c0", "mean"}, {"line c1", "rarest"}})
	caption := "Copies of the pieces among the peers that are there. The closer the rarest piece is to the mean, the better rarest first does what it " +
		"is for; " +
		"the swarm lives by itself from when the rarest has a second copy, which was at " + r.secondCopy() + ". " +
		"Who is away after a crash counts as there, with nothing."
	return figure{Title: "Copies of the rarest piece", Caption: caption, Drawings: draw(d, "copies of the rarest piece over time"), Data: rarestData(r)}
}

// secondCopy says when every piece was there twice for the first time.
func (r *Run) secondCopy() string {
	for _, s := range r.Record.Samples {
		if s.Rarest > 1 {
			return lasting(seconds(s.At))
		}
	}
	return "no time"
}

func rarestData(r *Run) data {
	d := data{File: "copies.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"present", "peers"},
		{"rarest", "copies of the piece that the fewest have"},
		{"mean", "copies of a piece"},
		{"most", "copies of the piece that the most have"},
	}}
	for i := range r.Record.Samples {
		s := &r.Record.Samples[i]
		d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), strconv.Itoa(present(s)), strconv.Itoa(s.Rarest), decimal(int64(s.Mean), 100),
			strconv.Itoa(s.Most)})
	}
	return d
}

func present(s *crowd.Sample) int { return s.Leechers + s.Seeds }
