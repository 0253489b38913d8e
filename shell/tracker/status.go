package tracker

import "time"

// State is what a tracker of an Announcer is at.
type State uint8

// The states.
const (
	Idle       State = iota // not contacted yet; a tracker before it answers
	Announcing              // an announce is under way
	Working                 // the last announce was answered
	Failing                 // the last announce failed; it is tried again
	Unusable                // its URL is none we can announce to; it is never tried
)

var stateNames = [...]string{"idle", "announcing", "working", "failing", "unusable"}

// String is the state's name in lower case.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return "unknown state"
}

// Status is what there is to show about one tracker. All texts are printable.
type Status struct {
	URL          string // redacted
	Tier         int    // from 0
	State        State
	NextAnnounce time.Time // planned; zero when none is, or one is under way
	LastError    string    // why the last announce failed; empty when it did not
	Warning      string    // what the tracker wants the user to know
	Seeders      int       // complete peers; -1 when not known
	Leechers     int       // incomplete peers; -1 when not known
	Peers        int       // how many the last answer gave
}

// Status gives all trackers in the order in which they are tried now. It may be called at any time.
func (a *Announcer) Status() []Status {
	a.mu.Lock()
	defer a.mu.Unlock()
	var all []Status
	inUse := true // up to and with the first that works, trackers are tried when their time comes
	for _, tier := range a.tiers {
		for _, t := range tier {
			s := t.status()
			if !inUse {
				s.NextAnnounce = time.Time{}
			}
			inUse = inUse && !t.healthy
			all = append(all, s)
		}
	}
	return all
}

// status is the tracker's own part of Status.
func (t *tracker) status() Status {
	s := Status{URL: Redact(t.url), Tier: t.tier, Warning: t.warning, Seeders: t.seeders, Leechers: t.leechers, Peers: t.peers}
	if t.lastError != nil {
		s.LastError = t.lastError.Error()
	}
	switch {
	case t.unusable:
		s.State = Unusable
	case t.busy > 0:
		s.State = Announcing
	case t.healthy:
		s.State, s.NextAnnounce = Working, t.due
	case t.failures > 0:
		s.State, s.NextAnnounce = Failing, t.notBefore
	}
	return s
}
