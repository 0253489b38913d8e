package dial

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
)

// MaxKnown is how many peers of a torrent are remembered. [DIA-7]
const MaxKnown = 3000

// Book is the known peers of one torrent. Methods that name a peer that is not in the book do nothing, unless
// they say otherwise.
type Book struct {
	peers []known
	index map[netip.AddrPort]int // in peers, by key
	order uint64                 // of the last arrival

	// What the last search without a find has learnt: nothing is due before idle, for a torrent that is, or
	// is not, finished. Every change of a peer that could make it due ends that.
	idle         bt.Instant
	idleFinished bool
}

// NewBook knows nobody.
func NewBook() *Book { return &Book{index: make(map[netip.AddrPort]int)} }

// Len is how many peers are known.
func (b *Book) Len() int { return len(b.peers) }

// Add remembers a peer that listens at addr. When the user or a tracker names a known one again, one failure is
// taken off. It is false when the address cannot be dialled, or there is no room. [DIA-4] [DIA-5] [DIA-7]
func (b *Book) Add(addr netip.AddrPort, from bt.Source) bool {
	addr = plainPort(addr)
	if !dialable(addr) {
		return false
	}
	if k := b.find(addr); k != nil {
		k.source = min(k.source, from)
		if from <= bt.Tracker && k.failures > 0 {
			k.failures--
		}
		b.idle = 0
		return true
	}
	return b.insert(known{key: addr, source: from})
}

// Next gives the best peer that may be dialled now and is not banned, and counts the dial as a connection until
// it is Closed. finished tells whether we have the whole torrent. [DIA-2] [DIA-5]
func (b *Book) Next(now bt.Instant, finished bool, bans *Bans) (netip.AddrPort, bool) {
	k, _ := b.best(now, finished, bans)
	if k == nil {
		return netip.AddrPort{}, false
	}
	k.conns++
	k.tried, k.last = true, now
	return k.key, true
}

// NextAt is when to ask Next again, if nothing else happens: now if it would give a peer at once, bt.Never if
// it never would. It gives none before.
func (b *Book) NextAt(now bt.Instant, finished bool, bans *Bans) bt.Instant {
	k, soonest := b.best(now, finished, bans)
	if k != nil {
		return now
	}
	return soonest
}

// best finds the best peer that is due and, when there is none, when the first will be. It is asked far more
// often than the answer changes, so it remembers until when there is nothing to find.
func (b *Book) best(now bt.Instant, finished bool, bans *Bans) (*known, bt.Instant) {
	if finished == b.idleFinished && now < b.idle {
		return nil, b.idle
	}
	k, soonest := b.search(now, finished, bans)
	if k == nil {
		b.idle, b.idleFinished = soonest, finished
	}
	return k, soonest
}

// search looks at every peer.
func (b *Book) search(now bt.Instant, finished bool, bans *Bans) (best *known, soonest bt.Instant) {
	soonest = bt.Never
	for i := range b.peers {
		k := &b.peers[i]
		due := k.due(finished)
		if due != bt.Never {
			due = max(due, bans.Until(k.key.Addr()))
		}
		if due > now {
			soonest = min(soonest, due)
		} else if best == nil || better(k, best) < 0 {
			best = k
		}
	}
	return best, soonest
}

// Arrived counts a connection that a peer opened to us, and gives the peer's name: its address alone. It
// is remembered as far as there is room.
func (b *Book) Arrived(addr netip.Addr) netip.AddrPort {
	key := netip.AddrPortFrom(plain(addr), 0)
	if k := b.find(key); k != nil {
		k.conns++
	} else {
		b.insert(known{key: key, source: bt.Arrived, conns: 1})
	}
	return key
}

// Listens tells that a peer that Arrived listens at port. From then on it goes by the name that is given back,
// with all that was known under either. Another port than the first one told changes nothing. [EXT-7] [DIA-8]
func (b *Book) Listens(who netip.AddrPort, port uint16) netip.AddrPort {
	told := netip.AddrPortFrom(who.Addr(), port)
	k := b.find(who)
	if who.Port() != 0 || k == nil || !dialable(told) {
		return who
	}
	if other := b.find(told); other != nil {
		other.conns++
		other.failures = 0
		other.parole = other.parole || k.parole
	} else if !b.insert(known{key: told, source: bt.Arrived, conns: 1, parole: k.parole}) {
		return who
	}
	b.part(b.find(who)) // found anew, for insert may have moved it
	return told
}

