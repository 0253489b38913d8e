package report

import (
	"strconv"
	"time"

	"peerwire/sim/crowd"
)

// unchoking draws how many peers of which group peers of a group unchoke.
func unchoking(r *Run) figure {
	rec := r.Record
	some := strided(rec.Samples, 100)
	k := len(rec.Groups)
	top := int64(1)
	for i := 1; i < len(some); i++ {
		for by := range k {
			sum := int64(0)
			for of := range k {
				sum += given(some[i-1], some[i], by, of, k)
			}
			top = max(top, sum)
		}
	}
	high := 48 * px
	d := &drawing{}
	for by := range k {
		bottom := high + 110*px
		a := field(r.end(), even(top, hundredths), high, bottom)
		a.yUnit, a.yName, a.yParts = hundredths, "by "+shortened(rec.Groups[by], 16), 3
		if by == k-1 {
			a.xName = "time since the start of the run"
		}
		a.draw(d)
		below := make([]int64, len(some)) // by sample
		for of := range k {
			var upper, lower []point
			for i := 1; i < len(some); i++ {
				n := given(some[i-1], some[i], by, of, k)
				x0, x1 := int64(some[i-1].At), int64(some[i].At)
				lower = append(lower, a.put(x0, below[i]), a.put(x1, below[i]))
				below[i] += n
				upper = append(upper, a.put(x0, below[i]), a.put(x1, below[i]))
			}
			d.area("stack f"+hue(of)[1:], upper, lower)
		}
		high = bottom + 36*px
	}
	d.height = high + 10*px
	var keys []key
	for g, name := range rec.Groups {
		keys = append(keys, key{"stack f" + hue(g)[1:], "unchoked: " + name})
	}
	d.legend(18*px, keys)
	caption := "How many peers a peer has unchoked in the mean, as far as it has told them so, by the group of who unchokes (one panel each) and the " +
		"group of who is unchoked (colour). " +
		"With upload slots that are fixed the height is their number while enough peers want something."
	return figure{Title: "Who unchokes whom over time, by group", Caption: caption, Drawings: draw(d, "unchoked connections over time by group"),
		Data: unchokingData(r)}
}

// shortened is a name of at most so many letters.
func shortened(name string, most int) string {
	if letters := []rune(name); len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return name
}

// given is how many peers of one group a peer of another had unchoked in the mean between two samples, in hundredths.
func given(before, now *crowd.Sample, by, of, k int) int64 {
	there := int64(before.Groups[by].Present+now.Groups[by].Present+1) / 2
	d := int64(now.At.Sub(before.At)) / 1000
	if there == 0 || d == 0 {
		return 0
	}
	return int64(now.Unchoked[by*k+of]-before.Unchoked[by*k+of]) / 10 / there / d
}

func unchokingData(r *Run) data {
	d := data{File: "unchoking.csv", Columns: []column{
		{"t_seconds", "virtual time"},
		{"by", "group of the peers that unchoke"},
		{"of", "group of the peers that are unchoked"},
		{"unchoked_seconds", "sum over all connections since the start"},
	}}
	k := len(r.Record.Groups)
	for i := range r.Record.Samples {
		s := &r.Record.Samples[i]
		for pair, t := range s.Unchoked {
			d.Rows = append(d.Rows, []string{inSeconds(int64(s.At)), r.Record.Groups[pair/k], r.Record.Groups[pair%k], inSeconds(int64(t))})
		}
	}
	return d
}

// panels is how many matrices are drawn, at most.
const panels = 4

// matrices draws who had whom unchoked for how much of a time.
func matrices(r *Run) figure {
	rec := r.Record
	d := &drawing{}
	cuts := r.cuts()
	const side, left, step = 290 * px, 72 * px, 360 * px
	high := 52 * px
	for i := 1; i < len(cuts); i++ {
		x := left + (i-1)%2*step
		if i > 2 && i%2 == 1 {
			high += side + 70*px
		}
		r.matrix(d, x, high, side, cuts[i-1], cuts[i])
	}
	d.height = high + side + 40*px
	scaleOf(d, 18*px, nil, decimal(1000/r.gain(), 10)+" % of the time")
	caption := "For how much of a part of the run a peer (row) had another (column) unchoked. Peers stand in the order of their groups and within one " +
		"of the scenario; lines part the groups."
	if n := len(rec.Peers); n > rec.Bins {
		caption += " Each row and column is the mean of about " + strconv.Itoa((n+rec.Bins/2)/rec.Bins) + " peers, so shades end at less."
	}
	caption += " Clusters on the diagonal are peers of a kind that found each other; a dark row is a peer that gives much, a light column one that gets little."
	return figure{Title: "Who unchokes whom, peer by peer", Caption: caption, Drawings: draw(d, "matrices of who unchoked whom"), Data: matrixData(r)}
}

