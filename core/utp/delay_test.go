package utp

import (
	"testing"
	"time"

	"peerwire/core/bt"
)

// at is an instant in seconds.
func at(seconds int) bt.Instant { return bt.Instant(seconds) * bt.Instant(time.Second) }

// The base is the least delay of ten minutes, and the delay of now the least of four samples, wherever the clocks stand. [UTP-28]
func TestDelays(t *testing.T) {
	for _, clock := range []uint32{0, 1 << 31, 1<<32 - 50_000, 12345} {
		var d delays
		sample := func(second int, micros uint32) time.Duration {
			d.arrived(at(second), 0, clock+micros, true)
			return d.queueing
		}
		sample(0, 20_000)
		for i, want := range []int{0, 0, 0, 70} { // the fourth that is late is the first without an early one among the latest
			if have := sample(1, 90_000); have != time.Duration(want)*time.Millisecond {
				t.Errorf("clock %d: sample %d tells of %s", clock, i, have)
			}
		}
		if have := sample(2, 50_000); have != 30*time.Millisecond {
			t.Errorf("clock %d: %s after one of 30 ms", clock, have)
		}
		for minute := 1; minute <= baseMinutes; minute++ {
			if have := sample(60*minute, 50_000); (have == 0) != (minute == baseMinutes) {
				t.Errorf("clock %d: %s in minute %d", clock, have, minute)
			}
		}
	}
}

// When what the peer sends takes less from minute to minute, the clocks drift, and ours seem to take more: it is known of all minutes that
// are over, and corrected. What falls by more in a minute is no clock's doing. [UTP-29]
func TestDrift(t *testing.T) {
	for _, c := range []struct{ fall, left uint32 }{{0, 0}, {100, 100}, {6000, 6000}, {9999, 9999}, {10_000, 30_000}, {50_000, 150_000}} {
		var d delays
		for minute := range uint32(4) {
			d.arrived(at(60*int(minute)), 1<<31-minute*c.fall, minute*c.fall, true)
		}
		for range currentSamples {
			d.arrived(at(181), 1<<31-3*c.fall, 3*c.fall, true)
		}
		if want := time.Duration(c.left) * time.Microsecond; d.queueing != want {
			t.Errorf("a fall of %d µs a minute leaves %s, want %s", c.fall, d.queueing, want)
		}
	}
}
