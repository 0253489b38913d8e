package script

import (
	"testing"
	"time"
)

// Times are read to the nanosecond.
func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"119.999999999s": 120*time.Second - 1, "50ms": 50 * time.Millisecond, "10m": 10 * time.Minute, "2h": 2 * time.Hour, "7ns": 7,
		"0.000000001s": 1,
	} {
		if got, err := Duration(text); got != want || err != nil {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "5", "s", "1.0000000000s", "1x", "1.s5", "--1s", "1.5h"} {
		if got, err := Duration(text); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

// Words that a command does not know are an error.
func TestCommandRest(t *testing.T) {
	c := parse("torrent T pieces=4 colour=red")
	if c.number("pieces", 0) != 4 || c.next() != "T" || c.rest() == nil {
		t.Errorf("%+v", c)
	}
	c = parse("torrent piece=32KiB last=x")
	if c.number("piece", 0) != 32<<10 || c.rest() == nil {
		t.Errorf("%+v", c)
	}
	if c.number("last", 0); c.rest() == nil {
		t.Error("x is a number")
	}
}
