package tracker

import (
	"net/netip"
	"time"
)

// Response is what a tracker answers. Counts are -1 when the tracker did not give them.
type Response struct {
	Interval    time.Duration    // when to announce again: MinInterval (or 60 s) up to 24 h
	MinInterval time.Duration    // never announce sooner, but for an event; 5 s up to Interval; 0 when not given
	Peers       []netip.AddrPort // at most MaxPeers, each once, in the tracker's order
	Seeders     int              // complete peers, us included
	Leechers    int              // incomplete peers, us included
	TrackerID   string           // to be given back in the next announce to this tracker; may be empty
	Warning     string           // for the user, printable; may be empty
	ExternalIP  netip.Addr       // our address as the tracker sees it (BEP 24); may be invalid
}

// Limits on what a tracker may answer.
const (
	MaxPeers = 2000 // peers kept of one answer; the rest is dropped

	maxInterval      = 24 * time.Hour
	lowInterval      = 60 * time.Second // least interval, unless the tracker itself permits less as its min interval
	floorInterval    = 5 * time.Second  // least min interval, whatever the tracker says
	defaultInterval  = 30 * time.Minute // when the tracker names none
	maxTrackerID     = 256              // bytes; a longer one is not given back
	maxPrintableText = 200              // characters of a failure or warning shown
)

// clampIntervals bounds what a tracker says, in seconds, 0 where it said nothing. A tracker can make us neither hammer it
// (or whoever its URL names) nor forget it. A min interval above the interval wins: the tracker will refuse less.
func clampIntervals(interval, minInterval int64) (time.Duration, time.Duration) {
	const top = int64(maxInterval / time.Second)
	low := lowInterval
	var least time.Duration
	if minInterval > 0 {
		least = max(time.Duration(min(minInterval, top))*time.Second, floorInterval)
		low = least
	}
	if interval == 0 {
		return max(defaultInterval, low), least
	}
	return max(time.Duration(min(max(interval, 0), top))*time.Second, low), least
}
