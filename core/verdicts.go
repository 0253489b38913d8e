package core

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/choke"
)

// becauseOf are the reasons that go with rank, slots and rates, or with no number.
var becauseOf = [...]bt.Because{
	choke.Promoted: bt.WonPromotion, choke.Reserved: bt.WonByReserve, choke.FreeSlot: bt.WonFree, choke.NoLimit: bt.WonUnlimited,
	choke.ReservedElsewhere: bt.LostReserve, choke.Withdrawn: bt.LostSurplus,
	choke.Snubbing: bt.LostSnubbed, choke.NotInterested: bt.LostInterest,
}

// wonBy and lostBy are the reasons of rank, by what told the candidates apart.
var (
	wonBy = [...]bt.Because{
		choke.NoMeasure: bt.WonUncontested, choke.Received: bt.WonByRank, choke.TurnOver: bt.WonByTurn, choke.Sent: bt.WonByRank,
		choke.Score: bt.WonByScore, choke.Holding: bt.WonByUse, choke.Waited: bt.WonByWait, choke.Age: bt.WonByWait,
	}
	lostBy = [...]bt.Because{
		choke.NoMeasure: bt.LostOutright, choke.Received: bt.LostByRank, choke.Sent: bt.LostByRank,
		choke.Score: bt.LostByScore, choke.Holding: bt.LostByUse, choke.Waited: bt.LostByWait, choke.Age: bt.LostByWait,
	}
)

// slotReason puts the reason of a verdict together; false when nothing was decided about the candidate. [WHY-1]
func (s *Session) slotReason(now bt.Instant, v *choke.Candidate) (why bt.Why, ok bool) {
	b := &v.Because
	switch b.Reason {
	case choke.Unchanged, choke.NotYet:
		return why, false
	case choke.ByRank:
		return rankReason(now, v, wonBy[b.Measure]), true
	case choke.OutRanked:
		return rankReason(now, v, lostBy[b.Measure]), true
	case choke.TurnEnded:
		return bt.NewWhy(now, bt.LostTurnOver, v.SentThisTurn, bt.Millis(now.Sub(v.UnchokedAt))), true
	case choke.RotatedOut:
		waited := now.Sub(v.OptimisticAt)
		other := waited
		if b.Measure == choke.Queued {
			other = time.Duration(b.Line)
		}
		return bt.NewWhy(now, bt.LostRotation, bt.Millis(waited), bt.Millis(other)), true
	case choke.ByTurn:
		_, optimistic := s.slots.rules.Split(s.slots.count)
		return bt.NewWhy(now, bt.WonRotation, int64(optimistic)), true
	}
	own, line := rates(v)
	return bt.NewWhy(now, becauseOf[b.Reason], int64(b.Rank), int64(b.Slots), own, line), true
}

// rankReason is a reason of rank, with the figures that told the candidate from the other side of the line.
func rankReason(now bt.Instant, v *choke.Candidate, because bt.Because) bt.Why {
	own, line := rates(v)
	switch b := &v.Because; b.Measure {
	case choke.Score:
		own, line = b.Own, b.Line
	case choke.Waited:
		own, line = bt.Millis(time.Duration(b.Own)), bt.Millis(time.Duration(b.Line))
	case choke.Age: // they have waited equally long
		own = bt.Millis(now.Sub(v.UnchokedAt))
		line = own
	}
	return bt.NewWhy(now, because, int64(v.Because.Rank), int64(v.Because.Slots), own, line)
}

// rates are what came from the candidate, and from the other side of the line, in bytes a second; or what was sent to them, where that told them
// apart. What does not tell them apart is equal.
func rates(v *choke.Candidate) (own, line int64) {
	own, line = v.Received, v.Received
	switch v.Because.Measure {
	case choke.NoMeasure:
		line = 0
	case choke.Received, choke.Sent:
		own, line = v.Because.Own, v.Because.Line
	}
	return own / roundSeconds, line / roundSeconds
}

// roundSeconds is what the bytes of a round are divided by for a rate.
const roundSeconds = int64(choke.RoundInterval / time.Second)
