package peerfsm

import (
	"net/netip"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// Peer is one connection, from the moment it is queued for dialling, or accepted, until it is closed. What every message looks at stands
// first, side by side, and is all that a message looks at which asks for nothing: with thousands of connections nearly all of it comes from memory.
type Peer struct {
	self  *Self
	local *Local    // nil until bound
	down  *download // noDownload until we ask the peer for a block, or do not read from it
	up    *upload   // noUpload until the peer asks us for one, or may
	super *pretence // nil unless we hide from the peer what we have [SUP-1]

	id    bt.ConnID
	state State

	speaksFast bool   // as we do (BEP 6)
	loose      bool   // there are requests that were freed, or blocks that were dropped
	sooner     bool   // a deadline was set that is earlier than what Reckon gave last
	early      bool   // some of what is to be served was taken before the unchoke that it counts on was announced
	refused    Ev     // one more than the event that its machine refused last; 0 when none ever was, as it should be
	strikes    uint16 // breaches that were counted
	fast       uint16 // fastChosen, and a bit for each of the pieces that BEP 6 names for the peer's address which it may have while choked
	fastUnsaid uint16 // of these, a bit for each which it was not told yet
	accepts    accepts

	out       outbox
	unsent    queue[ask]    // requests of ours that were chosen and not said yet
	serves    queue[serve]  // requests of the peer's that were not answered yet
	allowed   queue[uint32] // pieces the peer serves while it chokes us
	suggested queue[uint32] // pieces the peer would rather be asked for, newest last
	supply    supply
	times     timers

	boredSince bt.Instant // since when neither side is interested in the other; bt.Never when one is
	notes      notes

	keptAlive bt.Instant // when the peer's last keep-alive came; before all instants if none did
	ip        netip.Addr // of the peer's end of the connection
	from      uint16     // and the port
	port      uint16     // where the peer listens, as it told; 0 when it did not
	knownPort uint16     // of the name by which the peer is remembered
	isKnown   bool       // it has such a name
	transport bt.Transport
	shake     shake
	openSince bt.Instant    // when the handshake was done
	theirExt  *introduction // nil while nothing of it was told
}

// Queue makes a new Peer a connection of torrent l that waits to be dialled, for the reason given.
func (p *Peer) Queue(queued bt.Why, id bt.ConnID, addr netip.AddrPort, tr bt.Transport, self *Self, l *Local) {
	p.init(id, addr, tr, self)
	p.state = NewState(bt.Outgoing)
	p.notes.init(queued.Since, bt.Outgoing)
	p.writeNote(mLink, &queued, true)
	p.bind(l)
	p.SetKnown(addr)
	p.moved(0)
}

// Arrive makes a new Peer a connection that a peer opened; its torrent is not known before its handshake.
func (p *Peer) Arrive(now bt.Instant, id bt.ConnID, addr netip.AddrPort, tr bt.Transport, self *Self) {
	p.init(id, addr, tr, self)
	p.state = NewState(bt.Incoming)
	p.notes.init(now, bt.Incoming)
	p.moved(0)
	p.opened(now)
}

func (p *Peer) init(id bt.ConnID, addr netip.AddrPort, tr bt.Transport, self *Self) {
	*p = Peer{id: id, ip: addr.Addr(), from: addr.Port(), transport: tr, self: self, boredSince: bt.Never, down: &noDownload, up: &noUpload,
		keptAlive: -bt.Instant(KeepAliveSpacing)}
	p.times.init()
}

// bind gives the connection its torrent; it never changes after.
func (p *Peer) bind(l *Local) {
	p.local = l
	n := l.Geometry.NumPieces()
	l.rules = [2]wire.Rules{{Pieces: n}, {Pieces: n, Fast: true}}
	p.supply.init(n)
}

// Bind answers Headed: the incoming connection belongs to torrent l. [TOR-1]
func (p *Peer) Bind(now bt.Instant, l *Local) {
	p.step(now, Bind, bt.NamedByHash)
	p.bind(l)
}

// ID is the connection's name.
func (p *Peer) ID() bt.ConnID { return p.id }

// Addr is the peer's end of the connection.
func (p *Peer) Addr() netip.AddrPort { return netip.AddrPortFrom(p.ip, p.from) }

// Known is how the peer is remembered between connections; not valid before the connection is bound. [DIA-8]
func (p *Peer) Known() netip.AddrPort {
	if !p.isKnown {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(p.ip.Unmap().WithZone(""), p.knownPort)
}

// SetKnown tells how the peer is remembered: by its address, and the port where it listens or 0.
func (p *Peer) SetKnown(who netip.AddrPort) { p.isKnown, p.knownPort = true, who.Port() }

// Transport is what carries the connection.
func (p *Peer) Transport() bt.Transport { return p.transport }

// Origin is who opened the connection. [FLG-6]
func (p *Peer) Origin() bt.Origin {
	if p.LocalConnection() {
		return bt.Outgoing
	}
	return bt.Incoming
}

// Torrent is the torrent the connection is bound to; false before an incoming handshake. [FLG-5]
func (p *Peer) Torrent() (bt.TorrentID, bool) {
	if p.local == nil {
		return 0, false
	}
	return p.local.Torrent, true
}

// State is a copy of where the machines stand.
func (p *Peer) State() State { return p.state }

// Open tells whether messages can be exchanged: the handshake is done and the link not closed.
func (p *Peer) Open() bool { return p.state.Open() }

// Closed tells whether the connection has ended.
func (p *Peer) Closed() bool { return p.state.Closed() }

// Banned tells whether the peer alone was found to blame for bad data. [TRU-2]
func (p *Peer) Banned() bool { return p.state.Banned() }

// OpenSince is when the handshake was done, of an open connection.
func (p *Peer) OpenSince() bt.Instant { return p.openSince }

// Choked tells whether we have decided to choke the peer. [FLG-8]
func (p *Peer) Choked() bool { return p.state.Choked() }

// Connecting tells whether the connection is half-open: dialled and not connected yet. [FLG-2]
func (p *Peer) Connecting() bool { return p.state.Connecting() }

// Handshake tells whether the connection is open and waits for the peer's handshake. [FLG-3]
func (p *Peer) Handshake() bool { return p.state.Handshake() }

// Interesting tells whether the peer has pieces that we want. [FLG-10]
func (p *Peer) Interesting() bool { return p.state.Interesting() }

// LocalConnection tells whether we opened the connection. [FLG-6]
func (p *Peer) LocalConnection() bool { return p.state.LocalConnection() }

// OnParole tells whether the peer took part in a piece that failed, and nothing cleared it since. [FLG-14]
func (p *Peer) OnParole() bool { return p.state.OnParole() }

// OptimisticUnchoke tells whether the peer holds an optimistic slot. [FLG-9]
func (p *Peer) OptimisticUnchoke() bool { return p.state.OptimisticUnchoke() }

// Pieces is the live set of the pieces the peer has, not to be changed; nil before the connection is bound. [FLG-15]
func (p *Peer) Pieces() *bitset.BitSet {
	if p.local == nil {
		return nil
	}
	return &p.supply.pieces
}

// Queued tells whether the connection waits for a half-open slot. [FLG-1]
func (p *Peer) Queued() bool { return p.state.Queued() }

// RemoteChoked tells whether the peer chokes us. [FLG-11]
func (p *Peer) RemoteChoked() bool { return p.state.RemoteChoked() }

// RemoteInterested tells whether the peer is interested in us. [FLG-12]
func (p *Peer) RemoteInterested() bool { return p.state.RemoteInterested() }

// Seed tells whether the peer has every piece. [FLG-16]
func (p *Peer) Seed() bool { return p.state.Seed() }

// Snubbed tells whether the peer let a request go unanswered for its time limit, and has not made good for it. [FLG-13]
func (p *Peer) Snubbed() bool { return p.state.Snubbed() }

// SupportExtensions tells whether the peer speaks the extension protocol (BEP 10). [FLG-7]
func (p *Peer) SupportExtensions() bool { return p.state.SupportExtensions() }

// UploadOnly tells whether the peer downloads no more: it said so, or it is a seed (BEP 21). [FLG-17]
func (p *Peer) UploadOnly() bool { return p.state.UploadOnly() }

// step applies an event to the machines, notes why, and records the clause that it obeyed. It tells whether any
// state changed. Whoever calls it sees to it that the event can happen now; one that cannot changes nothing, and Check tells of it.
func (p *Peer) step(now bt.Instant, e Ev, because bt.Because, numbers ...int64) bool {
	return p.stepFor(e, bt.NewWhy(now, because, numbers...))
}

// stepFor is step for a reason that is put together already. What follows in other machines follows for the same reason. [WHY-1]
func (p *Peer) stepFor(e Ev, why bt.Why) bool {
	before, watched := p.state, p.watched()
	changed, ok := p.state.Step(e, p.self.Recorder)
	if !ok {
		p.refused = e + 1
		return false
	}
	p.hit(clause.WHY1)
	own := joint.Owner(e)
	if !changed { // as after most haves: no other machine has a say
		p.hit(clause.WHY2)
		p.writeNote(own, &why, false)
		return false
	}
	p.recount(&before)
	for m := range numMachines {
		if moved := p.state.at[m] != before.at[m]; moved || m == own {
			p.writeNote(m, &why, moved)
		}
	}
	p.moved(watched)
	return true
}

// recount counts the connection among those that hold a slot or wait for one, after a change of its machines.
func (p *Peer) recount(before *State) {
	if held := p.state.holding(); held != before.holding() {
		p.self.Holding += sign(held)
	}
	if waits := p.state.waiting(); waits != before.waiting() {
		p.self.Waiting += sign(waits)
	}
}

func sign(more bool) int {
	if more {
		return 1
	}
	return -1
}

// hit records that a clause was obeyed or enforced.
func (p *Peer) hit(id clause.ID) { p.self.Recorder.Hit(id) }

// offend notes a breach whose consequence is milder than a close. What counts, counts a strike.
func (p *Peer) offend(v clause.Violation) {
	p.hit(v.Clause())
	if v.Consequence() != clause.Ignore {
		p.strikes++
	}
	p.self.offences.push(&p.stock().breaches, v)
}

// Offences calls f for each breach by the last message that did not close the connection, and forgets them. It must be called before another
// connection of the session takes a Step.
func (p *Peer) Offences(f func(clause.Violation)) { p.self.offences.each(&p.stock().breaches, f) }

// Struck tells whether the peer's milder breaches are more than we put up with. [LIM-5]
func (p *Peer) Struck() bool { return p.strikes > MaxStrikes }

// Freed calls f for each request that will not be answered, and forgets them.
func (p *Peer) Freed(f func(bt.Block)) { p.down.freed.each(&p.stock().blocks, f) }

// Dropped calls f for the token of each block that will not be sent, and forgets them.
func (p *Peer) Dropped(f func(bt.Token)) { p.up.dropped.each(&p.stock().tokens, f) }

// Loose tells whether there are any for Freed or Dropped, and takes it that both will be called.
func (p *Peer) Loose() bool {
	loose := p.loose
	p.loose = false
	return loose
}

// rules is what frames of the peer are held against.
func (p *Peer) rules() *wire.Rules {
	if p.speaksFast {
		return &p.local.rules[1]
	}
	return &p.local.rules[0]
}
