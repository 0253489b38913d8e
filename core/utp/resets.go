package utp

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// resets remembers who was told that a connection is unknown, so that nobody is told often.
type resets struct {
	told  [resetsKept]told // in the order of time, from first on
	first int
	n     int
	last  map[netip.Addr]bool
}

// told is a site that was sent a reset.
type told struct {
	site netip.Addr
	at   bt.Instant
}

const (
	resetsKept = 1024             // [UTP-9]
	resetTime  = 10 * time.Second // [UTP-9]
)

// allow tells whether an address may be sent a reset now, and remembers it. While it remembers as many as it can, nobody may.
func (r *resets) allow(now bt.Instant, a netip.Addr) bool {
	for r.n > 0 && now.Sub(r.told[r.first].at) >= resetTime {
		delete(r.last, r.told[r.first].site)
		r.first, r.n = (r.first+1)%resetsKept, r.n-1
	}
	site := bt.Site(a)
	if r.last[site] || r.n == resetsKept {
		return false
	}
	r.told[(r.first+r.n)%resetsKept] = told{site, now}
	r.n++
	r.last[site] = true
	return true
}
