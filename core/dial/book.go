package dial

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/table"
)

// MaxKnown is how many peers of a torrent are remembered. [DIA-7]
const MaxKnown = 3000

// MaxPerAddress is how many connections of a torrent may be with one address. [LIM-12]
const MaxPerAddress = 8

// Terms are what decides whom to dial besides what is known of the peers themselves.
type Terms struct {
	Finished bool // we have the whole torrent
	ByHand   bool // none but those that the user named
	Bans     *Bans
	Own      *External
}

// Book is the known peers of one torrent. Methods that name a peer that is not in the book do nothing, unless
// they say otherwise.
type Book struct {
	peers []known             // in the order in which they arrived
	index table.Index[uint16] // of peers, by key; of MaxKnown at most
	crowd crowd               // connections and dials
	hands int                 // peers that the user named
	rec   *clause.Recorder

	ranked uint32 // the version of our own addresses that ranks were looked up for

	// What the last search without a find has learnt: nothing is due before idle, for a torrent that is, or
	// is not, finished. Every change of a peer that could make it due ends that.
	idle         bt.Instant
	idleFinished bool
}

// NewBook knows nobody. rec may be nil.
func NewBook(rec *clause.Recorder) *Book {
	return &Book{rec: rec}
}

// Len is how many peers are known.
func (b *Book) Len() int { return len(b.peers) }

// Add remembers a peer that listens at addr. When the user or a tracker names a known one again, one failure is
// taken off. It is false when the address cannot be dialled, or there is no room. [DIA-4] [DIA-5] [DIA-7]
func (b *Book) Add(addr netip.AddrPort, from bt.Source) bool {
	addr = plainPort(addr)
	if !dialable(addr) {
		b.rec.Hit(clause.DIA5)
		return false
	}
	if k := b.find(addr); k != nil {
		if k.conns > 0 {
			b.rec.Hit(clause.DUP4)
		}
		if from < k.source {
			k.source = from
			b.countHand(k, 1)
		}
		if from <= bt.Tracker && k.failures > 0 {
			b.rec.Hit(clause.DIA4)
			k.failures--
		}
		b.idle = 0
		return true
	}
	return b.insert(known{key: bt.EndpointOf(addr), source: from})
}

// Next gives the best peer that may be dialled now, and counts the dial as a connection until it is Closed or Withdrawn. [DIA-2]
// [DIA-5]
func (b *Book) Next(now bt.Instant, by Terms) (netip.AddrPort, bool) {
	k, _ := b.best(now, by)
	if k == nil {
		return netip.AddrPort{}, false
	}
	b.rec.Hit(clause.DIA2)
	switch {
	case k.tried() && k.source == bt.Manual:
		b.rec.Hit(clause.DIA10)
	case k.tried():
		b.rec.Hit(clause.DIA3)
	}
	k.conns++
	who := k.key.AddrPort()
	b.crowd.join(who.Addr())
	return who, true
}

// NextAt is when to ask Next again, if nothing else happens: now if it would give a peer at once, bt.Never if
// it never would. It gives none before.
func (b *Book) NextAt(now bt.Instant, by Terms) bt.Instant {
	k, soonest := b.best(now, by)
	if k != nil {
		return now
	}
	return soonest
}

// best finds the best peer that is due and, when there is none, when the first will be. It is asked far more
// often than the answer changes, so it remembers until when there is nothing to find.
func (b *Book) best(now bt.Instant, by Terms) (*known, bt.Instant) {
	if by.ByHand {
		if b.hands == 0 {
			return nil, bt.Never
		}
		return b.search(now, by)
	}
	if by.Finished == b.idleFinished && now < b.idle {
		return nil, b.idle
	}
	k, soonest := b.search(now, by)
	if k == nil {
		b.idle, b.idleFinished = soonest, by.Finished
	}
	return k, soonest
}

// search looks at every peer. One whose address has as many connections as it may is not due before one of them ends.
func (b *Book) search(now bt.Instant, by Terms) (best *known, soonest bt.Instant) {
	if v := by.Own.version; v != b.ranked {
		b.ranked = v
		for i := range b.peers {
			b.peers[i].rank = 0
		}
	}
	soonest = bt.Never
	for i := range b.peers {
		k := &b.peers[i]
		due := k.dueFor(by)
		if by.ByHand && k.source != bt.Manual {
			continue
		}
		if due > now {
			soonest = min(soonest, due)
		} else if best == nil || better(k, best, by.Own) < 0 {
			if b.Full(k.key.IP.Addr()) {
				b.rec.Hit(clause.LIM12)
				continue
			}
			best = k
		}
	}
	if best != nil && best.rank != 0 && best.rank != unranked {
		b.rec.Hit(clause.DIA14)
	}
	return best, soonest
}

// Ready is how many peers Next would give now, one after the other, if none of their dials ended.
func (b *Book) Ready(now bt.Instant, by Terms) (n int) {
	for i := range b.peers {
		k := &b.peers[i]
		if k.dueFor(by) <= now && !b.Full(k.key.IP.Addr()) && (!by.ByHand || k.source == bt.Manual) {
			n++
		}
	}
	return n
}

// With is how many connections there are with an address, dials included, and with those that count for the same.
func (b *Book) With(a netip.Addr) int { return b.crowd.with(a) }

// Full tells whether an address has as many connections with the torrent as it may have. To the machine itself there is no limit:
// nobody far away can use it. [LIM-12]
func (b *Book) Full(a netip.Addr) bool {
	return len(b.crowd) > 0 && b.With(a) >= MaxPerAddress && !plain(a).IsLoopback()
}

