package core

import (
	"time"

	"peerwire/core/bt"
)

// retryTime is how long a peer that can be asked for nothing in end-game waits until it is looked at again.
const retryTime = time.Second // [PCK-17]

// armRetry sees to it that who is idle in end-game is looked at again.
func (s *Session) armRetry(now bt.Instant) {
	if s.out.Idle {
		s.out.Idle = false
		s.schedule.start(bt.TimerEndGame, now.Add(retryTime))
	}
}

// retry looks again at those who are idle in end-game. [PCK-17]
func (s *Session) retry() {
	for _, t := range s.torrents {
		t.Retry()
	}
}
