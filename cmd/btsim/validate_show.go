package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"golang.org/x/term"

	"peerwire/sim/validate"
)

// sweep shows on a terminal how many runs go on, in one line; elsewhere a line for each minute.
type sweep struct {
	mu       sync.Mutex
	out      io.Writer
	terminal bool
	began    time.Time
	drawn    time.Time
	all, did int
	todo     map[[2]int]int           // runs of a point, by the numbers of its study and its own
	costs    map[[2]int]time.Duration // of the last run of a point
}

// remark is how often a line is written where there is no terminal.
const remark = time.Minute

func newSweep(stderr io.Writer) *sweep {
	f, ok := stderr.(*os.File)
	return &sweep{out: stderr, terminal: ok && term.IsTerminal(int(f.Fd())), todo: map[[2]int]int{}, costs: map[[2]int]time.Duration{}}
}

func (s *sweep) begin(todo []swarmRun) {
	s.all, s.began = len(todo), time.Now()
	s.drawn = s.began
	for _, r := range todo {
		s.todo[[2]int{r.study, r.point}]++
	}
}

func (s *sweep) done(r swarmRun, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	point := [2]int{r.study, r.point}
	s.did++
	s.todo[point]--
	s.costs[point] = took
}

// left says how long one job will have to do what is left, when each swarm that is has been run once.
func (s *sweep) left() string {
	sum := time.Duration(0)
	for point, n := range s.todo {
		cost, known := s.costs[point]
		if n > 0 && !known {
			return ""
		}
		sum += time.Duration(n) * cost
	}
	return fmt.Sprintf(" (%v of a core to go)", sum.Round(time.Second))
}

func (s *sweep) update(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	wait, format := redraw, "\r\x1b[K%d of %d runs, %v%s   %s"
	if !s.terminal {
		wait, format = remark, "%d of %d runs, %v%s   %s\n"
	}
	if now.Sub(s.drawn) < wait {
		return
	}
	s.drawn = now
	fmt.Fprintf(s.out, format, s.did, s.all, now.Sub(s.began).Round(time.Second), s.left(), what)
}

func (s *sweep) end() {
	if s.terminal {
		fmt.Fprint(s.out, "\r\x1b[K")
	}
}

// verdicts is what a validation found.
type verdicts struct {
	studies []judged
	missed  int // figures outside their bands
	judged  int // figures that have a band
	known   int // that are missed, which their study explains
}

// judged is a study with its findings.
type judged struct {
	validate.Study
	seeds    int
	findings []validate.Finding
	held, of int
}

func (v *validation) result() *verdicts {
	r := &verdicts{}
	for i := range v.studies {
		j := judged{Study: v.studies[i], seeds: v.seeds[i], findings: v.studies[i].Judge(v.runs[i])}
		for _, f := range j.findings {
			if f.Band.None {
				continue
			}
			j.of++
			switch {
			case f.Held:
				j.held++
			case f.Explained:
				r.known++
			default:
				r.missed++
			}
		}
		r.judged += j.of
		r.studies = append(r.studies, j)
	}
	return r
}

// few says so when a study was run with fewer seeds than it asks for.
func (j *judged) few() string {
	if j.seeds >= j.Seeds {
		return ""
	}
	return fmt.Sprintf(" of the %d that it takes", j.Seeds)
}

// figure is a measured number as it is shown, with what may be said of it.
func figure(f *validate.Finding) string {
	switch {
	case f.Kind == validate.Mean && f.Within > 0:
		return fmt.Sprintf("%s ± %s", f.Figure, f.Within)
	case f.Kind == validate.Least:
		return f.Figure.String() + " (least)"
	case f.Kind == validate.Most:
		return f.Figure.String() + " (most)"
	}
	return f.Figure.String()
}

func verdict(f *validate.Finding) string {
	switch {
	case f.Band.None:
		return "-"
	case f.Held:
		return "held"
	case f.Explained:
		return "missed, explained"
	}
	return "MISSED"
}

// write shows the findings to people.
func (r *verdicts) write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for i := range r.studies {
		s := &r.studies[i]
		fmt.Fprintf(w, "%s: %s; seeds: %d%s\n", s.Name, s.By, s.seeds, s.few())
		for k := range s.findings {
			f := &s.findings[k]
			fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", verdict(f), f.Where, f.What, f.Band, figure(f))
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "%d of %d figures are in their bands", r.judged-r.missed-r.known, r.judged)
	if r.cursory() {
		fmt.Fprint(w, ", from fewer seeds than it takes: a first look")
	}
	if r.known > 0 {
		fmt.Fprintf(w, "; docs/validation.md explains %d that are not", r.known)
	}
	fmt.Fprintln(w)
	return w.Flush()
}

