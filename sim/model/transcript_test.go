package model_test

import (
	"fmt"
	"slices"
	"strings"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/model"
	"peerwire/sim/script"
)

// history is the commands that were played, and how.
type history struct {
	lines   []string
	cutting sim.Cutting
	judge   func(*model.Model) sim.Judge // of what the model is let see
}

// honest lets the model see what the core does.
func honest(m *model.Model) sim.Judge { return m }

// options are those of a world in which a history is played.
func (h *history) options() sim.Options {
	return sim.Options{Seed: 1, Cutting: h.cutting, Judge: func(cfg bt.Config) sim.Judge { return h.judge(model.New(cfg)) }}
}

// clauseOf is the clause that is broken, as something that went wrong says; empty when it says none.
func clauseOf(err error) string {
	if err == nil {
		return ""
	}
	_, after, _ := strings.Cut(err.Error(), "[")
	id, _, _ := strings.Cut(after, "]")
	return id
}

// play plays the history once more, and says what goes wrong in its world, and with the script itself.
func (h *history) play(lines []string) (broken, bad error) {
	s := script.New(h.options())
	for _, line := range lines {
		if s.Do(line, ""); s.Err() != nil {
			break
		}
	}
	return s.World().Fault(), s.Err()
}

// shrink leaves out every command without which the same clause is broken still.
func (h *history) shrink() {
	broken, _ := h.play(h.lines)
	id := clauseOf(broken)
	for again := broken != nil; again; {
		again = false
		for i := len(h.lines) - 1; i >= 0; i-- {
			rest := slices.Delete(slices.Clone(h.lines), i, i+1)
			if broken, _ := h.play(rest); broken != nil && clauseOf(broken) == id {
				h.lines, again = rest, true
			}
		}
	}
}

// transcript is the history as package script reads it, with what is to be seen: but after the last command, when something goes wrong then.
func (h *history) transcript() string {
	var b strings.Builder
	broken, _ := h.play(h.lines)
	fmt.Fprintf(&b, "# %v\n# clauses: %s\n", broken, clauseOf(broken))
	s := script.New(h.options())
	for i := 0; i < len(h.lines); i++ {
		line, seen := h.lines[i], ""
		b.WriteString("\n")
		if isSetUp(line) {
			b.WriteString("scene\n")
		}
		for ; isSetUp(line) && i+1 < len(h.lines) && isSetUp(h.lines[i+1]); i++ {
			s.Do(line, "")
			b.WriteString(line + "\n")
			line = h.lines[i+1]
		}
		if seen = s.Do(line, ""); s.Err() != nil {
			seen = ""
		}
		b.WriteString(line + "\n----\n" + seen)
	}
	return b.String()
}

// isSetUp tells whether nobody needs to see what comes of a command.
func isSetUp(line string) bool {
	verb, _, _ := strings.Cut(line, " ")
	return slices.Contains([]string{"node", "torrent", "raw"}, verb) || line == "disk M by-hand"
}
