package ui

import (
	"fmt"
	"strings"

	"peerwire/cmd/internal/printable"
)

// Look is what a display has to draw on.
type Look struct {
	Width   int  // columns
	Height  int  // lines
	Unicode bool // characters beyond ASCII can be shown
}

func (k Look) ellipsis() string {
	if k.Unicode {
		return "…"
	}
	return "..."
}

// Draw draws one client: name, progress, rates, trackers, and as many peers as there is room for. No line is wider
// than the look, nor are there more lines than it has.
func Draw(v *View, k Look) []Line {
	lines := []Line{
		{{printable.Text(v.Name), Bold}},
		progressLine(v, k),
		statusLine(v),
	}
	if v.Fault != "" {
		lines = append(lines, Line{{"disk: ", Bad}, {printable.Text(v.Fault), Bad}})
	}
	lines = append(lines, trackerLines(v)...)
	if v.State != Checking {
		why := drawWhy(v, k.Width)
		lines = append(lines, drawPeers(v, k, k.Height-len(lines)-len(why))...)
		lines = append(lines, why...)
	}
	return fit(lines, k)
}

// fit cuts lines to what there is room for.
func fit(lines []Line, k Look) []Line {
	lines = lines[:min(len(lines), max(k.Height, 0))]
	for i := range lines {
		lines[i] = lines[i].cut(k.Width, k.ellipsis())
	}
	return lines
}

func progressLine(v *View, k Look) Line {
	text := fmt.Sprintf("  %6s  %s", Percent(v.Done, v.Total), Portion(v.Done, v.Total))
	const least, most = 10, 60
	room := min(k.Width-width(text), most)
	if room < least {
		return Text(strings.TrimLeft(text, " "))
	}
	full, empty := bar(v.Done, v.Total, room, k.Unicode)
	style := Accent
	if v.State >= Complete {
		style = Good
	}
	return Line{{full, style}, {empty, Dim}, {Text: text}}
}

// bar draws how much of total is done, columns wide.
func bar(done, total int64, columns int, unicode bool) (full, empty string) {
	const steps = 8
	eighths := columns * steps
	if done < total {
		eighths = min(int(float64(done)/float64(total)*float64(eighths)), eighths-1)
	}
	n := eighths / steps
	if !unicode {
		return strings.Repeat("#", n), strings.Repeat("-", columns-n)
	}
	full = strings.Repeat("█", n)
	if rest := eighths % steps; rest > 0 {
		full += string([]rune(" ▏▎▍▌▋▊▉")[rest])
		n++
	}
	return full, strings.Repeat("░", columns-n)
}

func statusLine(v *View) Line {
	style := Plain
	switch v.State {
	case Stalled:
		style = Bad
	case Complete, Seeding:
		style = Good
	}
	l := Line{{v.work(), style}}
	if v.State == Checking {
		return l
	}
	rest := fmt.Sprintf("  down %s  up %s", Rate(v.DownRate), Rate(v.UpRate))
	if left, ok := v.Left(); ok {
		rest += "  " + Duration(left) + " left"
	}
	rest += fmt.Sprintf("  %s of %d known", Count(int64(v.Open()), "peer"), v.Known)
	if v.Uploaded > 0 {
		rest += "  uploaded " + Bytes(v.Uploaded)
	}
	return append(l, Span{Text: rest})
}

// trackerLines shows the trackers that say something: those in use and those that fail.
func trackerLines(v *View) (lines []Line) {
	const most = 3
	for i := range v.Trackers {
		t := &v.Trackers[i]
		if t.State == "idle" {
			continue
		}
		if len(lines) == most {
			return append(lines, Line{{fmt.Sprintf("and %d more trackers", len(v.Trackers)-most), Dim}})
		}
		style := Plain
		if t.Error != "" {
			style = Bad
		}
		lines = append(lines, Line{{Text: "tracker "}, {TrackerText(t), style}})
	}
	return lines
}

// TrackerText says in one line how a tracker is.
func TrackerText(t *Tracker) string {
	var s strings.Builder
	if t.Error == "" { // an error names the tracker itself
		s.WriteString(t.URL + " ")
	}
	s.WriteString(t.State)
	if t.Error != "" {
		s.WriteString(": " + strings.TrimPrefix(t.Error, "tracker "))
	}
	if t.Seeders >= 0 && t.Leechers >= 0 && t.Error == "" {
		fmt.Fprintf(&s, ", %s, %s", Count(int64(t.Seeders), "seed"), Count(int64(t.Leechers), "leecher"))
	}
	if t.Next > 0 {
		s.WriteString(", again in " + Duration(t.Next))
	}
	if t.Warning != "" {
		s.WriteString("; it says: " + t.Warning)
	}
	return printable.Text(s.String())
}

// DrawMeter draws how far a work is that needs no more than that, at a rate in bytes a second.
func DrawMeter(what string, done, total, rate int64, k Look) []Line {
	v := View{State: Downloading, Done: done, Total: total, DownRate: rate}
	rest := "  " + Rate(rate)
	if left, ok := v.Left(); ok {
		rest += "  " + Duration(left) + " left"
	}
	l := Line{{what + "  ", Plain}}
	l = append(l, progressLine(&v, Look{Width: k.Width - l.Width() - width(rest), Unicode: k.Unicode})...)
	return fit([]Line{append(l, Span{Text: rest})}, k)
}
