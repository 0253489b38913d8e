package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"golang.org/x/term"
)

// meter shows how a campaign goes on: a line on a terminal, failures everywhere.
type meter struct {
	out   io.Writer
	live  bool // out is a terminal
	began time.Time
	drawn time.Time
}

func newMeter(stderr io.Writer) *meter {
	f, ok := stderr.(*os.File)
	return &meter{out: stderr, live: ok && term.IsTerminal(int(f.Fd())), began: time.Now()}
}

// update tells of a run that is done.
func (m *meter) update(t *tally, e *entry) {
	if e.Verdict == "failed" {
		m.end()
		fmt.Fprintf(m.out, "%s, seed %d: %s: %s\n", e.Scenario, e.Seed, e.Checker, e.Text)
		if s := e.Shrunk; s != nil {
			fmt.Fprintf(m.out, "  made small: %s, %s, %s events; %s:\n",
				plural(s.Peers, "peer"), plural(s.Pieces, "piece"), grouped(int64(s.Events)), s.again())
			for _, c := range e.commands() {
				fmt.Fprintf(m.out, "    %s\n", c)
			}
		}
	}
	now := time.Now()
	if !m.live || now.Sub(m.drawn) < redraw {
		return
	}
	m.drawn = now
	wall := now.Sub(m.began)
	done := int64(t.Runs - t.Before)
	fmt.Fprintf(m.out, "\r\x1b[K%s, %s a second   %s virtual   %s faults   %d failed   wall %v", plural(t.Runs, "run"),
		decimal(done*10*int64(time.Second)/max(1, int64(wall))), hours(t.Virtual), grouped(int64(t.Faults)), t.Failed, wall.Round(time.Second))
}

// again says what the commands are for that show a failure again.
func (s *shrunk) again() string {
	if s.Late {
		return "there was no time to make it smaller; to see it again, and to go on with that"
	}
	return "to see it again"
}

func (m *meter) end() {
	if m.live {
		fmt.Fprint(m.out, "\r\x1b[K")
	}
}

// decimal writes tenths.
func decimal(tenths int64) string { return fmt.Sprintf("%d.%d", tenths/10, tenths%10) }

// hours is a long time.
func hours(d time.Duration) string { return decimal(int64(d/(6*time.Minute))) + " h" }

// write shows a campaign's summary to people.
func (t *tally) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what, format string, args ...any) { fmt.Fprintf(w, what+"\t"+format+"\n", args...) }
	line("runs", "%s, %s of them before", grouped(int64(t.Runs)), grouped(int64(t.Before)))
	if t.UnderWay > 0 {
		line("under way", "%s when the time was up: not counted, and run when the same command goes on", plural(t.UnderWay, "more run"))
	}
	line("virtual time", "%s", hours(t.Virtual))
	line("events", "%s", grouped(int64(t.Events)))
	line("faults injected", "%s", grouped(int64(t.Faults)))
	line("beyond help", "%s", plural(t.Beyond, "swarm"))
	line("failed", "%s", plural(t.Failed, "run"))
	for _, c := range t.By {
		line("  "+c.Checker, "%s, seed %d %s", plural(c.Runs, "run"), c.Seed, c.Kept)
	}
	line("wall time", "%s", seconds(t.Wall))
	return w.Flush()
}

// writeJSON writes a summary as one object; docs/json.md has its keys.
func (t *tally) writeJSON(out io.Writer) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	by := t.By
	if by == nil {
		by = []caught{}
	}
	return e.Encode(struct {
		Runs    int         `json:"runs"`
		Before  int         `json:"runs_before"`
		Cut     int         `json:"runs_under_way"`
		Beyond  int         `json:"beyond_help"`
		Failed  int         `json:"failed"`
		Events  uint64      `json:"events"`
		Faults  uint64      `json:"faults_injected"`
		Virtual json.Number `json:"virtual_seconds"`
		Wall    json.Number `json:"wall_seconds"`
		By      []caught    `json:"failures"`
	}{t.Runs, t.Before, t.UnderWay, t.Beyond, t.Failed, t.Events, t.Faults, thousandths(t.Virtual), thousandths(t.Wall), by})
}
