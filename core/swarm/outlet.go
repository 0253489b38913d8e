package swarm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/table"
)

// Outlet is where the effects of a session wait to be polled, and where its work in flight is kept: what
// tokens stand for until they are answered. That of a block which is being received, or stands read, is the connection's to know.
type Outlet struct {
	Now    bt.Instant // the largest time that the session has seen
	Idle   bool       // in end-game a peer could be asked for nothing, and is to be looked at again [PCK-17]
	Untold bool       // a peer is to be told of pieces [MSG-29]

	*Effects
	last    bt.Token
	stores  table.Table[bt.Token, Storing]   // blocks that are being written: few
	fetches table.Table[bt.Token, bt.ConnID] // for whom blocks are being read: few too
}

// Effects is where effects wait to be polled. It is empty between one call of a session and the next, so that sessions may share one.
type Effects struct {
	ring  []bt.Effect // length is a power of two
	head  int
	count int
}

// Storing is a block that is being written.
type Storing struct {
	Torrent bt.TorrentID
	Block   bt.Block
	From    netip.Addr // who sent it
}

// NewOutlet is an outlet whose effects wait in e.
func NewOutlet(e *Effects) Outlet {
	return Outlet{Effects: e}
}

// Emit queues an effect.
func (o *Effects) Emit(e bt.Effect) { *o.slot() = e }

// Add queues an effect that names a connection, and gives it so that the rest can be filled in: an Effect is large, and to build it elsewhere and copy
// it is felt where most messages have one.
func (o *Effects) Add(kind bt.EffectKind, id bt.ConnID) *bt.Effect {
	e := o.slot()
	*e = bt.Effect{Kind: kind, Conn: id}
	return e
}

// slot is the place of the next effect; growing is rare, as the shell drains after each event.
func (o *Effects) slot() *bt.Effect {
	if o.count == len(o.ring) {
		grown := make([]bt.Effect, max(64, 2*len(o.ring)))
		n := copy(grown, o.ring[o.head:])
		copy(grown[n:], o.ring[:o.head])
		o.ring, o.head = grown, 0
	}
	e := &o.ring[(o.head+o.count)&(len(o.ring)-1)]
	o.count++
	return e
}

// Poll takes the oldest effect; false when there is none.
func (o *Effects) Poll(e *bt.Effect) bool {
	if o.count == 0 {
		return false
	}
	*e = o.ring[o.head]
	o.head = (o.head + 1) & (len(o.ring) - 1)
	o.count--
	return true
}

// Pending tells how many effects wait.
func (o *Effects) Pending() int { return o.count }

// Token is one that was never given.
func (o *Outlet) Token() bt.Token {
	o.last++
	return o.last
}

// Store makes a token stand for the writing of a block, until it is Stored.
func (o *Outlet) Store(t bt.Token, w Storing) { o.stores.Set(t, w) }

// Stored forgets a token that stands for the writing of a block, and tells which; false when it does not.
func (o *Outlet) Stored(t bt.Token) (w Storing, ok bool) {
	at := o.stores.Get(t)
	if at == nil {
		return w, false
	}
	w = *at
	o.stores.Delete(t)
	return w, true
}

// Fetch gives a token that stands for the reading of a block for a connection, until it is Fetched.
func (o *Outlet) Fetch(to bt.ConnID) bt.Token {
	t := o.Token()
	o.fetches.Set(t, to)
	return t
}

// Fetched forgets a token that stands for the reading of a block, and tells for which connection; false when it does not.
func (o *Outlet) Fetched(t bt.Token) (to bt.ConnID, ok bool) {
	at := o.fetches.Get(t)
	if at == nil {
		return 0, false
	}
	to = *at
	o.fetches.Delete(t)
	return to, true
}
