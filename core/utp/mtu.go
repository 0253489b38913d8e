package utp

import (
	"time"

	"peerwire/core/bt"
)

// search finds how large datagrams may be (RFC 8899): between a size that is known to pass and one that is not thought to, it sends
// probes, which carry padding, so that nothing is lost with one but the probe.
type search struct {
	good    int        // passes
	bad     int        // does not pass, or may not be tried: more than the most
	most    int        // that both ends take
	trying  int        // the probe that is on its way, or 0
	misses  int        // how often the size in turn was lost
	restful bt.Instant // found what it looked for: not before this again
}

const (
	searchStep  = 16 // bytes: nearer is not looked
	probeTries  = 2  // a probe may be lost for other reasons
	searchAgain = 10 * time.Minute
)

// newSearch starts at the size that passes everywhere.
func newSearch(most int) search {
	return search{good: min(baseDatagram, most), bad: most + 1, most: most}
}

// next is the size to be tried now, 0 for none. The likely ones come first: what both ends take, what an Ethernet does.
func (s *search) next(now bt.Instant, ordinary int) int {
	if s.trying > 0 || now < s.restful {
		return 0
	}
	if s.good == s.most || s.bad-s.good <= searchStep {
		if s.restful == 0 || s.good == s.most {
			s.rest(now)
			return 0
		}
		s.bad, s.misses, s.restful = s.most+1, 0, 0
	}
	switch {
	case s.good < ordinary && ordinary < s.bad:
		return ordinary
	case s.bad > s.most:
		return s.most
	}
	return (s.good + s.bad) / 2
}

// rest lets the search pause.
func (s *search) rest(now bt.Instant) { s.restful = now.Add(searchAgain) }

// passed takes that a probe arrived.
func (s *search) passed(size int) {
	if size == s.trying {
		s.trying, s.misses = 0, 0
	}
	s.good = max(s.good, min(size, s.most))
	if s.good >= s.bad {
		s.bad = s.most + 1
	}
}

// missed takes that a probe was lost, which says more the oftener it happens.
func (s *search) missed(size int) {
	if size != s.trying {
		return
	}
	s.trying = 0
	if s.misses++; s.misses >= probeTries {
		s.refused(size)
	}
}

// refused takes that a size does not pass.
func (s *search) refused(size int) {
	s.trying, s.misses = 0, 0
	s.bad = min(s.bad, size)
	if s.good >= s.bad {
		s.good = min(baseDatagram, s.most)
	}
}
