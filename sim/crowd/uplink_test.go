package crowd_test

import (
	"errors"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/sim"
	"peerwire/sim/check"
	"peerwire/sim/crowd"
)

// flooded is a peer that says much that is small: that goes ahead of blocks, and takes the uplink beyond the moment.
const flooded = `
seed = 2
until = "2s"
[torrent]
size = "16 KiB"
piece = "16 KiB"
[[peers]]
name = "seed"
[[peers]]
name = "odd"
up = "256 KiB/s"
[[faults]]
name = "request-flood"
chance = 1000000
`

// belated is a seed that arrives when there is a copy of everything without it, before any other is complete.
const belated = `
until = "10m"
[torrent]
size = "32 KiB"
piece = "16 KiB"
[[peers]]
name = "seed"
up = "4 KiB/s"
arrive = "20s"
stays = "one-copy"
[[peers]]
name = "odd"
have = "all"
[[peers]]
name = "peer"
`

// checked lets a crowd run under all checkers, which look at it every so often.
func checked(t *testing.T, text string, every time.Duration) (*crowd.Crowd, error) {
	t.Helper()
	s := told(t, "x", text)
	c := crowd.NewChecked(s, sim.Options{Swift: true})
	var err error
	for now := bt.Instant(0); now < bt.Instant(s.Until) && err == nil; {
		now = now.Add(every)
		if err = c.Run(now); err == nil {
			err = c.Check()
		}
	}
	return c, err
}

// What goes through an uplink is within its rate, the time counted that is taken already; one that is faster than it should be is found.
func TestUplinkIsWithinItsRate(t *testing.T) {
	c, err := checked(t, flooded, 5*time.Millisecond)
	if err != nil {
		t.Error(err)
	}
	if sent := c.Member(1).Sent; sent < 64<<10 {
		t.Errorf("%d bytes were sent: that shows nothing", sent)
	}
	s := told(t, "x", flooded)
	c = crowd.NewChecked(s, sim.Options{Swift: true})
	if err := c.Run(bt.Instant(time.Second)); err != nil {
		t.Fatal(err)
	}
	s.Groups[1].Up /= 64 // the checker believes this, and the uplink is as it was
	err = c.Check()
	if f := (*check.Failure)(nil); !errors.As(err, &f) || f.Checker != check.Uplink {
		t.Errorf("its uplink is sixty-four times as fast as it should be: %v", err)
	}
}

// Who is to stay until there is a copy of everything, and arrives when there is, leaves at once.
func TestBelatedSeedLeaves(t *testing.T) {
	c, err := checked(t, belated, time.Second)
	if err != nil {
		t.Error(err)
	}
	if m := c.Member(0); m.Arrived != bt.Instant(20*time.Second) || m.Left != m.Arrived {
		t.Errorf("it came at %v, and left at %v", m.Arrived, m.Left)
	}
	if n := c.Counts(); n.Present != 2 || n.Left != 1 || n.Seeds != 2 {
		t.Errorf("%+v", n)
	}
}
