package main

import (
	"fmt"
	"io"
	"strings"

	"peerwire/core/fsm"
)

// report prints the table and the survivors, and judges.
func report(out io.Writer, chosen []group, results []result) (int, error) {
	lines := fsm.Lines{{"group", "mutants", "caught", "%", "test failed", "crashed", "too slow", "survived"}}
	var survivors strings.Builder
	code := exitEnough
	var all tally
	for _, g := range chosen {
		var t tally
		for _, r := range results {
			if r.Group == g.name {
				t.add(r)
				all.add(r)
				if r.How == survived {
					fmt.Fprintf(&survivors, "%s  %s  %s\n", r.Group, r.Place, r.Change)
				}
			}
		}
		if t.caught()*100 < t.total*enough {
			code = exitFewer
		}
		lines = append(lines, t.line(g.name))
	}
	if len(chosen) > 1 {
		lines = append(lines, all.line("all"))
	}
	text := lines.Markdown()
	if survivors.Len() > 0 {
		text += "\nsurvivors:\n" + survivors.String()
	}
	if code == exitFewer {
		text += fmt.Sprintf("\nfewer than %d %% of a group were caught\n", enough)
	}
	_, err := io.WriteString(out, text)
	if err != nil {
		return exitFailed, err
	}
	return code, nil
}

// tally counts results.
type tally struct{ total, failed, crashed, slow int }

func (t *tally) add(r result) {
	t.total++
	switch r.How {
	case failed:
		t.failed++
	case crashed:
		t.crashed++
	case tooSlow:
		t.slow++
	}
}

func (t *tally) caught() int { return t.failed + t.crashed + t.slow }

func (t *tally) line(name string) []string {
	percent := 0.0
	if t.total > 0 {
		percent = float64(t.caught()) * 100 / float64(t.total)
	}
	return []string{
		name, fmt.Sprint(t.total), fmt.Sprint(t.caught()), fmt.Sprintf("%.1f", percent),
		fmt.Sprint(t.failed), fmt.Sprint(t.crashed), fmt.Sprint(t.slow), fmt.Sprint(t.total - t.caught()),
	}
}
