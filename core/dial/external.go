package dial

import (
	"net/netip"

	"peerwire/core/bt"
)

// MaxVotes is how many peers' words of our own address are kept, for each kind of address. [DIA-15]
const MaxVotes = 32

// External is what we know of our own address: as the peers see it or, as long as none of them has told, as our sockets do.
// It is kept for each kind of address apart, since each kind of peer sees another. [DIA-15]
type External struct {
	port    uint16 // where we listen
	kinds   [numKinds]origin
	version uint32 // how often an address has changed
}

// kind is a kind of address.
type kind uint8

// The kinds: of either family those that are reached from everywhere, and those of a local network or of the machine itself.
const (
	global4 kind = iota
	local4
	global6
	local6
	numKinds
)

// origin is what is known of our address of one kind.
type origin struct {
	votes []vote     // the oldest first, each voter's last
	told  netip.Addr // by most votes
	seen  netip.Addr // our end of the last connection to such a peer that we dialled
}

// vote is what one peer calls us. Most say the same, and share it.
type vote struct {
	voter bt.IP
	says  *bt.IP
}

// NewExternal knows nothing but the port where we listen.
func NewExternal(port uint16) *External { return &External{port: port} }

// kindOf sorts an address; false when it can be nobody's.
func kindOf(a netip.Addr) (kind, bool) {
	k := global4
	if a.Is6() {
		k = global6
	}
	if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || sharedSpace.Contains(a) {
		k++
	}
	return k, a.IsValid() && !a.IsUnspecified() && !a.IsMulticast() && a != broadcast
}

// sharedSpace are the addresses behind a provider's translation (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// Told takes a peer's word of our address. It counts only for addresses of the peer's own kind; a second word of one address, or
// one IPv6 network of 64 bits, takes the place of the first. [DIA-15]
func (e *External) Told(peer, says netip.Addr) {
	peer, says = plain(peer), plain(says)
	k, ok := kindOf(says)
	if of, known := kindOf(peer); !ok || !known || of != k {
		return
	}
	o := &e.kinds[k]
	voter := countedFor(peer)
	for i := range o.votes {
		if o.votes[i].voter == voter {
			o.votes = append(o.votes[:i], o.votes[i+1:]...)
			break
		}
	}
	if len(o.votes) == MaxVotes {
		o.votes = append(o.votes[:0], o.votes[1:]...)
	}
	o.votes = append(o.votes, vote{voter, o.word(bt.IPOf(says))})
	before := o.addr()
	o.count()
	e.note(before, o.addr())
}

// word is an address as those who voted for it have it.
func (o *origin) word(a bt.IP) *bt.IP {
	for i := range o.votes {
		if *o.votes[i].says == a {
			return o.votes[i].says
		}
	}
	fresh := a // or each would be moved to the heap
	return &fresh
}

// Seen takes our end of a connection to a peer that we dialled.
func (e *External) Seen(peer, own netip.Addr) {
	peer, own = plain(peer), plain(own)
	k, ok := kindOf(peer)
	if _, known := kindOf(own); !ok || !known || own.Is4() != peer.Is4() {
		return
	}
	o := &e.kinds[k]
	before := o.addr()
	o.seen = own
	e.note(before, o.addr())
}

func (e *External) note(before, after netip.Addr) {
	if before != after {
		e.version++
	}
}

// count finds who has most votes; of equals the one that we believed in before, then the one that was named first.
func (o *origin) count() {
	best := bt.IPOf(o.told)
	most := o.votesFor(best)
	for i := range o.votes {
		if n := o.votesFor(*o.votes[i].says); n > most {
			best, most = *o.votes[i].says, n
		}
	}
	o.told = best.Addr()
}

func (o *origin) votesFor(a bt.IP) (n int) {
	for i := range o.votes {
		if *o.votes[i].says == a {
			n++
		}
	}
	return n
}

func (o *origin) addr() netip.Addr {
	if o.told.IsValid() {
		return o.told
	}
	return o.seen
}

// Addr is our address as a peer of that kind sees it; not valid when we do not know.
func (e *External) Addr(peer netip.Addr) netip.Addr {
	k, ok := kindOf(plain(peer))
	if !ok {
		return netip.Addr{}
	}
	return e.kinds[k].addr()
}

// All lists our addresses as far as they are known.
func (e *External) All() (all []netip.Addr) {
	for i := range e.kinds {
		if a := e.kinds[i].addr(); a.IsValid() {
			all = append(all, a)
		}
	}
	return all
}

// Rank is the canonical priority of a connection with a peer; false when our own address is not known. [DIA-14]
func (e *External) Rank(peer netip.AddrPort) (uint32, bool) {
	peer = plainPort(peer)
	own := e.Addr(peer.Addr())
	if !own.IsValid() {
		return 0, false
	}
	return Priority(netip.AddrPortFrom(own, e.port), peer), true
}
