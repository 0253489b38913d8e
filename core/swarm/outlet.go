package swarm

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/table"
)

// Outlet is where the effects of a session wait to be polled, and where its work in flight is kept: what
// each token stands for until it is answered.
type Outlet struct {
	Now    bt.Instant // the largest time that the session has seen
	Idle   bool       // in end-game a peer could be asked for nothing, and is to be looked at again [PCK-17]
	Untold bool       // a peer is to be told of pieces [MSG-29]

	*Effects
	last    bt.Token
	works   table.Table[bt.Token, Work]
	senders table.Table[bt.Token, netip.Addr] // where the blocks came from that are being stored: few, of all works
}

// Effects is where effects wait to be polled. It is empty between one call of a session and the next, so that sessions may share one.
type Effects struct {
	ring  []bt.Effect // length is a power of two
	head  int
	count int
}

// WorkKind tells what a token stands for.
type WorkKind uint8

// The kinds of work in flight.
const (
	Receiving WorkKind = iota // payload is being read into a buffer
	Storing                   // a block is being written
	Fetching                  // a block is being read, or stands read, to be sent
)

// Work is what a token stands for.
type Work struct {
	Kind    WorkKind
	Torrent bt.TorrentID
	Conn    bt.ConnID
	Block   bt.Block
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

// Begin gives work a token.
func (o *Outlet) Begin(w Work) bt.Token {
	o.last++
	o.works.Set(o.last, w)
	return o.last
}

// Store makes a token stand for the storing of a block, which came from an address.
func (o *Outlet) Store(t bt.Token, w Work, from netip.Addr) {
	w.Kind = Storing
	o.works.Set(t, w)
	o.senders.Set(t, from)
}

// Stored forgets a token that stood for the storing of a block, and tells where that came from.
func (o *Outlet) Stored(t bt.Token) (from netip.Addr) {
	from = *o.senders.Get(t)
	o.senders.Delete(t)
	o.works.Delete(t)
	return from
}

// Work tells what a token stands for; false when it was answered or never given.
func (o *Outlet) Work(t bt.Token) (Work, bool) {
	if w := o.works.Get(t); w != nil {
		return *w, true
	}
	return Work{}, false
}

// End forgets a token, and tells what it stood for.
func (o *Outlet) End(t bt.Token) (Work, bool) {
	w, ok := o.Work(t)
	o.works.Delete(t)
	return w, ok
}
