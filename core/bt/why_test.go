package bt

import (
	"math"
	"strings"
	"testing"
	"time"
)

// A reason is said in words with each of its numbers in its unit. [WHY-1]
func TestWhyInWords(t *testing.T) {
	for _, c := range []struct {
		because Because
		numbers []int64
		want    string
	}{
		{LostByRank, []int64{7, 4, 12_345, 31_999_999}, "rank 7 of 4 slots, 12 kB/s against 31 MB/s"},
		{WonByRank, []int64{1, 2, 9999, 10_000}, "rank 1 of 2 slots, 9999 B/s against 10 kB/s"},
		{LostTurnOver, []int64{9_999_999, 75_000}, "its turn is over: 9999 kB sent in 75 s"},
		{RequestOverdue, []int64{2100, 2000, 8}, "no block for 2.1 s, the limit is 2 s; 8 requests outstanding"},
		{PayloadStalled, []int64{20_999, 20_000, 1}, "no payload for 20 s, the limit is 20 s; 1 requests outstanding"},
		{SharedBadPiece, []int64{17, 3}, "piece 17 failed, to which 3 peers contributed"},
		{HasWanted, []int64{-1}, "it has 0 pieces that we lack"},
		{HasWanted, []int64{math.MaxInt64}, "it has 4294967295 pieces that we lack"},
		{ChokedAtFirst, nil, "every peer begins choked"},
	} {
		w := NewWhy(5, c.because, c.numbers...)
		if got := w.Text(); got != c.want || w.Since != 5 {
			t.Errorf("%v: %q, want %q", c.because, got, c.want)
		}
	}
}

// Every reason has a name of its own, a clause, and a place in its text for each of its numbers. [WHY-1]
func TestReasonsAreWhole(t *testing.T) {
	names := make(map[string]bool)
	for b := Unexplained + 1; b < NumReasons; b++ {
		e := explanations[b]
		if e.name == "" || names[e.name] || e.clause == 0 || strings.Count(e.text, "%") != len(e.numbers) || len(e.numbers) > maxNumbers {
			t.Errorf("reason %d is %+v", b, e)
		}
		names[e.name] = true
	}
}

func TestInWords(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 99 * time.Millisecond: "0 s", 1500 * time.Millisecond: "1.5 s", 9999 * time.Millisecond: "9.9 s",
		10 * time.Second: "10 s", 10001 * time.Millisecond: "10 s", time.Hour: "3600 s",
	} {
		if got := InWords(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}
