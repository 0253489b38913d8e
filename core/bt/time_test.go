package bt

import (
	"testing"
	"time"
)

func TestInstantWritesNoDigitTooMany(t *testing.T) {
	for in, want := range map[Instant]string{
		0:                                 "0.000s",
		Instant(12500 * time.Millisecond): "12.500s",
		Instant(120*time.Second) - 1:      "119.999999999s",
		Instant(time.Second) + 1000:       "1.000001000s",
		Never:                             "never",
	} {
		if in.String() != want {
			t.Errorf("%d is written %q, want %q", int64(in), in, want)
		}
	}
}

func TestInstantDoesNotOverflow(t *testing.T) {
	if Never.Add(-time.Second) != Never {
		t.Error("Never moved")
	}
	if (Never - 1).Add(time.Hour) != Never {
		t.Error("a sum beyond all time is not Never")
	}
	if got := Instant(5).Add(-3); got != 2 {
		t.Errorf("5 - 3 = %d", got)
	}
}
