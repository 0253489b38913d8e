package utp

import (
	"net/netip"
	"slices"
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
	wrong   uint8  // packets that acknowledged something else
	largest uint16 // what the SYN says of datagrams, 0 for nothing
	short   bool   // see conn

	recalled bool // it has no place
}

// porch is where half-open connections wait. Each of the places is given anew in turn, so the oldest gives way.
type porch struct {
	rec    *clause.Recorder
	places []halfOpen // at most porchPlaces
	next   int        // the place that is given next
	find   map[key]int
	sites  map[netip.Addr]tenancy
	full   bt.Instant // until when one that had to give way may come back
}

// tenancy is which places a site has, the oldest first.
type tenancy struct {
	n      int
	places [porchOfSite]uint16
}

// newHalfOpen is what is kept of a SYN that is answered with a number.
func newHalfOpen(now bt.Instant, k key, number uint16, syn *packet) halfOpen {
	state, _ := machine.Next(idle, evSyn)
	return halfOpen{key: k, state: state, since: now, seq: number, ack: syn.seq, largest: syn.largest, short: syn.short()}
}

const (
	porchPlaces  = 4096             // [UTP-7]
	porchOfSite  = 16               // [UTP-7] places of one IPv4 address, or of one IPv6 /64
	halfOpenTime = 10 * time.Second // [UTP-7]
	mostWrong    = 4                // [UTP-7] of 65,536 numbers two are right: nobody may try them all
)

func newPorch(rec *clause.Recorder) *porch {
	return &porch{rec: rec, find: map[key]int{}, sites: map[netip.Addr]tenancy{}}
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
	if of := p.sites[site]; of.n == porchOfSite {
		p.evict(h.since, &p.places[of.places[0]])
	}
	if p.next == len(p.places) {
		p.places = append(p.places, halfOpen{})
	}
	at := &p.places[p.next]
	if at.state == synReceived {
		p.evict(h.since, at)
	}
	*at = h
	p.find[h.key] = p.next
	of := p.sites[site]
	of.places[of.n] = uint16(p.next)
	of.n++
	p.sites[site] = of
	p.next = (p.next + 1) % porchPlaces
}

// evict takes the place of h for another.
func (p *porch) evict(now bt.Instant, h *halfOpen) {
	p.leave(h, evExpired)
	p.full = now.Add(halfOpenTime)
}

// leave frees the place of h.
func (p *porch) leave(h *halfOpen, ev fsm.Event) {
	site := bt.Site(h.key.from.Addr())
	of := p.sites[site]
	i := slices.Index(of.places[:of.n], uint16(p.find[h.key]))
	copy(of.places[i:of.n], of.places[i+1:of.n])
	if of.n--; of.n == 0 {
		delete(p.sites, site)
	} else {
		p.sites[site] = of
	}
	delete(p.find, h.key)
	h.state, _ = machine.Next(h.state, ev)
	if ev == evExpired {
		p.rec.Hit(clause.UTP7)
	}
}
