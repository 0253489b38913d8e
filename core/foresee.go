package core

import (
	"peerwire/core/bt"
	"peerwire/internal/prefetch"
)

// Foreseen is how many steps Foresee has.
const Foreseen = 4

// Foresee has the processor fetch what a call looks at, about a connection or, if id is 0, none: in steps from 0 to Foreseen-1, each of which needs what
// the one before has fetched, and that takes a tenth of a microsecond. It changes nothing. It is for who runs thousands of sessions and knows whose turn
// comes soon.
func (s *Session) Foresee(id bt.ConnID, step int) {
	switch step {
	case 0:
		prefetch.Value(s)
	case 1:
		s.conns.Foresee(id)
		prefetch.Element(s.torrents, 0)
	case 2:
		prefetch.Value(s.conn(id))
		if len(s.torrents) > 0 {
			prefetch.Value(s.torrents[0])
		}
	case 3:
		if len(s.torrents) > 0 {
			s.torrents[0].Foresee()
		}
	}
}
