package crowd_test

import (
	"testing"
)

// Who is alone asks the tracker once a minute, from first to last: that the tracker's own interval is over in between is no reason to be still.
func TestWhoLacksPeersAsksOn(t *testing.T) {
	s := told(t, "x", `
until = "2h"
[torrent]
size = "32 KiB"
piece = "16 KiB"
[tracker]
interval = "10m10s" # not a whole number of minutes, or both would fall together
min-interval = "1m"
[[peers]]
name = "alone"
`)
	if n := run(t, s, nil).Announces; n < 118 || n > 121 {
		t.Errorf("it asked %d times in two hours", n)
	}
}

// Who has enough peers asks when the tracker's interval is over.
func TestAnnouncesKeepToTheInterval(t *testing.T) {
	s := told(t, "x", `
until = "2h"
[torrent]
size = "32 KiB"
piece = "16 KiB"
[tracker]
interval = "30m"
[[peers]]
name = "seed"
have = "all"
[[peers]]
name = "late"
arrive = "119m59s"
`)
	if n := run(t, s, nil).Announces; n != 5 { // the seed's at 0, 30, 60 and 90 minutes, and that of the late one
		t.Errorf("there were %d announces", n)
	}
}
