package core

import (
	"time"

	"peerwire/core/bt"
)

// haveTime is how long a have waits for something else to be said to the peer.
const haveTime = 5 * time.Second // [MSG-29]

// armHaves sees to it that no have waits longer.
func (s *Session) armHaves(now bt.Instant) {
	if s.out.Untold {
		s.out.Untold = false
		s.schedule.start(bt.TimerHaves, now.Add(haveTime))
	}
}

// tellHaves lets no have wait any more. [MSG-29]
func (s *Session) tellHaves() {
	for _, t := range s.torrents {
		t.Tell()
	}
}
