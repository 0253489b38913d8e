package report

import (
	"cmp"
	"slices"
	"strconv"

	"peerwire/sim/crowd"
)

// overhead draws what was said besides the payload.
func overhead(r *Run) figure {
	payload := int64(0)
	var kinds []crowd.Traffic
	for _, t := range r.Record.Said {
		if t.Kind == crowd.PayloadKind {
			payload = int64(t.Bytes)
			continue
		}
		kinds = append(kinds, t)
	}
	slices.SortStableFunc(kinds, func(a, b crowd.Traffic) int { return cmp.Compare(b.Bytes, a.Bytes) })
	top, sum := int64(1), int64(0)
	for _, t := range kinds {
		top = max(top, parts(int64(t.Bytes), payload))
		sum += int64(t.Bytes)
	}
	bottom := 20*px + len(kinds)*22*px
	a := field(even(top, counts), 1, 20*px, bottom)
	a.x.from, a.x.to = 112*px, width-170*px
	a.xUnit, a.xName = counts, "bytes for a million bytes of payload"
	a.xParts = 6
	a.yUnit = unit{write: func(int64, int64) string { return "" }}
	d := &drawing{height: bottom + 45*px}
	a.draw(d)
	for i, t := range kinds {
		y := 20*px + i*22*px
		share := parts(int64(t.Bytes), payload)
		words := t.Kind
		if words == "piece" {
			words = "heads of pieces"
		}
		d.text("tick", end, a.x.from-7*px, y+15*px, words)
		d.rect("stack f0", a.x.from, y+5*px, a.x.at(share)-a.x.from, 13*px)
		d.text("tick", start, a.x.at(share)+6*px, y+15*px, grouped(share)+" ("+grouped(int64(t.Messages))+" messages)")
	}
	total := &r.Summary.Total
	caption := "Bytes that are no payload, by what they said, for a million bytes of payload; together " + grouped(parts(sum, payload)) + ". " +
		"Of the payload itself " + decimal(permille(total.Wasted, max(1, total.Downloaded)), 10) + " % came more than once or too late, and " +
		decimal(permille(total.Corrupt, max(1, total.Downloaded)), 10) + " % was of pieces that failed their hash. Headers of TCP, uTP and IP are not counted."
	return figure{Title: "Overhead of the protocol", Caption: caption, Drawings: draw(d, "bytes of messages by kind"), Data: overheadData(r)}
}

// parts is how many for a million.
func parts(n, of int64) int64 { return n * 1000 / max(1, of/1000) }

func overheadData(r *Run) data {
	d := data{File: "overhead.csv", Columns: []column{
		{"kind", "of message, by its name in SPEC.md; payload is what follows the heads of pieces"},
		{"messages", "that peers sent"},
		{"bytes", "of them together"},
	}}
	for _, t := range r.Record.Said {
		d.Rows = append(d.Rows, []string{t.Kind, strconv.FormatUint(t.Messages, 10), strconv.FormatUint(t.Bytes, 10)})
	}
	return d
}