// cuts are the periods between which a matrix is drawn: indexes, -1 is the start.
func (r *Run) cuts() []int {
	n := len(r.Record.Periods)
	cuts := []int{-1}
	begun := r.end() / panels
	for i := range n {
		if at := int64(r.Record.Periods[i].Until); at > 0 && (i == n-1 || at >= begun*int64(len(cuts)) && len(cuts) < panels) {
			cuts = append(cuts, i)
		}
	}
	return cuts
}

// gain is how much stronger than the share of time the shades of a matrix are: in the mean of many pairs most have nothing to do with each other.
func (r *Run) gain() int64 {
	if len(r.Record.Peers) > r.Record.Bins {
		return 16
	}
	return 1
}

// matrix draws what lies between two periods.
func (r *Run) matrix(d *drawing, left, top, side, from, to int) {
	rec := r.Record
	n := len(rec.Peers)
	xs, ys := make([]int, rec.Bins+1), make([]int, rec.Bins+1)
	for i := range rec.Bins + 1 {
		xs[i], ys[i] = left+side*i/rec.Bins, top+side*i/rec.Bins
	}
	began := int64(0)
	if from >= 0 {
		began = int64(rec.Periods[from].Until)
	}
	d.text("axis", middle, left+side/2, top-6*px, lasting(time.Duration(began))+" to "+lasting(seconds(rec.Periods[to].Until)))
	d.cells(xs, ys, func(row, column int) string { return shade(min(1000, r.gain()*r.together(from, to, row, column))) })
	d.rect("frame", left, top, side, side)
	first := 0
	for g, name := range rec.Groups {
		count := 0
		for _, p := range rec.Peers {
			if p.Group == g {
				count++
			}
		}
		at, next := side*first/n, side*(first+count)/n
		if first > 0 {
			d.line("grid", left+at, top, left+at, top+side)
			d.line("grid", left, top+at, left+side, top+at)
		}
		first += count
		if next-at >= 12*px {
			d.text("tick", middle, left+(at+next)/2, top+side+14*px, shortened(name, max(3, (next-at)/(7*px))))
			if left < width/2 {
				d.text("tick", end, left-5*px, top+(at+next)/2+4*px, shortened(name, 9))
			}
		}
	}
	d.text("axis", middle, left+side/2, top+side+28*px, "is unchoked")
	if left < width/2 {
		d.upright(10*px, top+side/2, "unchokes")
	}
}

// together is for how much of the time between two periods a peer of one bin had one of another unchoked in the mean, in thousandths.
func (r *Run) together(from, to, by, of int) int64 {
	rec := r.Record
	i := by*rec.Bins + of
	t, began := int64(rec.Periods[to].Unchoked[i]), int64(0)
	if from >= 0 {
		t -= int64(rec.Periods[from].Unchoked[i])
		began = int64(rec.Periods[from].Until)
	}
	span := (int64(rec.Periods[to].Until) - began) / 1000
	a, b := binOf(by, rec.Bins, len(rec.Peers))
	x, y := binOf(of, rec.Bins, len(rec.Peers))
	pairs := int64(b-a+1) * int64(y-x+1)
	return t / max(1, span) / pairs
}

func matrixData(r *Run) data {
	rec := r.Record
	d := data{File: "matrix.csv", Columns: []column{
		{"from_seconds", "virtual time at which the period begins"},
		{"to_seconds", "virtual time at which it ends"},
		{"by_first", "number of the first peer of those that unchoke, as in peers.csv"},
		{"by_last", "the last of them"},
		{"of_first", "number of the first peer of those that are unchoked"},
		{"of_last", "the last of them"},
		{"unchoked_seconds", "sum over their connections; pairs that had none are left out"},
	}}
	for to := range rec.Periods {
		began := int64(0)
		if to > 0 {
			began = int64(rec.Periods[to-1].Until)
		}
		for i, t := range rec.Periods[to].Unchoked {
			if to > 0 {
				t -= rec.Periods[to-1].Unchoked[i]
			}
			if t == 0 {
				continue
			}
			a, b := binOf(i/rec.Bins, rec.Bins, len(rec.Peers))
			x, y := binOf(i%rec.Bins, rec.Bins, len(rec.Peers))
			d.Rows = append(d.Rows, []string{inSeconds(began), instant(rec.Periods[to].Until), strconv.Itoa(a), strconv.Itoa(b), strconv.Itoa(x),
				strconv.Itoa(y), inSeconds(int64(t))})
		}
	}
	return d
}
