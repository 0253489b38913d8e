package utp

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/fsm"
)

// key is how a datagram finds its connection: where it comes from, and the connection id that it carries.
type key struct {
	from netip.AddrPort
	id   uint16
}

// halfOpen is what is kept of an address that has dialled us and has not proved that it is there.
type halfOpen struct {
	key     key
	state   fsm.State
	since   bt.Instant
	seq     uint16 // ours: of the first packet that we shall send
	ack     uint16 // the SYN's
	largest uint16 // what the SYN says of datagrams, 0 for nothing
}

// porch is where half-open connections wait. Each of the places is given anew in turn, so the oldest gives way.
type porch struct {
	rec    *clause.Recorder
	places []halfOpen // at most porchPlaces
	next   int        // the place that is given next
	find   map[key]int
	sites  map[netip.Addr]int // how many places a site has
}

const (
	porchPlaces  = 4096             // [UTP-7]
	porchOfSite  = 16               // [UTP-7] places of one IPv4 address, or of one IPv6 /64
	halfOpenTime = 10 * time.Second // [UTP-7]
)

func newPorch(rec *clause.Recorder) *porch {
	return &porch{rec: rec, find: map[key]int{}, sites: map[netip.Addr]int{}}
}

// look finds one that waits.
func (p *porch) look(now bt.Instant, k key) (*halfOpen, bool) {
	i, ok := p.find[k]
	if !ok {
		return nil, false
	}
	h := &p.places[i]
	if now.Sub(h.since) >= halfOpenTime {
		p.leave(h, evExpired)
		return nil, false
	}
	return h, true
}

// add gives a place to h, and takes it from the oldest of the same site when that has too many, else from the oldest of all.
func (p *porch) add(h halfOpen) {
	site := bt.Site(h.key.from.Addr())
	if p.sites[site] >= porchOfSite {
		p.leave(p.oldestOf(site), evExpired)
	}
	if p.next == len(p.places) {
		p.places = append(p.places, halfOpen{})
	}
	at := &p.places[p.next]
	if at.state == synReceived {
		p.leave(at, evExpired)
	}
	*at = h
	p.find[h.key] = p.next
	p.sites[site]++
	p.next = (p.next + 1) % porchPlaces
}

// oldestOf is the oldest of a site, which has one.
func (p *porch) oldestOf(site netip.Addr) *halfOpen {
	for i := range p.places {
		h := &p.places[(p.next+i)%len(p.places)]
		if h.state == synReceived && bt.Site(h.key.from.Addr()) == site {
			return h
		}
	}
	panic("BUG: a site is counted that has no place")
}

// leave frees the place of h.
func (p *porch) leave(h *halfOpen, ev fsm.Event) {
	delete(p.find, h.key)
	site := bt.Site(h.key.from.Addr())
	if p.sites[site]--; p.sites[site] == 0 {
		delete(p.sites, site)
	}
	h.state, _ = machine.Next(h.state, ev)
	if ev == evExpired {
		p.rec.Hit(clause.UTP7)
	}
}
