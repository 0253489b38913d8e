package crowd_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"peerwire/sim"
	"peerwire/sim/check"
	"peerwire/sim/crowd"
	"peerwire/sim/fault"
	"peerwire/sim/scenario"
)

const ward = `
until = "3h"
[torrent]
size = "4 MiB"
piece = "64 KiB"
[tracker]
interval = "5m"
[heal]
at = "40s"
within = %q
[[peers]]
name = "whole"
count = %d
have = "all"
up = "64 KiB/s"
[[peers]]
name = "part"
count = 8
have = "30 %%"
up = "64 KiB/s"
`

// healed lets a swarm with some faults go through both phases.
func healed(t *testing.T, within string, seeds int, faults ...fault.Kind) (*crowd.Crowd, error) {
	t.Helper()
	text := fmt.Sprintf(ward, within, seeds)
	if seeds == 0 {
		text = strings.Replace(text, "count = 0\nhave = \"all\"", "have = \"none\"", 1)
	}
	s := told(t, "ward", text)
	for _, k := range faults {
		f := scenario.NewFault(k)
		if k.Info().Usual.Every > 0 {
			f.Every = scenario.Span(10 * time.Second)
		}
		f.For = scenario.Span(k.Info().Usual.For * 100)
		s.Faults = append(s.Faults, f)
	}
	c := crowd.NewChecked(s, sim.Options{Swift: true})
	for !c.Over() {
		if err := errors.Join(c.Run(c.Now().Add(time.Second)), c.Check()); err != nil {
			return c, err
		}
	}
	return c, nil
}

// Everybody crashes for half an hour, sleeps for an hour, and no disk takes anything: once that is healed, all become complete.
func TestHealed(t *testing.T) {
	c, err := healed(t, "20m", 1, fault.Pause, fault.PowerLoss, fault.LostRecord, fault.DiskFull, fault.HungDisk)
	if r := c.Recovery(); err != nil || !r.Begun || !r.Over || r.Core != 9 || r.Completed != 9 || r.BeyondHelp() || r.Took > 10*time.Minute {
		t.Errorf("%+v %v", r, err)
	}
}

// Pieces that nobody has make a swarm that is beyond help, and not a failure. When everybody has what there is, nobody waits for long.
func TestBeyondHelp(t *testing.T) {
	c, err := healed(t, "20m", 0)
	r := c.Recovery()
	if err != nil || !r.BeyondHelp() || r.Completed != 0 || r.Took > 5*time.Minute {
		t.Errorf("%+v %v", r, err)
	}
	for i := range 9 {
		if s, ok := c.Member(i).Node.Torrent(c.Torrent().ID); !ok || int(s.Have) != int(s.Pieces)-r.Lost {
			t.Errorf("member %d: %+v, and %d are lost", i, s, r.Lost)
		}
	}
}

// A swarm that has lost a piece is not given up while somebody gains one, however slowly.
func TestBeyondHelpAndBusy(t *testing.T) {
	c, err := checked(t, `
until = "3h"
[torrent]
size = "640 KiB"
piece = "64 KiB"
[heal]
at = "1s"
within = "20m"
[[peers]]
name = "part"
have = "50 %"
up = "1 KiB/s"
[[peers]]
name = "none"
up = "1 KiB/s"
`, time.Hour)
	if err != nil {
		t.Error(err)
	}
	r := c.Recovery()
	if got, ok := c.Member(1).Node.Torrent(c.Torrent().ID); !ok || !r.BeyondHelp() || int(got.Have) != 10-r.Lost || got.Have < 3 {
		t.Errorf("%+v, %+v", r, got)
	}
}

// A piece that is whole on a disk, and could not be verified while its seed was there, is lost: no core knows of it.
func TestUnverifiedIsLost(t *testing.T) {
	c, err := checked(t, `
until = "30m"
[torrent]
size = "32 KiB"
piece = "32 KiB"
[heal]
at = "10m"
within = "5m"
[[peers]]
name = "seed"
have = "all"
stays = "complete"
seed-for = "1m"
[[peers]]
name = "peer"
[[faults]]
name = "hash-error"
chance = 1000000
`, 30*time.Minute)
	if err != nil {
		t.Error(err)
	}
	r := c.Recovery()
	if disk := &c.Member(1).Node.Disk; !r.Over || r.Lost != 1 || disk.Whole(c.Torrent().ID) != 1 {
		t.Errorf("%+v", r)
	}
}

// Who could be complete in time and is not is a failure, which names the run and the checker.
func TestTooLate(t *testing.T) {
	_, err := healed(t, "1s", 1, fault.DiskFull)
	var f *check.Failure
	if !errors.As(err, &f) || f.Checker != check.Liveness || f.Node == "" || !strings.HasPrefix(err.Error(), "ward, seed 1: t=41.000s ") {
		t.Error(err)
	}
}
