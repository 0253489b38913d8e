package crowd

import (
	"fmt"

	"peerwire/sim"
)

// Parting is where two runs that should be one differ.
type Parting struct {
	Event         uint64 // the number of the first event that differs
	First, Second string // what it was in the one and in the other; empty where there was none
}

// String says it in three lines.
func (p *Parting) String() string {
	return fmt.Sprintf("event %d differs\n  first:  %s\n  second: %s", p.Event, orNone(p.First), orNone(p.Second))
}

func orNone(line string) string {
	if line == "" {
		return "there was none"
	}
	return line
}

// Repeat runs again what a trace was taken of, and gives where the two part; nil when they are the same. To find that, both are run once more,
// as only checkpoints are kept of all that happens.
func Repeat(first *sim.Trace, run func(*sim.Trace) error) (*Parting, error) {
	second := sim.NewTrace()
	if err := run(second); err != nil {
		return nil, err
	}
	if first.Sum() == second.Sum() {
		return nil, nil
	}
	from := uint64(0)
	for i, sum := range first.Checks() {
		if i >= len(second.Checks()) || second.Checks()[i] != sum {
			break
		}
		from += sim.CheckEvery
	}
	var lines [2][]string
	for i := range lines {
		t := sim.NewTrace()
		t.From, t.To = from, from+sim.CheckEvery
		t.Tell = func(line string) { lines[i] = append(lines[i], line) }
		if err := run(t); err != nil {
			return nil, err
		}
	}
	p := &Parting{Event: from}
	for ; ; p.Event++ {
		p.First, p.Second = nth(lines[0], p.Event-from), nth(lines[1], p.Event-from)
		if p.First != p.Second || p.First == "" {
			return p, nil
		}
	}
}

// nth is a line; empty when there are not so many.
func nth(lines []string, i uint64) string {
	if i < uint64(len(lines)) {
		return lines[i]
	}
	return ""
}
