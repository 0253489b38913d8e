package specmap

import (
	"fmt"
	"strings"
)

// Gap is what a clause still lacks.
type Gap struct {
	ID         string
	Code, Test bool // no citation there, though the clause is a MUST
	Value      bool // a constant that it gives is no number of the code
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
	if g.Value {
		line += " value"
	}
	return line
}

// open tells whether anything is lacking.
func (g Gap) open() bool { return g.Code || g.Test || g.Value }

// Gaps lists, in the order of the specification, every MUST that lacks code or a test, and
// every clause whose constants the code does not hold.
func Gaps(clauses []Clause, constants []Constant, found *Citations) []Gap {
	unheld := map[string]bool{}
	for _, k := range constants {
		if !found.Held(k) {
			unheld[k.Clause] = true
		}
	}
	var gaps []Gap
	for _, c := range clauses {
		g := Gap{ID: c.ID(), Value: unheld[c.ID()]}
		if c.Strength == "MUST" {
			g.Code, g.Test = len(found.Code[c.ID()]) == 0, len(found.Test[c.ID()]) == 0
		}
		if g.open() {
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
			case "value":
				g.Value = true
			default:
				return nil, fmt.Errorf("pending.txt:%d: %q is neither code nor test nor value", i+1, word)
			}
		}
		if !g.open() {
			return nil, fmt.Errorf("pending.txt:%d: %s lacks nothing", i+1, g.ID)
		}
		gaps = append(gaps, g)
	}
	return gaps, nil
}

// Ratchet compares what is lacking with what may still be: it lists what lacks
// something without leave, and what has leave without need.
func Ratchet(gaps, pending []Gap) []string {
	now, leave := byID(gaps), byID(pending)
	var bad []string
	for _, g := range gaps {
		bad = append(bad, g.without(leave[g.ID]).list(" binds, and no code cites it", " binds, and no test cites it",
			" gives a constant that no number of the code holds")...)
	}
	for _, g := range pending {
		bad = append(bad, g.without(now[g.ID]).list(" has code now: take it off the list", " has a test now: take it off the list",
			" has its values in the code now: take it off the list")...)
	}
	return bad
}

// without is what g lacks and other does not.
func (g Gap) without(other Gap) Gap {
	return Gap{ID: g.ID, Code: g.Code && !other.Code, Test: g.Test && !other.Test, Value: g.Value && !other.Value}
}

// within is what both lack.
func (g Gap) within(other Gap) Gap {
	return Gap{ID: g.ID, Code: g.Code && other.Code, Test: g.Test && other.Test, Value: g.Value && other.Value}
}

// list says of each thing that g lacks what the caller says of it.
func (g Gap) list(code, test, value string) []string {
	var all []string
	if g.Code {
		all = append(all, g.ID+code)
	}
	if g.Test {
		all = append(all, g.ID+test)
	}
	if g.Value {
		all = append(all, g.ID+value)
	}
	return all
}

// Prune is the pending list without what is not lacking any more. It never grows.
func Prune(gaps, pending []Gap) []Gap {
	now := byID(gaps)
	var kept []Gap
	for _, g := range pending {
		if g = g.within(now[g.ID]); g.open() {
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
