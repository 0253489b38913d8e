package peerfsm

import (
	"math"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// askState is what became of a request that was sent.
type askState uint16

const (
	askLive      askState = iota // the block is asked of this peer
	askTimedOut                  // released to others; an answer is still welcome
	askCancelled                 // we said cancel; with Fast an answer still comes
)

// ask is one request to the peer: 12 bytes, as there can be hundreds.
type ask struct {
	piece uint32
	at    micros // when it was sent
	index uint16 // number of the block within the piece
	state askState
}

// micros is a time in whole microseconds, as far as it fits: good for differences up to an hour, longer than any request lives.
type micros uint32

func microsOf(t bt.Instant) micros { return micros(t / bt.Instant(time.Microsecond)) }

// since is the time that has passed from u to t.
func (t micros) since(u micros) time.Duration { return time.Duration(t-u) * time.Microsecond }

// download is the pipeline of what we ask the peer for.
type download struct {
	sent      queue[ask]      // said, not answered
	withdrawn queue[ask]      // taken back; a late answer is no offence
	freed     queue[bt.Block] // requests that will not be answered, for the torrent to give to others
	recv      reception
	rate      rate
	pace      pace
	clock     bt.Instant // when the wait for an answer began: the first request, or the last block
	flow      bt.Instant // when payload last came, or the first request went out
	heldAt    bt.Instant // since when we do not read, so that no blame timer runs; bt.Never while we do
	request   bt.Instant // TimerRequest
	retry     bt.Instant // TimerRetry
	duplicate int64      // bytes that came and were not needed
	service   [3]uint32  // the numbers of the note on Snubbed
	last      uint32     // the piece that was asked for last, or noPiece
	taken     uint32     // pieces that the peer took back, counted each time
	live      uint16     // of sent, those in askLive
	rejects   uint8      // in a row, or restAfter
	resting   bool       // rejected too often: ask nothing before TimerRetry
}

// reception is a block whose header was read and whose payload is not whole.
type reception struct {
	token  bt.Token // of the payload; 0 when it is discarded
	piece  uint32
	begin  uint32
	length uint16
	left   uint16 // bytes to come
	active bool
}

func receptionOf(b bt.Block) reception {
	return reception{piece: b.Piece, begin: b.Begin, length: uint16(b.Length), left: uint16(b.Length), active: true}
}

func (r *reception) block() bt.Block {
	return bt.Block{Piece: r.piece, Begin: r.begin, Length: uint32(r.length)}
}

// is tells whether it is b that is being received.
func (r *reception) is(b bt.Block) bool { return r.active && r.piece == b.Piece && r.begin == b.Begin }

// restAfter is how many rejects in a row make us leave an unchoking peer alone for restTime.
const (
	restAfter = 50               // [FST-19]
	restTime  = 10 * time.Second // [FST-19]
)

// noPiece is none that a torrent has.
const noPiece = math.MaxUint32

func newDownload() download {
	return download{last: noPiece, heldAt: bt.Never, request: bt.Never, retry: bt.Never, pace: newPace()}
}

func (p *Peer) blockOf(a *ask) bt.Block { return p.local.Geometry.BlockAt(a.piece, uint32(a.index)) }

func askOf(b bt.Block) ask { return ask{piece: b.Piece, index: uint16(b.Begin / bt.BlockSize)} }

func (a *ask) is(b bt.Block) bool {
	return a.piece == b.Piece && uint32(a.index) == b.Begin/bt.BlockSize
}

// Room is how many more blocks may be asked for now: none unless we are interested and the peer
// has unchoked us or allows some pieces all the same. [MSG-10]
func (p *Peer) Room() int {
	d := p.down
	if !p.Open() || !p.Interesting() || p.RemoteChoked() && p.allowed.empty() || d.resting {
		return 0
	}
	return min(p.Target()-p.Outstanding(), MaxOutgoingRequests-d.sent.len()-p.unsent.len())
}

// Short tells whether so many requests are missing that it is time for more: a quarter of what we aim at, or all. Asked for one by one, each would be a
// packet of its own. [LIM-4]
func (p *Peer) Short() bool {
	out, target := p.Outstanding(), p.Target()
	return out == 0 || 4*(target-out) >= target
}

// Target is how many requests are kept with the peer: adaptive, one when it is snubbed, never more
// than it said it keeps. [LIM-3] [LIM-4]
func (p *Peer) Target() int {
	if p.Snubbed() {
		return 1
	}
	limit := MaxOutgoingRequests
	if r := p.accepts.reqq; r > 0 {
		limit = min(limit, int(r))
	}
	return min(int(p.down.pace.target), max(limit, 1))
}

// Outstanding is how many blocks are asked for or chosen to be, and not given up.
func (p *Peer) Outstanding() int { return int(p.down.live) + p.unsent.len() }

// Answering tells whether the peer is about to answer a request: a block is arriving, or one that was cancelled is to be answered
// still. Until then it cannot be asked for that again.
func (p *Peer) Answering() bool {
	for _, a := range p.down.sent.all() {
		if a.state == askCancelled {
			return true
		}
	}
	return p.down.recv.active
}

// Allowed lists the pieces that may be asked for while the peer chokes us, until it is called for another connection; nil when it does not, or
// allows none.
func (p *Peer) Allowed() []uint32 {
	if !p.RemoteChoked() || p.allowed.empty() {
		return nil
	}
	s := p.stock()
	s.allowed = p.allowed.list(s.allowed[:0])
	return s.allowed
}

// Suggested lists the pieces that the peer suggests, newest first, until it is called for another connection.
func (p *Peer) Suggested() []uint32 {
	if p.suggested.empty() {
		return nil
	}
	s := p.stock()
	s.suggested = p.suggested.list(s.suggested[:0])
	slices.Reverse(s.suggested)
	return s.suggested
}

// Ask gives the peer a block to be asked for. It is false when an earlier request for the block is in the way: one that
// was cancelled and is to be answered still, or that is being answered. [MSG-11] [FST-18]
func (p *Peer) Ask(b bt.Block) bool {
	if !p.Askable(b) {
		return false
	}
	p.downloads()
	p.unsent.push(&p.stock().asks, askOf(b))
	p.down.last = b.Piece
	return true
}

// Askable tells whether no earlier request for the block is in the way of another.
func (p *Peer) Askable(b bt.Block) bool {
	i := p.findStale(b)
	return (i < 0 || p.down.sent.at(i).state != askCancelled) && !p.down.recv.is(b)
}

// Cancel takes back the request for b, because the block has come from elsewhere. What was not said
// is never said; an answer that is on its way is no offence. It tells whether the request was said. [ANN-4] [FST-18]
func (p *Peer) Cancel(b bt.Block) bool {
	if i := find(&p.unsent, b); i >= 0 {
		p.hit(clause.ANN4)
		p.unsent.remove(&p.stock().asks, i)
		return false
	}
	i := find(&p.down.sent, b)
	switch {
	case i < 0:
		return false
	case p.down.recv.is(b):
		p.release(i) // it is being answered: too late to say so
	default:
		p.cancelAt(i)
	}
	p.rearmRequest()
	return true
}

// release lets request i of sent count no more: its block is nobody's business, but may come.
func (p *Peer) release(i int) {
	if a := p.down.sent.at(i); a.state == askLive {
		a.state = askTimedOut
		p.down.live--
	}
}

// cancelAt takes back request i of sent: with Fast it is still answered, without it is withdrawn. [FST-18]
func (p *Peer) cancelAt(i int) {
	a := p.down.sent.at(i)
	if a.state == askCancelled {
		return
	}
	if a.state == askLive {
		p.down.live--
	}
	p.hit(clause.FST18)
	a.state = askCancelled
	p.out.cancels.push(&p.stock().blocks, p.blockOf(a))
	if !p.speaksFast {
		p.withdraw(i)
	}
}

// findStale finds the request for b that was said and is not live: it timed out, or was cancelled. A peer is asked for no
// block twice, so where all that was said is live there is no need to look: on the path of a block there hardly ever is.
func (p *Peer) findStale(b bt.Block) int {
	if p.down.sent.len() == int(p.down.live) {
		return -1
	}
	return find(&p.down.sent, b)
}

func find(q *queue[ask], b bt.Block) int {
	for i, a := range q.all() {
		if a.is(b) {
			return i
		}
	}
	return -1
}

// withdraw moves request i of sent to the memory of what was taken back.
func (p *Peer) withdraw(i int) {
	d, s := p.down, &p.stock().asks
	if d.withdrawn.len() == MaxWithdrawn {
		d.withdrawn.remove(s, 0)
	}
	d.withdrawn.push(s, *d.sent.at(i))
	d.sent.remove(s, i)
}

// welcomed tells whether b was asked for and taken back, and forgets it.
func (p *Peer) welcomed(b bt.Block) bool {
	i := find(&p.down.withdrawn, b)
	if i < 0 {
		return false
	}
	p.down.withdrawn.remove(&p.stock().asks, i)
	return true
}

// free gives a live request's block back to the torrent.
func (p *Peer) free(a *ask) {
	p.loose = true
	p.down.freed.push(&p.stock().blocks, p.blockOf(a))
}

// takeBackUnsent gives up what was chosen and not said.
func (p *Peer) takeBackUnsent() {
	for _, a := range p.unsent.all() {
		p.free(a)
	}
	p.unsent.clear(&p.stock().asks)
}

// mayAsk tells whether blocks of a piece may be asked of the peer now. [MSG-10]
func (p *Peer) mayAsk(piece uint32) bool {
	return p.Interesting() && p.Has(piece) && (!p.RemoteChoked() || p.allows(piece))
}

// dropUnsent gives up the requests that were chosen and not said, and may not be said any more: the peer took the piece back, or does not
// allow it while it chokes us. [MSG-10] [MSG-26]
func (p *Peer) dropUnsent() {
	for i := 0; i < p.unsent.len(); {
		a := p.unsent.at(i)
		if p.mayAsk(a.piece) {
			i++
			continue
		}
		p.hit(clause.ANN4)
		p.free(a)
		p.unsent.remove(&p.stock().asks, i)
	}
}

// forsake follows a loss of pieces from the peer's supply: what was asked of them, and said, is void without Fast, and with it
// still answered. [MSG-26]
func (p *Peer) forsake() {
	p.dropUnsent()
	if p.speaksFast {
		return
	}
	for i := 0; i < p.down.sent.len(); {
		if p.Has(p.down.sent.at(i).piece) {
			i++
			continue
		}
		p.hit(clause.MSG26)
		p.voidAt(i)
	}
	p.rearmRequest()
}

// voidSent gives up every request that was said: it will not be answered. [FST-7]
func (p *Peer) voidSent() {
	for p.down.sent.len() > 0 {
		p.voidAt(0)
	}
	p.rearmRequest()
}

func (p *Peer) voidAt(k int) {
	a := p.down.sent.at(k)
	if a.state == askLive {
		p.down.live--
		p.free(a)
	}
	p.withdraw(k)
}

// Abort gives up everything that is asked of the peer, said or not: its connection ends, or its pieces are
// no longer wanted from it.
func (p *Peer) Abort() {
	if p.local == nil {
		return
	}
	p.takeBackUnsent()
	p.voidSent()
	for p.serves.len() > 0 {
		p.dropServe(0)
	}
}

// onReject ends a request without its block. [FST-9]
func (p *Peer) onReject(now bt.Instant, b bt.Block) Fact {
	i := find(&p.down.sent, b)
	if i < 0 || !p.local.Geometry.IsBlock(b) {
		if p.welcomed(b) {
			return Fact{}
		}
		p.offend(clause.RejectUnrequested)
		return Fact{}
	}
	p.hit(clause.FST9)
	if a := p.down.sent.at(i); a.state == askLive {
		p.down.live--
		p.free(a)
		p.down.rejects = min(p.down.rejects+1, restAfter)
		p.rest(now)
	}
	p.down.sent.remove(&p.stock().asks, i)
	if p.RemoteChoked() {
		p.forget(&p.allowed, b.Piece)
		p.dropUnsent()
	} else {
		p.forget(&p.suggested, b.Piece)
	}
	p.rearmRequest()
	return Fact{Kind: Moved}
}

// rest leaves a peer alone that rejects all we ask, so that the two of us do not spin.
func (p *Peer) rest(now bt.Instant) {
	if p.down.rejects >= restAfter && !p.down.resting && !p.RemoteChoked() {
		p.hit(clause.FST19)
		p.down.resting = true
		p.takeBackUnsent()
		p.run(&p.down.retry, now.Add(restTime))
	}
}

// rested lets a peer be asked again.
func (p *Peer) rested() { p.down.resting, p.down.rejects = false, 0 }

// requestOverdue snubs the peer: it let a request go unanswered. [TMR-7] [TMR-8]
func (p *Peer) requestOverdue(now bt.Instant) {
	d := p.down
	outstanding := int64(d.live)
	if limit := d.pace.limit(); now < d.clock.Add(limit) {
		p.hit(clause.TMR8)
		p.step(now, Snub, bt.PayloadStalled, bt.Millis(now.Sub(d.flow)), bt.Millis(PieceTimeout), outstanding)
	} else {
		p.hit(clause.TMR7)
		p.step(now, Snub, bt.RequestOverdue, bt.Millis(now.Sub(d.clock)), bt.Millis(limit), outstanding)
	}
	d.pace.snubbed()
	p.takeBackUnsent()
	d.clock, d.flow = now, now
	p.rearmRequest()
}

// GiveBack releases what a snubbed peer holds up. What still comes of it is welcome. [TMR-9]
func (p *Peer) GiveBack() {
	d := p.down
	for _, a := range d.sent.all() {
		if a.state == askLive {
			p.hit(clause.TMR9)
			a.state = askTimedOut
			d.live--
			p.free(a)
		}
	}
	p.rearmRequest()
}

// CancelAll takes back every request: we cannot take data now.
func (p *Peer) CancelAll() {
	p.takeBackUnsent()
	for i := p.down.sent.len() - 1; i >= 0; i-- {
		a := p.down.sent.at(i)
		if b := p.blockOf(a); a.state == askLive && !p.down.recv.is(b) {
			p.free(a)
			p.cancelAt(i)
		}
	}
	p.rearmRequest()
}

// rearmRequest keeps the request timer true: it runs while an answer is awaited.
func (p *Peer) rearmRequest() {
	if p.down.live == 0 {
		stop(&p.down.request)
		return
	}
	d := p.down
	p.run(&p.down.request, min(d.clock.Add(d.pace.limit()), d.flow.Add(PieceTimeout)))
}

// ask makes a request that was chosen a live one. It is false when it need not be said: an earlier one for the same block timed
// out, and stands again, since with Fast it is still to be answered. Without Fast it may have been dropped in silence, and is
// said again. [MSG-11] [MSG-19]
func (p *Peer) ask(now bt.Instant, a ask) bool {
	i := p.findStale(p.blockOf(&a))
	if i >= 0 && !p.speaksFast {
		p.withdraw(i)
		i = -1
	}
	p.enter(now, a)
	return i < 0
}

// enter lets a request live: in the place of an earlier one for the same block, if there is one.
func (p *Peer) enter(now bt.Instant, a ask) {
	d := p.down
	a.at = microsOf(now)
	if d.live == 0 {
		d.clock, d.flow = now, now
	}
	if i := p.findStale(p.blockOf(&a)); i >= 0 {
		*d.sent.at(i) = a
	} else {
		d.sent.push(&p.stock().asks, a)
	}
	d.live++
}
