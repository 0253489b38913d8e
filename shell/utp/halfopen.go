package utp

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// The connections that have begun and whose peer has not yet shown that it is where it says.
const (
	maxHalfOpen     = 2048
	maxHalfOpenSite = 64               // with one site
	halfOpenTime    = 10 * time.Second // a peer has sent its SYN again by then, and given up
	maxGuesses      = 4                // wrong acknowledgements, and it is forgotten
)

// halfOpen is a connection whose SYN has come, and was answered with one packet of no use to anybody but the peer.
type halfOpen struct {
	key     flowKey
	seq     uint16 // of the SYN
	first   uint16 // sequence number of the answer: who acknowledges it has seen it
	guesses int
	until   bt.Instant
	gone    bool
}

// halfOpens are all of these, the oldest first: of too many it is the oldest that is forgotten, of all or of its site. When its peer goes on
// all the same, its packet tells that it was there.
type halfOpens struct {
	byKey map[flowKey]*halfOpen
	sites map[netip.Addr]int
	order []*halfOpen // some are gone
	full  bt.Instant  // until when one that had to go may come back
}

func newHalfOpens() halfOpens {
	return halfOpens{byKey: make(map[flowKey]*halfOpen), sites: make(map[netip.Addr]int)}
}

// add takes a new one in, and tells how many others had to go.
func (s *halfOpens) add(now bt.Instant, p *halfOpen) (evicted int) {
	site := bt.Site(p.key.peer.Addr())
	if s.sites[site] >= maxHalfOpenSite {
		s.evict(func(o *halfOpen) bool { return bt.Site(o.key.peer.Addr()) == site })
		evicted++
	}
	if len(s.byKey) >= maxHalfOpen {
		s.evict(func(*halfOpen) bool { return true })
		evicted++
	}
	if p.until = now.Add(halfOpenTime); evicted > 0 {
		s.full = p.until
	}
	s.byKey[p.key] = p
	s.sites[site]++
	s.order = append(s.order, p)
	return evicted
}

// evict forgets the oldest of a sort.
func (s *halfOpens) evict(sort func(*halfOpen) bool) {
	for _, p := range s.order {
		if !p.gone && sort(p) {
			s.remove(p)
			return
		}
	}
}

// remove forgets one.
func (s *halfOpens) remove(p *halfOpen) {
	if p.gone {
		return
	}
	p.gone = true
	delete(s.byKey, p.key)
	site := bt.Site(p.key.peer.Addr())
	if s.sites[site]--; s.sites[site] == 0 {
		delete(s.sites, site)
	}
	s.compact()
}

// compact drops those who are gone from the order, now and then.
func (s *halfOpens) compact() {
	if len(s.order) < 64 || len(s.order) < 2*len(s.byKey) {
		return
	}
	kept := s.order[:0]
	for _, p := range s.order {
		if !p.gone {
			kept = append(kept, p)
		}
	}
	clear(s.order[len(kept):])
	s.order = kept
}

// expire forgets those whose time is over, and tells how many these were.
func (s *halfOpens) expire(now bt.Instant) (n int) {
	for len(s.order) > 0 && (s.order[0].gone || s.order[0].until <= now) {
		p := s.order[0]
		s.order[0] = nil
		s.order = s.order[1:]
		if !p.gone {
			s.remove(p)
			n++
		}
	}
	return n
}
