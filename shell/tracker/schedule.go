package tracker

import (
	"errors"
	"math/rand/v2"
	"net"
	"net/netip"
	"time"
)

// Times of an Announcer.
const (
	announceTimeout = 60 * time.Second // of one announce; UDP sends three datagrams in it
	stopTimeout     = 5 * time.Second  // of the last announces together
	patience        = 5 * time.Second  // without an answer, until the next tracker is tried as well

	retryDelay   = 5 * time.Second  // after the first failure to reach a tracker; doubled by each further one
	refusedDelay = 60 * time.Second // the same for a tracker that was reached, and did not help
	maxDelay     = 30 * time.Minute

	defaultMinInterval = 5 * time.Minute // when peers are few and the tracker names no min interval
)

// tracker is one tracker of a torrent: what we know of it, and when it may be asked again.
type tracker struct {
	url      string
	tier     int
	unusable bool
	legs     []*leg

	busy     int       // legs of the present announce that have no answer yet
	answered bool      // whether a leg of the present or last announce was answered
	launched time.Time // when the present or last announce began

	healthy   bool      // whether the last announce was answered
	failures  int       // announces in a row that were not
	notBefore time.Time // never announce before, but for an event
	due       time.Time // announce regularly then; when healthy
	urgent    bool      // an event waits to be told

	attemptError             error // of the present announce
	lastError                error
	warning                  string
	seeders, leechers, peers int
}

// leg is one way to a tracker: over IPv4, IPv6 or whatever there is. The tracker sees the legs as different peers, so each
// has its own events.
type leg struct {
	family    Family
	started   bool // the tracker answered our first announce
	leeching  bool // which said that we were incomplete
	completed bool // the tracker answered the announce of completion
	id        string
}

// newTracker makes a tracker that was never asked.
func newTracker(rawURL string, tier int, families []Family) *tracker {
	t := &tracker{url: rawURL, tier: tier, seeders: -1, leechers: -1}
	u, err := parse(rawURL)
	if err != nil {
		t.unusable, t.lastError = true, explain(rawURL, err)
		return t
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil {
		families = []Family{AnyFamily} // the address has but one
	}
	for _, f := range families {
		t.legs = append(t.legs, &leg{family: f})
	}
	return t
}

// event is what the next announce on this leg tells, given whether the download became complete in this session. A tracker
// that has known us only as a seed is not told of the completion: it did not see the download.
func (l *leg) event(complete bool) Event {
	switch {
	case !l.started:
		return Started
	case complete && l.leeching && !l.completed:
		return Completed
	}
	return None
}

// pick walks the trackers as BEP 12 says, tier by tier, up to the first that works: it gives the tracker that is to be asked
// now, or when to look again (zero: when something happens). A tracker that never worked and keeps silent holds up those behind
// it for a while only, since lists in the wild are full of dead ones and each takes its full time to fail. One that
// worked is given that time: we have its peers.
func pick(tiers [][]*tracker, now time.Time, hurry bool) (ask *tracker, wake time.Time) {
	sooner := func(at time.Time) {
		if wake.IsZero() || at.Before(wake) {
			wake = at
		}
	}
	for _, tier := range tiers {
		for _, t := range tier {
			switch {
			case t.unusable:
				continue
			case t.busy > 0 && t.healthy:
				return nil, wake
			case t.busy > 0 && now.Before(t.launched.Add(patience)):
				sooner(t.launched.Add(patience))
				return nil, wake
			case t.busy > 0:
				continue
			}
			at := t.next(now, hurry)
			if !now.Before(at) {
				return t, wake
			}
			sooner(at)
			if t.healthy {
				return nil, wake
			}
		}
	}
	return nil, wake
}

// next is when the tracker is to be asked again.
func (t *tracker) next(now time.Time, hurry bool) time.Time {
	switch {
	case t.healthy && t.urgent:
		return now
	case t.healthy && !hurry:
		return t.due
	}
	return t.notBefore
}

// launch begins an announce and gives the legs it goes over: all, or only those with an event when it is too early for
// anything else.
func (t *tracker) launch(now time.Time, complete bool) []*leg {
	early := now.Before(t.notBefore)
	t.launched, t.answered, t.urgent, t.attemptError = now, false, false, nil
	var legs []*leg
	for _, l := range t.legs {
		if !early || l.event(complete) == Completed {
			legs = append(legs, l)
		}
	}
	t.busy = len(legs)
	return legs
}

// succeed takes the answer on one leg. Where legs differ, the longer interval and the greater figures hold.
func (t *tracker) succeed(now time.Time, l *leg, sent Request, answer Response) {
	switch sent.Event {
	case Started:
		l.started, l.leeching = true, sent.Left > 0
	case Completed:
		l.completed = true
	}
	if answer.TrackerID != "" {
		l.id = answer.TrackerID
	}
	if !t.answered {
		t.due, t.notBefore = time.Time{}, time.Time{}
		t.seeders, t.leechers, t.peers = -1, -1, 0
	}
	least := answer.MinInterval
	if least == 0 {
		least = min(answer.Interval, defaultMinInterval)
	}
	t.due = later(t.due, now.Add(answer.Interval))
	t.notBefore = later(t.notBefore, now.Add(least))
	t.answered, t.healthy, t.failures = true, true, 0
	t.lastError, t.warning = nil, answer.Warning
	t.seeders, t.leechers = max(t.seeders, answer.Seeders), max(t.leechers, answer.Leechers)
	t.peers += len(answer.Peers)
}

// fail takes the error of one leg. The announce has failed when no leg of it was answered.
func (t *tracker) fail(now time.Time, err error, random *rand.Rand) {
	if t.answered {
		return
	}
	if t.attemptError == nil || !unresolved(err) {
		t.attemptError = err
	}
	if t.busy > 0 {
		return
	}
	t.healthy = false
	t.failures++
	t.lastError = t.attemptError
	t.notBefore = later(t.notBefore, now.Add(delay(t.failures, reached(t.lastError), random)))
}

// unresolved tells the errors of a leg whose family the tracker has no address of: another leg's error says more.
func unresolved(err error) bool {
	var dns *net.DNSError
	var addr *net.AddrError
	return errors.As(err, &dns) || errors.As(err, &addr)
}

// reached tells the errors that a tracker answered with, or that no second try mends.
func reached(err error) bool {
	var failure *FailureError
	var status *StatusError
	return errors.As(err, &failure) || errors.As(err, &status) || errors.Is(err, ErrMalformed) || errors.Is(err, ErrForbidden)
}

// delay is how long to leave a tracker alone after so many failures in a row. A quarter of it is random, so that the
// clients of a tracker that comes back do not come back all at once.
func delay(failures int, reached bool, random *rand.Rand) time.Duration {
	first := retryDelay
	if reached {
		first = refusedDelay
	}
	d := min(first<<min(failures-1, 10), maxDelay)
	return d - time.Duration(random.Int64N(int64(d/4)))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
