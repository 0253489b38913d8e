package report

import (
	"fmt"
	"html"
	"html/template"
	"strings"
)

// Lengths in a drawing are tenths of a pixel, and whole: so they are the same on every machine.
const (
	px    = 10
	width = 760 * px
)

// Where words stand to their point.
const (
	start  = "start"
	middle = "middle"
	end    = "end"
)

// drawing is an SVG under way.
type drawing struct {
	b      strings.Builder
	height int
}

// svg ends the drawing; label says for those who cannot see it what it is.
func (d *drawing) svg(label string) template.HTML {
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-label="%s">`, width, d.height, html.EscapeString(label)) +
		d.b.String() + "</svg>")
}

func (d *drawing) line(class string, x1, y1, x2, y2 int) {
	fmt.Fprintf(&d.b, `<path class="%s" d="M%d %dL%d %d"/>`, class, x1, y1, x2, y2)
}

func (d *drawing) rect(class string, x, y, w, h int) {
	fmt.Fprintf(&d.b, `<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, x, y, w, h)
}

func (d *drawing) dot(class string, x, y, r int) {
	fmt.Fprintf(&d.b, `<circle class="%s" cx="%d" cy="%d" r="%d"/>`, class, x, y, r)
}

func (d *drawing) text(class, anchor string, x, y int, words string) {
	fmt.Fprintf(&d.b, `<text class="%s" text-anchor="%s" x="%d" y="%d">%s</text>`, class, anchor, x, y, html.EscapeString(words))
}

// upright writes words from below to above, around a point.
func (d *drawing) upright(x, y int, words string) {
	fmt.Fprintf(&d.b, `<text class="axis" text-anchor="middle" transform="translate(%d %d)rotate(-90)">%s</text>`, x, y, html.EscapeString(words))
}

// point is a place in a drawing.
type point struct{ x, y int }

// path draws a line through points; those that change nothing are left out.
func (d *drawing) path(class string, points []point) {
	if len(points) > 0 {
		fmt.Fprintf(&d.b, `<path class="%s" d="%s"/>`, class, through(points))
	}
}

// area fills what lies between two lines, both from left to right.
func (d *drawing) area(class string, upper, lower []point) {
	if len(upper) == 0 || len(lower) == 0 {
		return
	}
	back := make([]point, 0, len(lower))
	for i := len(lower) - 1; i >= 0; i-- {
		back = append(back, lower[i])
	}
	fmt.Fprintf(&d.b, `<path class="%s" d="%sL%sZ"/>`, class, through(upper), strings.TrimPrefix(through(back), "M"))
}

// through is the path through points.
func through(points []point) string {
	var b strings.Builder
	for i, p := range points {
		if i > 0 && p == points[i-1] {
			continue
		}
		if i > 0 && i < len(points)-1 && straight(points[i-1], p, points[i+1]) {
			continue
		}
		letter := "L"
		if i == 0 {
			letter = "M"
		}
		fmt.Fprintf(&b, "%s%d %d", letter, p.x, p.y)
	}
	return b.String()
}

// straight tells whether three points follow each other on a level or an upright line.
func straight(a, b, c point) bool {
	return a.y == b.y && b.y == c.y && (b.x-a.x)*(c.x-b.x) >= 0 || a.x == b.x && b.x == c.x && (b.y-a.y)*(c.y-b.y) >= 0
}

// cells fills the cells of a grid, each with a class; neighbours in a row that have one are one piece. Column i is from xs[i] to xs[i+1], and so are rows.
// A cell without a class is left empty.
func (d *drawing) cells(xs, ys []int, class func(row, column int) string) {
	var order []string
	paths := map[string]*strings.Builder{}
	for row := range len(ys) - 1 {
		for from := 0; from < len(xs)-1; {
			name, to := class(row, from), from+1
			for to < len(xs)-1 && class(row, to) == name {
				to++
			}
			if name != "" && xs[to] > xs[from] {
				if paths[name] == nil {
					order, paths[name] = append(order, name), &strings.Builder{}
				}
				fmt.Fprintf(paths[name], "M%d %dh%dv%dh%dz", xs[from], ys[row], xs[to]-xs[from], ys[row+1]-ys[row], xs[from]-xs[to])
			}
			from = to
		}
	}
	for _, name := range order {
		fmt.Fprintf(&d.b, `<path class="cell %s" d="%s"/>`, name, paths[name])
	}
}
