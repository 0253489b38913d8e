package peerfsm

import (
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// serveState is how far the answer to a request has come.
type serveState uint8

const (
	serveQueued   serveState = iota // not read from disk yet
	serveFetching                   // being read
	serveReady                      // read, to be sent
)

// serve is one request of the peer: 12 bytes, as there can be hundreds.
type serve struct {
	piece  uint32
	begin  uint32
	length uint16 // at most a block
	state  serveState
}

func serveOf(b bt.Block) serve {
	return serve{piece: b.Piece, begin: b.Begin, length: uint16(b.Length)}
}

func (s *serve) block() bt.Block {
	return bt.Block{Piece: s.piece, Begin: s.begin, Length: uint32(s.length)}
}

// upload is the pipeline of what the peer asks us for. The first of Peer.serves are read or being read from
// disk, as many as there are tokens.
type upload struct {
	tokens  queue[bt.Token] // of the first of Peer.serves, those that are begun
	rate    rate
	since   bt.Instant      // the last sign that the slot is used: unchoked, asked, sent
	choked  bt.Instant      // when the choke was announced; the connection begins choked
	spent   *fastPiece      // what the peer had while choked
	dropped queue[bt.Token] // blocks that will not be sent, for the shell to drop

	noRequest bt.Instant // TimerNoRequest
}

func newUpload() upload { return upload{noRequest: bt.Never} }

// fastPiece is a piece that we served though we choked, so many bytes of it: AllowedFastCopies of the longest fit. Mostly it is the only one.
type fastPiece struct {
	next         *fastPiece
	piece, bytes uint32
}

// Asked is how many requests of the peer wait for their answer.
func (p *Peer) Asked() int { return p.serves.len() }

// onRequest takes a request. Every one is answered, with Fast, by a piece or a reject. [FST-5]
func (p *Peer) onRequest(now bt.Instant, b bt.Block) Fact {
	var f Fact
	if !p.RemoteInterested() { // deployed clients ask without having said so
		f = p.onInterested(now, bt.PeerAsked)
		p.hit(clause.MSG24)
	}
	p.uploads()
	p.up.since = now
	p.rearmNoRequest()
	if v := p.refusal(b); v != 0 {
		p.reject(b)
		if v == clause.RequestNotHad && p.local.Doubts(b.Piece) {
			p.hit(clause.MSG27) // we said that we have it
		} else {
			p.offend(v)
		}
		return f
	}
	if p.out.choking {
		if p.Choked() {
			return p.onChokedRequest(now, b, f)
		}
		p.early = true
	}
	p.serves.push(&p.stock().serves, serveOf(b))
	if p.up.tokens.len() < FetchAhead {
		return Fact{Kind: Moved}
	}
	return f
}

// refusal tells what is wrong with a request, choked or not.
func (p *Peer) refusal(b bt.Block) clause.Violation {
	switch {
	case b.Length > bt.BlockSize:
		return clause.RequestTooLong
	case !p.local.Geometry.Contains(b):
		return clause.RequestOutOfRange
	case !p.announced(b.Piece):
		return clause.RequestNotHad
	case p.serves.len() >= MaxIncomingRequests:
		return clause.RequestQueueFull
	}
	return 0
}

// onChokedRequest serves what is allowed all the same, and refuses the rest; for a while after the choke
// nobody is blamed, as the request may have crossed it. What the request said of interest, f, is told on. [FST-13] [MSG-15]
func (p *Peer) onChokedRequest(now bt.Instant, b bt.Block, f Fact) Fact {
	if slices.Contains(p.allowedFast(), b.Piece) {
		if !p.crossing(now) && !p.spend(b) {
			return broke(clause.AllowedFastOveruse)
		}
		p.hit(clause.FST13)
		p.serves.push(&p.stock().serves, serveOf(b))
		return Fact{Kind: Moved}
	}
	p.reject(b)
	if !p.crossing(now) {
		p.offend(clause.RequestWhileChoked)
	}
	return f
}

// slotLost follows a decision to choke. What was queued in view of an unchoke that is taken back before it was announced is refused: the peer
// still knows itself choked. What was read ahead is let go: when the choke can be announced the block will be refused, and when
// the slot is given back before, it is read once more. [MSG-17] [ANN-3] [ANN-7]
func (p *Peer) slotLost() {
	switch {
	case !p.Choked():
	case p.early:
		p.hit(clause.ANN3)
		p.hit(clause.MSG17)
		p.early = false
		p.refuseQueued()
	case !p.out.choking:
		p.letGo()
	}
}

// letGo forgets the blocks that were read ahead, from the first on that is not allowed fast. [ANN-7]
func (p *Peer) letGo() {
	keep, allowed := 0, p.allowedFast()
	for keep < p.up.tokens.len() && slices.Contains(allowed, p.serves.at(keep).piece) {
		keep++
	}
	for i := p.up.tokens.len() - 1; i >= keep; i-- {
		p.hit(clause.ANN7)
		p.serves.at(i).state = serveQueued
		p.dropToken(i)
		p.up.tokens.remove(&p.stock().tokens, i)
	}
}

// crossing tells whether a request may have been made before our choke was known.
func (p *Peer) crossing(now bt.Instant) bool {
	return p.out.everUnchoked && now.Sub(p.up.choked) < ChokeGrace
}

// spend takes b from what its piece, which is allowed fast, may cost; false when no such allowance is left. [FST-17]
func (p *Peer) spend(b bt.Block) bool {
	f := p.spentOn(b.Piece)
	if f.bytes+b.Length > AllowedFastCopies*p.local.Geometry.PieceSize(b.Piece) {
		return false
	}
	f.bytes += b.Length
	return true
}

func (p *Peer) spentOn(piece uint32) *fastPiece {
	for f := p.up.spent; f != nil; f = f.next {
		if f.piece == piece {
			return f
		}
	}
	f := p.stock().fast.take()
	*f = fastPiece{next: p.up.spent, piece: piece}
	p.up.spent = f
	return f
}

// reject answers a request with no; without Fast silence is the only way to say it. [FST-5]
func (p *Peer) reject(b bt.Block) {
	if p.speaksFast {
		p.out.rejects.push(&p.stock().blocks, b)
	}
}

// onCancel drops a request that is not sent yet; with Fast it is answered by a reject all the same. [MSG-21] [FST-5]
func (p *Peer) onCancel(b bt.Block) Fact {
	for i, s := range p.serves.all() {
		if s.block() == b {
			p.hit(clause.MSG21)
			p.dropServe(i)
			p.reject(b)
			return Fact{Kind: Moved}
		}
	}
	return Fact{}
}

// dropServe forgets request i, and the block that was read for it.
func (p *Peer) dropServe(i int) {
	if i < p.up.tokens.len() {
		p.dropToken(i)
	}
	p.removeServe(i)
}

func (p *Peer) dropToken(i int) {
	p.loose = true
	p.up.dropped.push(&p.stock().tokens, *p.up.tokens.at(i))
}

func (p *Peer) removeServe(i int) {
	if i < p.up.tokens.len() {
		p.up.tokens.remove(&p.stock().tokens, i)
	}
	p.serves.remove(&p.stock().serves, i)
	if p.serves.len() == 0 {
		p.rearmNoRequest() // while something was queued it may have passed [TMR-11]
	}
}

// WantsFetch tells whether another block should be read from disk now. Reading ahead goes in runs, so that the
// disk can read neighbours in one call.
func (p *Peer) WantsFetch(running bool) bool {
	if p.serves.empty() {
		return false
	}
	begun := p.up.tokens.len()
	if begun >= FetchAhead || begun >= p.serves.len() || p.Choked() && !p.out.choking { // [ANN-7]
		return false
	}
	return running || begun <= FetchAhead/2
}

// BeginFetch starts the reading of the next block, under a token.
func (p *Peer) BeginFetch(t bt.Token) bt.Block {
	s := p.serves.at(p.up.tokens.len())
	s.state = serveFetching
	p.up.tokens.push(&p.stock().tokens, t)
	return s.block()
}

// Fetched ends the reading of a block. A block that cannot be read is rejected, as its header has not
// been written. It gives the block, false when the token is not waited for any more.
func (p *Peer) Fetched(t bt.Token, fault bt.Fault) (bt.Block, bool) {
	for i, tok := range p.up.tokens.all() {
		if *tok != t {
			continue
		}
		s := p.serves.at(i)
		if s.state != serveFetching {
			break
		}
		s.state = serveReady
		b := s.block()
		if fault != bt.OK {
			p.hit(clause.MSG25)
			p.reject(b)
			p.removeServe(i)
		}
		return b, true
	}
	return bt.Block{}, false
}

// noRequest acts on a peer that holds a slot and asks for nothing. [TMR-11]
func (p *Peer) noRequest(now bt.Instant) bt.Cause {
	if !p.local.Finished() || p.Choked() || !p.RemoteInterested() || p.serves.len() > 0 {
		return bt.NoCause
	}
	if p.hides() && p.super.lacked == 0 { // it has nothing to ask for
		p.hit(clause.SUP8)
		return bt.NoCause
	}
	p.hit(clause.TMR11)
	return bt.NoRequest
}

func (p *Peer) rearmNoRequest() {
	if !p.Choked() && p.local.Finished() {
		p.run(&p.up.noRequest, p.up.since.Add(NoRequestTimeout))
	}
}
