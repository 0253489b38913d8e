package ui

import (
	"fmt"
	"io"
	"math"
	"time"
)

// Display shows how one client does. Its methods are for one goroutine.
type Display interface {
	// Show is given how it is now, several times a second. The display decides whether that is worth showing; a
	// changed state always is.
	Show(v *View)
	// Tell is given what happened.
	Tell(n Note)
	// Close ends the display, and leaves what it showed last.
	Close()
}

// Note is something that happened. Which fields stand beside Event is said in docs/json.md.
type Note struct {
	Event   string // its name for programs: "listening", "warning" ...
	Text    string // for people, one printable line; empty when it is of no use to them
	Address string // "listening": where; "violation", "ban", "peer": of the peer
	Message string // "warning", "error", "tracker": what is wrong
	Tracker string // "tracker": its address, without secrets
	State   string // "tracker": how it is now

	Violation string // "violation": what the peer did
	Clause    string // "violation": what it broke by it

	Seconds float64 // "complete": since the start
}

// NewLive is a display that redraws itself on a terminal.
func NewLive(s *Screen) Display { return live{s} }

type live struct{ screen *Screen }

func (l live) Show(v *View) { l.screen.Draw(func(k Look) []Line { return Draw(v, k) }) }

func (l live) Tell(n Note) {
	switch {
	case n.Text == "" || n.Event == "tracker": // trackers have lines of their own
	case n.Event == "stopped":
		l.screen.Clear()
		fallthrough
	default:
		l.screen.Print(n.Text)
	}
}

func (l live) Close() { l.screen.Close() }

// NewPlain is a display that writes lines: what happens, and how it is every few seconds.
func NewPlain(w io.Writer) Display { return &plain{w: w, shown: -1} }

// plainPause is between two lines of a plain display.
const plainPause = 5 * time.Second

type plain struct {
	w     io.Writer
	state State
	shown time.Duration // when; negative before the first line
}

func (p *plain) Show(v *View) {
	if p.shown >= 0 && v.State == p.state && v.Elapsed-p.shown < plainPause {
		return
	}
	p.state, p.shown = v.State, v.Elapsed
	fmt.Fprintln(p.w, PlainLine(v))
	for _, l := range drawWhy(v, math.MaxInt) {
		fmt.Fprintln(p.w, l.String())
	}
}

func (p *plain) Tell(n Note) {
	if n.Text != "" {
		fmt.Fprintln(p.w, n.Text)
	}
}

func (p *plain) Close() {}

// NewQuiet is a display that shows warnings alone, on w.
func NewQuiet(w io.Writer) Display { return quiet{w} }

type quiet struct{ w io.Writer }

func (q quiet) Show(*View) {}

func (q quiet) Tell(n Note) {
	if n.Event == "warning" {
		fmt.Fprintln(q.w, n.Text)
	}
}

func (q quiet) Close() {}
