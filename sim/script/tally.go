package script

import (
	"fmt"
	"strings"

	"peerwire/sim"
)

// tally counts messages by sender, receiver and kind, in the order in which each kind first came.
type tally struct {
	rows []tallied
}

type tallied struct {
	who, to, kind string
	n             int
}

func (t *tally) count(e *sim.Entry) {
	if e.To == "" {
		return
	}
	kind, _, _ := strings.Cut(e.Text, " ")
	for i := range t.rows {
		if r := &t.rows[i]; r.who == e.Who && r.to == e.To && r.kind == kind {
			r.n++
			return
		}
	}
	t.rows = append(t.rows, tallied{e.Who, e.To, kind, 1})
}

// tallied says how many messages of each kind a node wrote to a peer, from the beginning.
func (s *Script) tallied(c *command, _ string) (string, error) {
	who, to, _ := strings.Cut(c.next(), "->")
	var list []string
	for _, r := range s.tally.rows {
		if r.who == who && r.to == to {
			list = append(list, fmt.Sprintf("%s %d", r.kind, r.n))
		}
	}
	return strings.Join(list, ", ") + "\n", nil
}
