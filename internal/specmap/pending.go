package specmap

import (
	"fmt"
	"strings"
)

// Gap is what a MUST still lacks.
type Gap struct {
	ID         string
	Code, Test bool // true when it lacks a citation there
}

// String writes the gap as a line of pending.txt, such as "MSG-4 code test".
func (g Gap) String() string {
	line := g.ID
	if g.Code {
		line += " code"
	}
	if g.Test {
		line += " test"
	}
	return line
}

// open tells whether anything is lacking.
func (g Gap) open() bool { return g.Code || g.Test }

// Gaps lists, in the order of the specification, every MUST that lacks code or a test.
func Gaps(clauses []Clause, found *Citations) []Gap {
	var gaps []Gap
	for _, c := range clauses {
		g := Gap{ID: c.ID(), Code: len(found.Code[c.ID()]) == 0, Test: len(found.Test[c.ID()]) == 0}
		if c.Strength == "MUST" && g.open() {
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// ParseGaps reads the lines of pending.txt; # starts a comment line.
func ParseGaps(text string) ([]Gap, error) {
	var gaps []Gap
	for i, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		g := Gap{ID: words[0]}
		for _, word := range words[1:] {
			switch word {
			case "code":
				g.Code = true
			case "test":
				g.Test = true
			default:
				return nil, fmt.Errorf("pending.txt:%d: %q is neither code nor test", i+1, word)
			}
		}
		if !g.open() {
			return nil, fmt.Errorf("pending.txt:%d: %s lacks nothing", i+1, g.ID)
		}
		gaps = append(gaps, g)
	}
	return gaps, nil
}

// Ratchet compares what is lacking with what may still be: it lists what lacks a
// citation without leave, and what has leave without need.
func Ratchet(gaps, pending []Gap) []string {
	now, leave := byID(gaps), byID(pending)
	var bad []string
	for _, g := range gaps {
		if g.Code && !leave[g.ID].Code {
			bad = append(bad, g.ID+" binds, and no code cites it")
		}
		if g.Test && !leave[g.ID].Test {
			bad = append(bad, g.ID+" binds, and no test cites it")
		}
	}
	for _, g := range pending {
		if g.Code && !now[g.ID].Code {
			bad = append(bad, g.ID+" has code now: take it off the list")
		}
		if g.Test && !now[g.ID].Test {
			bad = append(bad, g.ID+" has a test now: take it off the list")
		}
	}
	return bad
}

// Prune is the pending list without what is not lacking any more. It never grows.
func Prune(gaps, pending []Gap) []Gap {
	now := byID(gaps)
	var kept []Gap
	for _, g := range pending {
		g.Code, g.Test = g.Code && now[g.ID].Code, g.Test && now[g.ID].Test
		if g.open() {
			kept = append(kept, g)
		}
	}
	return kept
}

func byID(gaps []Gap) map[string]Gap {
	m := make(map[string]Gap, len(gaps))
	for _, g := range gaps {
		m[g.ID] = g
	}
	return m
}
