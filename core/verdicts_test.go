package core

import (
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/choke"
)

// Each verdict of the choker is told with its reason, and with the numbers that it was taken by, in their units. [WHY-1]
func TestSlotReasons(t *testing.T) {
	cfg := bt.DefaultConfig()
	cfg.UploadSlots = 10
	s := New(cfg, nil)
	const now = bt.Instant(100 * time.Second)
	ms := func(n int64) int64 { return n * int64(time.Millisecond) }
	for _, c := range []struct {
		reason    choke.Reason
		measure   choke.Measure
		own, line int64
		want      string
	}{
		{choke.ByRank, choke.Received, 310000, 120000, "rank 3 of 8 slots, 31 kB/s against 12 kB/s"},
		{choke.ByRank, choke.Sent, 50009, 40000, "rank 3 of 8 slots, 5000 B/s against 4000 B/s"},
		{choke.ByRank, choke.NoMeasure, 0, 0, "rank 3 of 8 slots, and nobody after it"},
		{choke.ByRank, choke.TurnOver, 0, -1, "rank 3 of 8 slots, as the turn of the next is over"},
		{choke.ByRank, choke.Score, 900, 500, "rank 3 of 8 slots, 900 parts from half against 500"},
		{choke.ByRank, choke.Holding, 1, 0, "rank 3 of 8 slots, as it uses its slot"},
		{choke.ByRank, choke.Waited, ms(3500), ms(1000), "rank 3 of 8 slots, having waited 3.5 s against 1 s"},
		{choke.ByRank, choke.Age, -1, -2, "rank 3 of 8 slots, having waited 40 s against 40 s"},
		{choke.OutRanked, choke.Received, 120000, 310000, "rank 3 of 8 slots, 12 kB/s against 31 kB/s"},
		{choke.OutRanked, choke.Sent, 0, 40000, "rank 3 of 8 slots, 0 B/s against 4000 B/s"},
		{choke.OutRanked, choke.NoMeasure, 0, 0, "rank 3 of 8 slots"},
		{choke.OutRanked, choke.Score, 500, 900, "rank 3 of 8 slots, 500 parts from half against 900"},
		{choke.OutRanked, choke.Holding, 0, 1, "rank 3 of 8 slots, as others use theirs"},
		{choke.OutRanked, choke.Waited, ms(1000), ms(3500), "rank 3 of 8 slots, having waited 1 s against 3.5 s"},
		{choke.OutRanked, choke.Age, -2, -1, "rank 3 of 8 slots, having waited 40 s against 40 s"},
		{choke.Promoted, choke.Received, 310000, 120000, "promoted: rank 3 of 8 slots, 31 kB/s against 12 kB/s"},
		{choke.Promoted, choke.Waited, ms(3500), ms(1000), "promoted: rank 3 of 8 slots, 700 B/s against 700 B/s"},
		{choke.Promoted, choke.NoMeasure, 0, 0, "promoted: rank 3 of 8 slots, 700 B/s against 0 B/s"},
		{choke.Reserved, choke.Received, 0, 50000, "a slot that its torrent reserves: rank 3 of 8 slots, 0 B/s against 5000 B/s"},
		{choke.ReservedElsewhere, choke.Received, 50000, 60000, "the slots are reserved for other torrents: rank 3 of 8 slots, 5000 B/s against 6000 B/s"},
		{choke.FreeSlot, choke.NoMeasure, 0, 0, "a slot was free"},
		{choke.NoLimit, choke.NoMeasure, 0, 0, "there is a slot for everybody"},
		{choke.ByTurn, choke.Queued, ms(9000), ms(1), "it has waited longest for an optimistic slot, of which there are 2"},
		{choke.TurnEnded, choke.TurnOver, -1, 0, "its turn is over: 9999 kB sent in 40 s"},
		{choke.Withdrawn, choke.Received, 0, 1, "there are fewer optimistic slots, or they are reserved"},
		{choke.RotatedOut, choke.Queued, ms(70000), ms(80000), "others have waited longer for an optimistic slot: 70 s against 80 s"},
		{choke.RotatedOut, choke.Lot, -9, -3, "others have waited longer for an optimistic slot: 70 s against 70 s"},
		{choke.Snubbing, choke.NoMeasure, 0, 0, "it lets our requests wait"},
		{choke.NotInterested, choke.NoMeasure, 0, 0, "it is not interested"},
		{choke.Unchanged, choke.NoMeasure, 0, 0, ""},
		{choke.NotYet, choke.Queued, ms(1), ms(2), ""},
	} {
		v := choke.Candidate{
			Received: 7000, SentThisTurn: 9_999_999, UnchokedAt: now.Add(-40 * time.Second), OptimisticAt: now.Add(-70 * time.Second),
			Because: choke.Because{Reason: c.reason, Measure: c.measure, Rank: 3, Slots: 8, Own: c.own, Line: c.line},
		}
		why, ok := s.slotReason(now, &v)
		got := ""
		if ok {
			got = why.Text()
		}
		if got != c.want || ok && why.Since != now {
			t.Errorf("%s, %s: %q, want %q", c.reason, c.measure, got, c.want)
		}
	}
}