// Shaken tells that a handshake with a peer is done: its failures are forgotten. [DIA-6]
func (b *Book) Shaken(who netip.AddrPort) {
	if k := b.find(who); k != nil {
		k.failures = 0
		b.idle = 0
	}
}

// Closed tells that a dial of a peer, or a connection with it, has ended, and whether that is a
// failure: the dial failed, or the peer broke a clause. [DIA-6]
func (b *Book) Closed(now bt.Instant, who netip.AddrPort, failed bool) {
	k := b.find(who)
	if k == nil {
		return
	}
	k.tried, k.last = true, now
	if failed && k.failures < 255 {
		k.failures++
	}
	b.idle = 0
	b.part(k)
}

// part counts one connection of a peer out. One that cannot be dialled is forgotten with its last, unless
// something is held against it.
func (b *Book) part(k *known) {
	k.conns = max(k.conns, 1) - 1
	if k.conns == 0 && k.key.Port() == 0 && !k.parole {
		b.remove(k)
	}
}

// ByHand tells whether a peer was given by the user.
func (b *Book) ByHand(who netip.AddrPort) bool {
	k := b.find(who)
	return k != nil && k.source == bt.Manual
}

// Self tells that a peer is us. It is not dialled again. [DUP-1]
func (b *Book) Self(who netip.AddrPort) {
	if k := b.find(who); k != nil {
		k.self = true
	}
}

// SetUploadOnly tells whether a peer downloads no more: it declared so, or is a seed. [DIA-9]
func (b *Book) SetUploadOnly(who netip.AddrPort, is bool) {
	if k := b.find(who); k != nil {
		k.uploadOnly = is
		b.idle = 0
	}
}

// OnParole tells whether a peer is on parole. [FLG-14]
func (b *Book) OnParole(who netip.AddrPort) bool {
	k := b.find(who)
	return k != nil && k.parole
}

// SiteOnParole tells whether a peer at the site of an address is on parole. [TRU-19]
func (b *Book) SiteOnParole(a netip.Addr) bool {
	site := bt.Site(a)
	return slices.ContainsFunc(b.peers, func(k known) bool { return k.parole && bt.Site(k.key.Addr()) == site })
}

// SetParole puts a peer on parole or takes it off. One that was forgotten is remembered for it, as far as there
// is room. [TRU-3] [TRU-4]
func (b *Book) SetParole(who netip.AddrPort, on bool) {
	who = plainPort(who)
	k := b.find(who)
	switch {
	case k != nil:
		k.parole = on
		if who.Port() == 0 && k.conns == 0 && !on {
			b.remove(k)
		}
	case on:
		b.insert(known{key: who, source: bt.Arrived, parole: true})
	}
}

// find looks a peer up; nil when it is not known. What it points to moves with the next insert or remove.
func (b *Book) find(who netip.AddrPort) *known {
	i, ok := b.index[plainPort(who)]
	if !ok {
		return nil
	}
	return &b.peers[i]
}

// insert remembers a peer that is not known. When the book is full, one that is not connected makes room; it
// is false when all are. [DIA-7]
func (b *Book) insert(k known) bool {
	if len(b.peers) == MaxKnown {
		victim := b.victim()
		if victim == nil {
			return false
		}
		b.remove(victim)
	}
	b.order++
	k.order = b.order
	b.index[k.key] = len(b.peers)
	b.peers = append(b.peers, k)
	b.idle = 0
	return true
}

// victim is the peer that goes first when room is needed, or nil.
func (b *Book) victim() (victim *known) {
	for i := range b.peers {
		if k := &b.peers[i]; k.conns == 0 && !k.self && (victim == nil || dearer(k, victim) < 0) {
			victim = k
		}
	}
	return victim
}

// remove forgets a peer; the last of the list takes its place.
func (b *Book) remove(k *known) {
	i, last := b.index[k.key], len(b.peers)-1
	delete(b.index, k.key)
	if i != last {
		b.peers[i] = b.peers[last]
		b.index[b.peers[i].key] = i
	}
	b.peers = b.peers[:last]
}
