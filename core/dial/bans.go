package dial

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// BanTime is how long a ban lasts. [TRU-6]
const BanTime = 3600 * time.Second

// MaxBans is how many sites are banned at one time; the oldest ban makes room for a new one.
const MaxBans = 4096 // [DIA-11]

// Bans holds the banned addresses of a Session. A ban is of all addresses of a site. [TRU-18]
type Bans struct {
	until map[netip.Addr]bt.Instant
	queue []netip.Addr // the banned sites, the one whose ban ends first at the head
}

// NewBans bans nobody.
func NewBans() *Bans { return &Bans{until: make(map[netip.Addr]bt.Instant)} }

// Ban bans an address, or prolongs its ban, and tells until when.
func (b *Bans) Ban(now bt.Instant, a netip.Addr) bt.Instant {
	a = bt.Site(a)
	b.lift(now)
	if _, banned := b.until[a]; banned {
		b.remove(a)
	} else if len(b.queue) == MaxBans {
		b.remove(b.queue[0])
	}
	b.until[a] = now.Add(BanTime)
	b.queue = append(b.queue, a)
	return b.until[a]
}

// Banned tells whether an address is banned now.
func (b *Bans) Banned(now bt.Instant, a netip.Addr) bool { return b.Until(a) > now }

// Until is when the ban of an address ends or has ended, 0 if it is not known of any.
func (b *Bans) Until(a netip.Addr) bt.Instant {
	if len(b.queue) == 0 { // as it mostly is
		return 0
	}
	return b.until[bt.Site(a)]
}

// Len is how many sites are banned, counting bans that have ended since the last new one.
func (b *Bans) Len() int { return len(b.queue) }

// lift forgets the bans that have ended. Since all last equally long, they end in the order they began.
func (b *Bans) lift(now bt.Instant) {
	n := 0
	for n < len(b.queue) && b.until[b.queue[n]] <= now {
		delete(b.until, b.queue[n])
		n++
	}
	b.queue = b.queue[:copy(b.queue, b.queue[n:])]
}

// remove forgets the ban of a site that is in the queue.
func (b *Bans) remove(a netip.Addr) {
	delete(b.until, a)
	for i, q := range b.queue {
		if q == a {
			b.queue = append(b.queue[:i], b.queue[i+1:]...)
			return
		}
	}
}

// plain is the address as known peers and bans are named by it.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }
