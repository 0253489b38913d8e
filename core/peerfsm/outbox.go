package peerfsm

import (
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// outbox is what the peer must still be told, and what it was told: the announced truth. [ANN-1]
type outbox struct {
	greeting     greeting // handshake, extension handshake, pieces: before all else, in this order
	choking      bool     // announced: we choke
	everUnchoked bool
	interested   bool  // announced: we are interested
	finished     bool  // announced: we download no more
	keepAlive    bool  // to be told: we are alive
	armed        bool  // the shell was told to call Transmit
	urgent       bool  // haves do not wait for something else to be said
	unshaken     uint8 // bytes of our handshake that were not written
	rejects      queue[bt.Block]
	cancels      queue[bt.Block]
	haves        queue[uint32] // pieces that are ours, or, with the bit retracted, are not any more
}

// greetHandshake says our half of the handshake. [HSK-1] [HSK-2]
func (p *Peer) greetHandshake() {
	p.out.choking = true
	p.hit(clause.HSK1)
	p.hit(clause.HSK2)
	p.out.unshaken = wire.HandshakeLen
	p.out.greeting.hold(wire.AppendHandshake(nil, wire.NewHandshake(p.local.InfoHash, p.self.PeerID)))
}

// greetSupply says who we are, and then what we have. [HSK-9]
func (p *Peer) greetSupply() {
	b, l := p.out.greeting.view(), p.local
	p.hit(clause.HSK9)
	if l.Super && l.Finished() {
		p.pretend()
	}
	if p.SupportExtensions() {
		p.out.finished = l.Finished() && !p.hides()
		p.hit(clause.EXT1)
		b = p.appendIntroduction(b)
	}
	if p.speaksFast {
		p.hit(clause.FST4)
	} else {
		p.hit(clause.MSG6)
	}
	switch {
	case p.hides() && p.speaksFast:
		b = wire.AppendHaveNone(b)
	case p.hides(): // to say nothing is to have nothing [SUP-2]
	case p.speaksFast && l.Finished():
		b = wire.AppendHaveAll(b)
	case p.speaksFast && l.Count == 0:
		b = wire.AppendHaveNone(b)
	case l.Count > 0:
		b = wire.AppendBitfield(b, l.Have, l.Geometry.NumPieces())
	}
	p.out.greeting.hold(b)
}

// appendIntroduction is our extension handshake. [EXT-2]
func (p *Peer) appendIntroduction(b []byte) []byte {
	p.hit(clause.EXT2)
	h := ExtHandshake{
		Client:     p.self.Client,
		RequestMax: MaxIncomingRequests,
		YourIP:     p.ip.Unmap(),
		UploadOnly: p.local.Finished() && !p.hides(),
	}
	if p.LocalConnection() {
		h.Port = p.self.ListenPort
	}
	return wire.AppendExtended(b, 0, AppendExtHandshake(nil, h))
}

// Clogged tells whether so many answers wait for a peer that does not read, that we should not read from it
// either. [LIM-7]
func (p *Peer) Clogged() bool { return p.out.rejects.len() >= MaxUnsaid }

// Arm tells, once an edge, that the peer must be told something: the shell is then to call Transmit until Disarm
// says that this was all. [ANN-5] [TMR-15]
func (p *Peer) Arm(now bt.Instant) bool {
	if p.out.armed || !p.pending() {
		return false
	}
	p.hit(clause.ANN5)
	p.out.armed = true
	p.run(&p.times.untaken, now.Add(UntakenTimeout))
	return true
}

// Disarm tells whether the peer need not be told anything for now: then nobody waits for its transport, and Arm will tell when there is
// something again. It is asked when all is done that follows from what was written, as that may be more to say. [ANN-8] [TMR-15]
func (p *Peer) Disarm() bool {
	if p.pending() {
		return false
	}
	p.hit(clause.ANN8)
	p.out.armed = false
	stop(&p.times.untaken)
	return true
}

func (p *Peer) pending() bool {
	o := &p.out
	if !o.greeting.empty() {
		return true
	}
	if !p.Open() {
		return false
	}
	return o.keepAlive || p.control() || p.blockReady()
}

// control tells whether there is something to say that goes before the next block. [ANN-6]
func (p *Peer) control() bool {
	o := &p.out
	return o.choking != p.Choked() || o.interested != p.Interesting() || p.intentUnsaid() ||
		!o.rejects.empty() || !o.cancels.empty() || o.urgent || p.fastUnsaid != 0 || !p.unsent.empty() ||
		p.super != nil && p.super.ending
}

// blockReady tells whether the block that is next to be sent stands ready, and may be sent.
func (p *Peer) blockReady() bool {
	return !p.serves.empty() && p.serves.at(0).state == serveReady
}

// Transmit encodes into buf what the peer must be told now, as much as fits, and at most one block after it.
// It writes nothing when Arm has not asked for room, though haves may wait for company. buf holds at least MinTransmit bytes; with less, it is
// only noted that the transport is taking what it was given. [TMR-15] [ANN-8]
func (p *Peer) Transmit(now bt.Instant, buf []byte) bt.Transmission {
	if !p.out.armed {
		return bt.Transmission{}
	}
	p.run(&p.times.untaken, now.Add(UntakenTimeout))
	if cap(buf) < MinTransmit {
		return bt.Transmission{}
	}
	w := p.sayGreeting(buf[:0])
	var t bt.Transmission
	if p.out.greeting.empty() && p.Open() {
		w = p.sayChoke(now, w)
		w = p.sayState(now, w)
		w = p.sayCancels(w)
		w = p.sayRequests(now, w)
		if !p.control() {
			w, t = p.sayBlock(now, w)
		}
		w = p.sayKeepAlive(w)
	}
	if t.N = len(w); t.N > 0 && p.Open() {
		p.out.keepAlive = false
		p.run(&p.times.keepAlive, now.Add(KeepAliveInterval))
	}
	return t
}

// MinTransmit is the least room that Transmit needs, in bytes.
const MinTransmit = 64

// room tells whether one more message of fixed size fits, with a piece's header to spare.
func room(w []byte) bool { return cap(w)-len(w) >= 2*wire.RequestLen }

func (p *Peer) sayGreeting(w []byte) []byte {
	if p.out.greeting.empty() {
		return w
	}
	left := p.out.greeting.view()
	n := min(cap(w)-len(w), len(left))
	w = append(w, left[:n]...)
	p.out.greeting.hold(left[n:])
	if p.out.unshaken > 0 {
		p.out.unshaken -= uint8(min(n, int(p.out.unshaken)))
		p.settleHandshake()
	}
	return w
}

// sayChoke announces the slot when it differs from what was announced last, and only then voids requests:
// choke first, its rejects after it. [FST-6] [ANN-2]
func (p *Peer) sayChoke(now bt.Instant, w []byte) []byte {
	if p.out.choking == p.Choked() || !room(w) {
		return w
	}
	p.out.choking = p.Choked()
	p.uploads()
	p.hit(clause.ANN2)
	if p.out.choking {
		p.hit(clause.ANN3)
		p.hit(clause.MSG17)
		if p.speaksFast {
			p.hit(clause.FST6)
		}
		p.up.choked = now
		p.refuseQueued()
		return wire.AppendChoke(w)
	}
	p.out.everUnchoked, p.early = true, false
	p.up.since = now
	p.rearmNoRequest()
	return wire.AppendUnchoke(w)
}

// refuseQueued voids what the peer asked before the choke, but for the pieces it may have all the same.
func (p *Peer) refuseQueued() {
	allowed := p.allowedFast()
	for i := 0; i < p.serves.len(); {
		b := p.serves.at(i).block()
		if slices.Contains(allowed, b.Piece) {
			i++
			continue
		}
		p.dropServe(i)
		p.reject(b)
	}
}

func (p *Peer) sayState(now bt.Instant, w []byte) []byte {
	o := &p.out
	for !o.rejects.empty() && room(w) {
		p.hit(clause.FST5)
		w = wire.AppendReject(w, *o.rejects.at(0))
		o.rejects.remove(&p.stock().blocks, 0)
	}
	w = p.sayHaves(now, w)
	w = p.sayRest(w)
	w = p.sayAllowedFast(w)
	if o.interested != p.Interesting() && room(w) {
		o.interested = p.Interesting()
		p.hit(clause.MSG9)
		if o.interested {
			w = wire.AppendInterested(w)
		} else {
			w = wire.AppendNotInterested(w)
		}
	}
	if p.intentUnsaid() && room(w) {
		o.finished = !o.finished
		p.hit(clause.EXT14)
		intent := []byte{0}
		if o.finished {
			intent[0] = 1
		}
		w = wire.AppendExtended(w, p.accepts.uploadOnly, intent)
	}
	return w
}

// intentUnsaid tells whether the peer would be told of a change of whether we download, and was not. [EXT-14]
func (p *Peer) intentUnsaid() bool {
	return p.accepts.uploadOnly != 0 && p.out.finished != (p.local.Finished() && !p.hides())
}

// sayCancels says the cancels whose requests are still unanswered. [MSG-22]
func (p *Peer) sayCancels(w []byte) []byte {
	for !p.out.cancels.empty() && room(w) {
		b := *p.out.cancels.at(0)
		p.out.cancels.remove(&p.stock().blocks, 0)
		if find(&p.down.sent, b) >= 0 || find(&p.down.withdrawn, b) >= 0 {
			w = wire.AppendCancel(w, b)
		}
	}
	return w
}

func (p *Peer) sayRequests(now bt.Instant, w []byte) []byte {
	if p.unsent.empty() {
		return w
	}
	for !p.unsent.empty() && room(w) {
		a := *p.unsent.at(0)
		p.unsent.remove(&p.stock().asks, 0)
		p.hit(clause.MSG10)
		p.hit(clause.MSG11)
		if p.ask(now, a) {
			w = wire.AppendRequest(w, p.blockOf(&a))
		}
	}
	p.rearmRequest()
	return w
}

func (p *Peer) sayBlock(now bt.Instant, w []byte) ([]byte, bt.Transmission) {
	if !p.blockReady() || cap(w)-len(w) < wire.PieceHeaderLen {
		return w, bt.Transmission{}
	}
	p.hit(clause.MSG16)
	if p.speaksFast {
		p.hit(clause.FST5)
	}
	if len(w) > 0 {
		p.hit(clause.ANN6)
	}
	b, tok := p.serves.at(0).block(), *p.up.tokens.at(0)
	p.removeServe(0)
	n := int(b.Length)
	p.up.rate.add(now, n)
	p.up.since = now
	p.rearmNoRequest()
	return wire.AppendPieceHeader(w, b), bt.Transmission{Token: tok, Size: n}
}

func (p *Peer) sayKeepAlive(w []byte) []byte {
	if len(w) == 0 && p.out.keepAlive {
		w = wire.AppendKeepAlive(w)
	}
	return w
}

// greeting is bytes to be said before all else. A connection says them once, so that they take a word afterwards.
type greeting struct{ bytes *[]byte }

func (g *greeting) empty() bool { return g.bytes == nil }

func (g *greeting) view() []byte {
	if g.bytes == nil {
		return nil
	}
	return *g.bytes
}

// hold makes b what is to be said.
func (g *greeting) hold(b []byte) {
	g.bytes = nil
	if len(b) > 0 {
		held := b // or b would be moved to the heap each time
		g.bytes = &held
	}
}
