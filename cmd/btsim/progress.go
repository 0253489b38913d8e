package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"peerwire/sim/crowd"
)

// progress shows on a terminal how a run goes on, in one line.
type progress struct {
	out   io.Writer  // nil when nobody looks
	width func() int // of the terminal, in letters
	drawn time.Duration
	then  uint64 // messages when the line was drawn last
}

// redraw is how often the line is drawn.
const redraw = 200 * time.Millisecond

func newProgress(stderr io.Writer) *progress {
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return &progress{out: stderr, width: func() int {
			width, _, err := term.GetSize(int(f.Fd()))
			if err != nil {
				return 80
			}
			return width
		}}
	}
	return &progress{}
}

func (p *progress) update(c *crowd.Crowd, wall time.Duration) {
	if p.out == nil || wall-p.drawn < redraw {
		return
	}
	messages := c.World().Messages()
	rate := int64(messages-p.then) * int64(time.Second) / int64(wall-p.drawn)
	p.drawn, p.then = wall, messages
	n := c.Counts()
	line := fmt.Sprintf("t=%-8v wall %-7v %9s events/s  %d of %d complete, %d seeds, %d here",
		time.Duration(c.Now()).Round(time.Second), wall.Round(100*time.Millisecond), grouped(rate), n.Completed, n.Peers, n.Seeds, n.Present)
	fmt.Fprint(p.out, "\r\x1b[K"+line[:max(0, min(len(line), p.width()-1))]) // a line that wraps could not be drawn over
}

func (p *progress) end() {
	if p.out != nil {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}