// cursory tells whether some study had fewer seeds than it asks for.
func (r *verdicts) cursory() bool {
	return slices.ContainsFunc(r.studies, func(j judged) bool { return j.few() != "" })
}

// chapterHead begins the chapter. What it says holds for any figures.
const chapterHead = "# What is known of swarms, and what this one does\n" + `
A wrong model and a wrong core look alike from outside: a swarm that does what it cannot do, or not what others have found. So the simulator, in which
every peer is the very core that btclient runs, is held against theorems, a fluid model and the shapes that others have published. "btsim validate
--out docs/validation.md" measures all of it and writes this chapter; its exit code is 1 when a figure is outside its band and nothing here explains
why. The figures depend on nothing but the program: a change of this file is a change of the core or of the simulator.

A figure is the mean over the seeds, with half of its 95 % confidence interval; or the least or the most of all runs. Where it is a difference, it is
one between runs with the same seeds, and is held as long as it is not below nothing by more than its interval. A figure without a band is told for
what it is worth.

`

// chapter is all of it in Markdown.
func (r *verdicts) chapter() string {
	var b strings.Builder
	b.WriteString(chapterHead)
	if r.cursory() {
		b.WriteString("**A first look**: some studies were run with fewer seeds than they take, and a band may be held or missed by chance.\n\n")
	}
	b.WriteString("| study | of | seeds | in their bands |\n| --- | --- | --- | --- |\n")
	for i := range r.studies {
		s := &r.studies[i]
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %d%s | %d of %d |\n", s.Name, s.Name, s.By, s.seeds, s.few(), s.held, s.of)
	}
	for _, s := range validate.Studies() {
		if !slices.ContainsFunc(r.studies, func(j judged) bool { return j.Name == s.Name }) {
			fmt.Fprintf(&b, "| %s | %s | not run | - |\n", s.Name, s.By)
		}
	}
	for i := range r.studies {
		s := &r.studies[i]
		fmt.Fprintf(&b, "\n## %s\n\n%s.\n\n**Claim.** %s\n\n**Setting.** %s Seeds: %d%s.\n\n", s.Name, s.By, s.Claim, s.Setting, s.seeds, s.few())
		b.WriteString("| swarm | measured | band | figure | verdict |\n| --- | --- | --- | --- | --- |\n")
		for k := range s.findings {
			f := &s.findings[k]
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Where, f.What, f.Band, figure(f), verdict(f))
		}
		if s.Note != "" {
			fmt.Fprintf(&b, "\n%s\n", s.Note)
		}
	}
	return b.String()
}

// writeJSON writes the findings as one object; docs/json.md has its keys.
func (r *verdicts) writeJSON(out io.Writer) error {
	type finding struct {
		Where   string      `json:"where"`
		What    string      `json:"what"`
		Least   json.Number `json:"band_least,omitempty"`
		Most    json.Number `json:"band_most,omitempty"`
		Figure  json.Number `json:"figure"`
		Within  json.Number `json:"within"`
		Runs    int         `json:"runs"`
		Verdict string      `json:"verdict"`
	}
	type study struct {
		Name     string    `json:"name"`
		By       string    `json:"by"`
		Seeds    int       `json:"seeds"`
		Takes    int       `json:"seeds_it_takes"`
		Findings []finding `json:"findings"`
	}
	studies := []study{}
	for i := range r.studies {
		s := &r.studies[i]
		one := study{Name: s.Name, By: s.By, Seeds: s.seeds, Takes: s.Seeds, Findings: []finding{}}
		for k := range s.findings {
			f := &s.findings[k]
			j := finding{Where: f.Where, What: f.What, Figure: json.Number(f.Figure.String()), Within: json.Number(f.Within.String()), Runs: f.Runs}
			if least, ok := f.Band.Floor(); ok {
				j.Least = json.Number(least.String())
			}
			if most, ok := f.Band.Ceiling(); ok {
				j.Most = json.Number(most.String())
			}
			j.Verdict = map[string]string{"-": "none", "held": "held", "MISSED": "missed", "missed, explained": "explained"}[verdict(f)]
			one.Findings = append(one.Findings, j)
		}
		studies = append(studies, one)
	}
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(struct {
		Studies []study `json:"studies"`
		Judged  int     `json:"judged"`
		Missed  int     `json:"missed"`
	}{studies, r.judged, r.missed})
}
