package utp

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// A site is told once in resetPause that we do not know a connection. When there are too many sites to remember, none is told.
const (
	resetPause    = 10 * time.Second
	maxResetSites = 4096
)

// resets remembers who was told.
type resets struct {
	told  map[netip.Addr]bool
	order []toldSite // the first told first
}

type toldSite struct {
	site netip.Addr
	at   bt.Instant
}

func newResets() resets { return resets{told: make(map[netip.Addr]bool)} }

// allow tells whether an address may be told now, and takes it as told.
func (r *resets) allow(now bt.Instant, peer netip.Addr) bool {
	for len(r.order) > 0 && r.order[0].at.Add(resetPause) <= now {
		delete(r.told, r.order[0].site)
		r.order = r.order[1:]
	}
	site := bt.Site(peer)
	if r.told[site] || len(r.order) == maxResetSites {
		return false
	}
	r.told[site] = true
	r.order = append(r.order, toldSite{site, now})
	return true
}
