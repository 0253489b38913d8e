package script

import (
	"fmt"
	"strings"
	"time"

	"peerwire/core/bt"
)

// within is how long a run waits for what it waits for, unless it says.
const within = 10 * time.Minute

// run lets time pass: for so long, up to a time, or until something is so.
func (s *Script) run(c *command, _ string) (string, error) {
	until, conditional := c.value("until")
	limit := s.world.Now().Add(c.span("within", within))
	to, absolute := c.value("to")
	span := c.span("for", 0)
	switch {
	case conditional:
		enough, err := s.condition(until)
		if err != nil {
			return "", err
		}
		if !s.world.RunUntil(limit, enough) {
			return "", fmt.Errorf("not %s by %v", until, limit)
		}
		return "", nil
	case absolute:
		d, err := Duration(to)
		if at := bt.Instant(d); err != nil || at < s.world.Now() {
			return "", fmt.Errorf("%q is no time to come", to)
		}
		s.world.RunTo(bt.Instant(d))
	default:
		s.world.RunTo(s.world.Now().Add(span))
	}
	return "", nil
}

// condition is "complete:A,B", or "alone:A" when A has no connection.
func (s *Script) condition(text string) (func() bool, error) {
	what, names, _ := strings.Cut(text, ":")
	if what != "complete" && what != "alone" {
		return nil, fmt.Errorf("cannot tell whether %s", text)
	}
	return func() bool {
		for name := range strings.SplitSeq(names, ",") {
			n, err := s.node(name)
			if err != nil {
				return false
			}
			if _, peers := n.Peers(); what == "alone" && len(peers) > 0 {
				return false
			}
			for _, t := range s.world.Torrents() {
				if _, ok := n.Torrent(t.ID); ok && what == "complete" && !n.Complete(t) {
					return false
				}
			}
		}
		return true
	}, nil
}
