package dial

import (
	"cmp"
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// The patience with peers that fail.
const (
	ReconnectStep = 60 * time.Second // a peer rests (failures + 1) times so long [DIA-3]
	MaxFailures   = 3                // after so many a peer is given up [DIA-4]
)

// A peer that the user gave by hand is worth more patience and less rest: it is never given up, rests
// manualStep at first, twice as long after each further failure, and never longer than ReconnectStep.
const manualStep = 5 * time.Second // [DIA-10]

// known is what is remembered of a peer.
type known struct {
	key        bt.Endpoint
	source     bt.Source
	failures   uint8
	conns      int32  // connections and dials, those queued included
	rank       uint32 // canonical priority; 0 before it was looked up, unranked when it is not known
	speaks     speech
	self       bool // it is us
	parole     bool
	uploadOnly bool       // it told so, or is a seed
	last       bt.Instant // when a connection to it ended, or untried
}

// untried is before all instants, when a peer was never tried.
const untried bt.Instant = -1

func (k *known) tried() bool { return k.last != untried }

// speech is what is known of the transports that a peer speaks. [DIA-17]
type speech uint8

const (
	presumed  speech = iota // nothing; it is thought to speak uTP
	seenOnUTP               // the last connection with it that was open was over uTP
	seenOnTCP               // over TCP
	deafOnUTP               // a dial over uTP has failed, and none over TCP since
)

// by is what a peer of whom that is known is dialled over, and why.
func (s speech) by() (bt.Transport, bt.Because) {
	switch s {
	case seenOnUTP:
		return bt.UTP, bt.SeenOverUTP
	case seenOnTCP:
		return bt.TCP, bt.SeenOverTCP
	case deafOnUTP:
		return bt.TCP, bt.FailedOverUTP
	}
	return bt.UTP, bt.ThoughtOfUTP
}

// seen is what a connection over a transport tells.
func seen(over bt.Transport) speech {
	if over == bt.UTP {
		return seenOnUTP
	}
	return seenOnTCP
}

// due is from when on the peer may be dialled, bt.Never when not at all.
func (k *known) due(finished bool) bt.Instant {
	switch {
	case k.conns > 0, k.self, k.key.Port == 0: // [DUP-4]
		return bt.Never
	case finished && k.uploadOnly: // [DIA-9]
		return bt.Never
	case k.failures >= MaxFailures && k.source != bt.Manual: // [DIA-4]
		return bt.Never
	case !k.tried():
		return 0
	}
	return k.last.Add(k.rest())
}

// dueFor is from when on the peer may be dialled by the session's terms too.
func (k *known) dueFor(by Terms) bt.Instant {
	due := k.due(by.Finished)
	if due == bt.Never {
		return due
	}
	return max(due, by.Bans.Until(k.key.IP.Addr()))
}

// rest is how long the peer is left alone after it was tried. [DIA-3]
func (k *known) rest() time.Duration {
	if k.source != bt.Manual {
		return time.Duration(k.failures+1) * ReconnectStep
	}
	rest := manualStep
	for range max(k.failures, 1) - 1 {
		rest = min(2*rest, ReconnectStep)
	}
	return rest
}

// better orders peers that may be dialled, the best first. Of equals the one that arrived first is better. [DIA-2]
func better(a, b *known, own *External) int {
	if c := cmp.Or(
		cmp.Compare(a.failures, b.failures),
		cmp.Compare(a.last, b.last),
		cmp.Compare(a.source, b.source),
	); c != 0 {
		return c
	}
	return cmp.Compare(b.priority(own), a.priority(own))
}

// unranked is the priority of peers for whom we do not know our own address: they come first, so that we learn it.
const unranked = 1<<32 - 1

// priority looks the canonical priority up, once.
func (k *known) priority(own *External) uint32 {
	if k.rank == 0 {
		k.rank = unranked
		if rank, ok := own.Rank(k.key.AddrPort()); ok {
			k.rank = max(1, rank)
		}
	}
	return k.rank
}

// dearer orders peers that could make room for another, the one to go first; of equals that is the one that arrived first. Parole must
// outlive what a liar can have its friends fill the book with. [DIA-7] [FLG-14]
func dearer(a, b *known) int {
	parole := func(k *known) int {
		if k.parole {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(parole(a), parole(b)),
		cmp.Compare(b.failures, a.failures),
		cmp.Compare(b.source, a.source),
	)
}

// dialable tells whether an address can be a peer that listens. [DIA-5]
func dialable(a netip.AddrPort) bool {
	ip := a.Addr()
	return ip.IsValid() && a.Port() > 1 && !ip.IsUnspecified() && !ip.IsMulticast() &&
		!(ip.Is6() && ip.IsLinkLocalUnicast()) && ip != broadcast
}

var broadcast = netip.AddrFrom4([4]byte{255, 255, 255, 255})

// plainPort is plain for an address with its port.
func plainPort(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(plain(a.Addr()), a.Port()) }