// leave counts a connection of an address out. Others that have waited for that may be due.
func (b *Book) leave(a netip.Addr) {
	b.idle = 0
	b.crowd.leave(a)
}

// Arrived counts a connection that a peer opened to us, and gives the peer's name: its address alone. It
// is remembered as far as there is room.
func (b *Book) Arrived(addr netip.Addr) netip.AddrPort {
	key := netip.AddrPortFrom(plain(addr), 0)
	b.crowd.join(addr)
	if k := b.find(key); k != nil {
		k.conns++
	} else {
		b.insert(known{key: bt.EndpointOf(key), source: bt.Arrived, conns: 1})
	}
	return key
}

// Listens tells that a peer that Arrived, over a transport, listens at port. From then on it goes by the name that is given back,
// with all that was known under either. Another port than the first one told changes nothing. [EXT-7] [DIA-8] [DIA-17]
func (b *Book) Listens(who netip.AddrPort, port uint16, over bt.Transport) netip.AddrPort {
	told := netip.AddrPortFrom(who.Addr(), port)
	k := b.find(who)
	if who.Port() != 0 || k == nil || !dialable(told) {
		return who
	}
	if other := b.find(told); other != nil {
		other.conns++
		other.failures = 0
		other.speaks = seen(over)
		other.parole = other.parole || k.parole
	} else if !b.insert(known{key: bt.EndpointOf(told), source: bt.Arrived, speaks: seen(over), conns: 1, parole: k.parole}) {
		return who
	}
	b.part(b.find(who)) // found anew, for insert may have moved it
	return told
}

// Shaken tells that a handshake with a peer is done, over a transport: its failures are forgotten. [DIA-6] [DIA-17]
func (b *Book) Shaken(who netip.AddrPort, over bt.Transport) {
	if k := b.find(who); k != nil {
		k.failures = 0
		k.speaks = seen(over)
		b.idle = 0
	}
}

// Missed tells that a connection with a peer has failed before its handshake was done: the next dial is over the other
// transport. Closed or Withdrawn follow. [DIA-17]
func (b *Book) Missed(who netip.AddrPort, over bt.Transport) {
	k := b.find(who)
	switch {
	case k == nil:
	case over == bt.UTP:
		k.speaks = deafOnUTP
	default:
		k.speaks = presumed
	}
}

// Over is what a peer is dialled over, of the transports that may be, and why. [DIA-17]
func (b *Book) Over(who netip.AddrPort, may bt.Transports) (bt.Transport, bt.Because) {
	k := b.find(who)
	switch {
	case may == bt.OnlyTCP:
		return bt.TCP, bt.WasDialled
	case may == bt.OnlyUTP:
		return bt.UTP, bt.WasDialled
	case k == nil:
		return presumed.by()
	}
	return k.speaks.by()
}

// Closed tells that a dial of a peer, or a connection with it, has ended, and whether that is a
// failure: the dial failed, or the peer broke a clause. [DIA-6]
func (b *Book) Closed(now bt.Instant, who netip.AddrPort, failed bool) {
	b.leave(who.Addr())
	k := b.find(who)
	if k == nil {
		return
	}
	k.last = now
	if failed && k.failures < 255 {
		k.failures++
	}
	b.part(k)
}

// Withdrawn tells that a dial that Next gave was never made: as far as the peer goes it was not tried. [LIM-14]
func (b *Book) Withdrawn(who netip.AddrPort) {
	b.leave(who.Addr())
	if k := b.find(who); k != nil {
		b.part(k)
	}
}

// part counts one connection of a peer out. One that cannot be dialled is forgotten with its last, unless
// something is held against it.
func (b *Book) part(k *known) {
	k.conns = max(k.conns, 1) - 1
	if k.conns == 0 && k.key.Port == 0 && !k.parole {
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
	return slices.ContainsFunc(b.peers, func(k known) bool { return k.parole && bt.Site(k.key.IP.Addr()) == site })
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
		b.insert(known{key: bt.EndpointOf(who), source: bt.Arrived, parole: true})
	}
}

// find looks a peer up; nil when it is not known. What it points to moves with the next insert or remove.
func (b *Book) find(who netip.AddrPort) *known {
	key := bt.EndpointOf(plainPort(who))
	i := b.index.Find(&key, b.key)
	if i < 0 {
		return nil
	}
	return &b.peers[i]
}

// insert remembers a peer that is not known. When the book is full, one that is not connected makes room; it
// is false when all are. [DIA-7]
func (b *Book) insert(k known) bool {
	if len(b.peers) == MaxKnown {
		victim := b.victim()
		b.rec.Hit(clause.DIA7)
		if victim == nil {
			return false
		}
		b.remove(victim)
	}
	k.last = untried
	b.peers = append(table.Spacious(b.peers), k)
	b.index.Add(len(b.peers)-1, b.key)
	b.countHand(&k, 1)
	b.idle = 0
	return true
}

// countHand counts a peer in or out of those that the user named, if he did.
func (b *Book) countHand(k *known, n int) {
	if k.source == bt.Manual {
		b.hands += n
	}
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

// remove forgets a peer.
func (b *Book) remove(k *known) {
	b.countHand(k, -1)
	i := b.index.Remove(&k.key, b.key)
	b.peers = slices.Delete(b.peers, i, i+1)
	b.index.CloseUp(i)
}

// key is the name of a peer of the list.
func (b *Book) key(at int) *bt.Endpoint { return &b.peers[at].key }
