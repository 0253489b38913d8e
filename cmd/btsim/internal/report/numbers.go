package report

import (
	"fmt"
	"html/template"
	"strconv"
	"time"

	"peerwire/core/bt"
)

// permille is a part of a whole in thousandths.
func permille(part, all int64) int64 {
	if all <= 0 {
		return 0
	}
	if all > 1<<52 {
		return part / (all / 1000)
	}
	return part * 1000 / all
}

// inSeconds writes a time as CSV has it: seconds, with thousandths.
func inSeconds(t int64) string {
	ms := t / int64(time.Millisecond)
	return fmt.Sprintf("%d.%03d", ms/1000, ms%1000)
}

// instant is inSeconds; empty when it never came.
func instant(t bt.Instant) string {
	if t == bt.Never {
		return ""
	}
	return inSeconds(int64(t))
}

func whole(v int64) string { return strconv.FormatInt(v, 10) }

// seconds is a time since the start.
func seconds(t bt.Instant) time.Duration { return time.Duration(t) }

// bound is the time before which not everybody can be done.
func bound(r *Run) time.Duration { return seconds(r.Record.Bound) }

// draw ends a figure's only drawing.
func draw(d *drawing, label string) []template.HTML { return []template.HTML{d.svg(label)} }

// grouped writes a number with its thousands apart.
func grouped(n int64) string {
	digits := strconv.FormatInt(n, 10)
	out := ""
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			out += " "
		}
		out += string(c)
	}
	return out
}

// quantile is the value below which so many of a hundred of a sorted list are.
func quantile(sorted []int64, percent int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[(len(sorted)-1)*percent/100]
}

// jain is Jain's index of fairness, in thousandths: the square of the sum over the number times the sum of the squares.
func jain(values []int64) int64 {
	const most = 1 << 16 // values are scaled down to this, so that nothing overflows
	top := int64(1)
	for _, v := range values {
		top = max(top, v)
	}
	sum, squares := int64(0), int64(0)
	for _, v := range values {
		v = v / (top/most + 1)
		sum += v
		squares += v * v
	}
	if squares == 0 {
		return 0
	}
	n := int64(len(values))
	return min(1000, 1000*(sum/n)/max(1, squares/max(1, sum)))
}
