package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// scale maps values to places.
type scale struct {
	top      int64 // the value at the far end; at the near end it is 0
	from, to int   // places
}

// at is the place of a value.
func (s scale) at(v int64) int {
	v = max(0, min(v, s.top))
	if s.top > 1<<40 { // so that the product fits
		return s.from + int(v/1024*int64(s.to-s.from)/(s.top/1024))
	}
	return s.from + int(v*int64(s.to-s.from)/max(1, s.top))
}

// unit is what values of an axis are: how they are written, and by what steps.
type unit struct {
	steps []int64 // that are nice, the least first; beyond the last its tenfolds, or where there are none 1, 2, 5, 10 ...
	write func(v, step int64) string
}

// fit is a step that divides a range into some parts.
func (u unit) fit(top int64, parts int) int64 {
	for _, step := range u.steps {
		if top/step <= int64(parts) {
			return step
		}
	}
	step := int64(1)
	if n := len(u.steps); n > 0 {
		step = u.steps[n-1]
	}
	for ; ; step *= 10 {
		for _, times := range []int64{1, 2, 5} {
			if top/(step*times) <= int64(parts) {
				return step * times
			}
		}
	}
}

const (
	second = int64(time.Second)
	minute = 60 * second
	hour   = 60 * minute
)

var (
	counts     = unit{write: func(v, _ int64) string { return strconv.FormatInt(v, 10) }}
	shares     = unit{steps: []int64{50, 100, 200, 250, 500}, write: func(v, _ int64) string { return decimal(v, 10) + " %" }} // of thousandths
	hundredths = unit{write: func(v, _ int64) string { return decimal(v, 100) }}                                               // of hundredths
	moments    = unit{
		steps: []int64{second / 10, second / 5, second / 2, second, 2 * second, 5 * second, 10 * second, 20 * second, 30 * second, minute,
			2 * minute, 5 * minute,
			10 * minute, 20 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 48 * hour},
		write: writeMoment,
	}
	rates = unit{steps: binarySteps(), write: func(v, _ int64) string { return bytesOf(v) + "/s" }}
)

// binarySteps are 1, 2, 4 and so on, of which a thousand and twenty-four make a unit.
func binarySteps() (steps []int64) {
	for step := int64(1 << 8); step < 1<<50; step *= 2 {
		steps = append(steps, step)
	}
	return steps
}

// writeMoment writes a time in the unit of the step.
func writeMoment(v, step int64) string {
	switch {
	case step >= hour:
		return decimal(v, hour) + " h"
	case step >= minute:
		return decimal(v, minute) + " min"
	}
	return decimal(v, second) + " s"
}

// decimal writes v/one with no more digits behind the point than it takes, three at most.
func decimal(v, one int64) string {
	whole, rest := v/one, v%one*1000/one
	if rest == 0 {
		return strconv.FormatInt(whole, 10)
	}
	return strings.TrimRight(fmt.Sprintf("%d.%03d", whole, rest), "0")
}

// bytesOf writes an amount with the largest unit that leaves it at least 1.
func bytesOf(v int64) string {
	names := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	one, name := int64(1), 0
	for v/one >= 1024 && name < len(names)-1 {
		one, name = one*1024, name+1
	}
	if v/one < 100 {
		return decimal(v*10/one, 10) + " " + names[name]
	}
	return strconv.FormatInt(v/one, 10) + " " + names[name]
}

// lasting writes a time for people.
func lasting(d time.Duration) string {
	two := func(large int64, one string, small int64, other string) string {
		v := int64(d.Round(time.Duration(small))) / small
		per := large / small
		if v%per == 0 {
			return strconv.FormatInt(v/per, 10) + " " + one
		}
		return strconv.FormatInt(v/per, 10) + " " + one + " " + strconv.FormatInt(v%per, 10) + " " + other
	}
	switch {
	case d >= 24*time.Hour:
		return two(24*hour, "d", hour, "h")
	case d >= time.Hour:
		return two(hour, "h", minute, "min")
	case d >= time.Minute:
		return two(minute, "min", second, "s")
	case d >= time.Second || d == 0:
		return decimal(int64(d.Round(10*time.Millisecond)), second) + " s"
	}
	return decimal(int64(d.Round(10*time.Microsecond)), second/1000) + " ms"
}

// axes are a field with two axes. The tops of their scales are moved out to a whole step where even is set.
type axes struct {
	x, y         scale
	xUnit, yUnit unit
	xName, yName string
	xParts       int // at most; 0 is 8
	yParts       int // at most; 0 is 5

	xTicks []tick // in place of those at whole steps, where the axis is no even one
}

// tick is a place on an axis that is marked, and what stands there.
type tick struct {
	at    int64
	words string
}

// field is where the axes of a drawing of a height usually stand.
func field(x, y int64, top, bottom int) axes {
	return axes{x: scale{max(1, x), 62 * px, width - 32*px}, y: scale{max(1, y), bottom, top}, xUnit: moments, yUnit: counts}
}

// draw draws the axes, with a grid.
func (a *axes) draw(d *drawing) {
	xParts, yParts := a.xParts, a.yParts
	if xParts == 0 {
		xParts = 8
	}
	if yParts == 0 {
		yParts = 5
	}
	step := a.yUnit.fit(a.y.top, yParts)
	for v := int64(0); v <= a.y.top; v += step {
		at := a.y.at(v)
		d.line("grid", a.x.from, at, a.x.to, at)
		d.text("tick", end, a.x.from-7*px, at+4*px, a.yUnit.write(v, step))
	}
	ticks := a.xTicks
	if step = a.xUnit.fit(a.x.top, xParts); ticks == nil {
		for v := int64(0); v <= a.x.top; v += step {
			ticks = append(ticks, tick{v, a.xUnit.write(v, step)})
		}
	}
	for _, t := range ticks {
		at := a.x.at(t.at)
		d.line("mark", at, a.y.from, at, a.y.from+5*px)
		d.text("tick", middle, at, a.y.from+18*px, t.words)
	}
	d.line("frame", a.x.from, a.y.from, a.x.to, a.y.from)
	d.line("frame", a.x.from, a.y.from, a.x.from, a.y.to)
	if a.xName != "" {
		d.text("axis", middle, (a.x.from+a.x.to)/2, a.y.from+36*px, a.xName)
	}
	d.upright(13*px, (a.y.from+a.y.to)/2, a.yName)
}

// put is the place of a pair of values.
func (a *axes) put(x, y int64) point { return point{a.x.at(x), a.y.at(y)} }

// even is a top that lets an axis of values up to v end at a step.
func even(v int64, u unit) int64 {
	v = max(1, v)
	step := u.fit(v, 5)
	return (v + step - 1) / step * step
}

// key is a line in a legend.
type key struct{ class, words string }

// legend writes what lines and fields mean in a row above the field, in two when one does not suffice.
func (d *drawing) legend(y int, keys []key) {
	x := 62 * px
	for _, k := range keys {
		size := 30*px + len([]rune(k.words))*65*px/10
		if x+size > width && x > 62*px {
			x, y = 62*px, y+17*px
		}
		if strings.HasPrefix(k.class, "line") {
			d.line(k.class, x, y-4*px, x+20*px, y-4*px)
		} else {
			d.rect(k.class, x+4*px, y-10*px, 12*px, 12*px)
		}
		d.text("key", start, x+25*px, y, k.words)
		x += size + 12*px
	}
}
