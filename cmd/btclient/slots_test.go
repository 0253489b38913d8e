package main

import (
	"testing"

	"peerwire/core/bt"
)

// What a user says of upload slots reaches the core's configuration; what makes no sense is refused.
func TestSlotOptions(t *testing.T) {
	for _, c := range []struct {
		slots, order string
		want         bt.Config
	}{
		{"8", "round-robin", bt.Config{UploadSlots: 8}},
		{"0", "fastest", bt.Config{UploadSlots: 0, SeedOrder: bt.FastestUpload}},
		{"200", "anti-leech", bt.Config{UploadSlots: 200, SeedOrder: bt.AntiLeech}},
		{"auto", "round-robin", bt.Config{UploadSlots: 8, SlotPolicy: bt.RateSlots}},
		{"unlimited", "round-robin", bt.Config{UploadSlots: 8, SlotPolicy: bt.UnlimitedSlots}},
	} {
		got, err := configOf(c.slots, c.order)
		want := bt.DefaultConfig()
		want.UploadSlots, want.SlotPolicy, want.SeedOrder = c.want.UploadSlots, c.want.SlotPolicy, c.want.SeedOrder
		if err != nil || got != want {
			t.Errorf("%s, %s: %+v, %v", c.slots, c.order, got, err)
		}
	}
	for _, c := range [][2]string{
		{"-1", "fastest"}, {"201", "fastest"}, {"many", "fastest"}, {"", "fastest"}, {"fixed", "fastest"}, {"8", "first"}, {"8", ""},
	} {
		if _, err := configOf(c[0], c[1]); err == nil {
			t.Errorf("%q, %q was taken", c[0], c[1])
		}
	}
}
