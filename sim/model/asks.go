package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// ask is a request of ours that was written and not answered.
type ask struct {
	block bt.Block
	at    bt.Instant // when it was written
	state askState
	moot  bool // its block came from another since it had timed out: it may have been taken back
}

// askState is what has become of a request.
type askState uint8

const (
	live      askState = iota // outstanding
	timedOut                  // withdrawn when the peer was snubbed [TMR-9]
	cancelled                 // withdrawn by a cancel; with Fast it is still answered [FST-18]
)

// reception is a block whose payload is not whole.
type reception struct {
	on    bool
	block bt.Block
	left  int
	token bt.Token // 0 when it is discarded
}

// clock is how long requests may take. [TMR-7]
type clock struct {
	start   bt.Instant // of the request clock
	flow    bt.Instant // when payload last came, or the first request was written [TMR-8]
	samples int
	mean    time.Duration
	spread  time.Duration // mean deviation
}

// maxMemory is how many withdrawn requests are remembered. [MSG-19]
const maxMemory = 512

// live is how many requests are outstanding.
func (c *conn) live() int { return len(c.liveBlocks()) }

func (c *conn) liveBlocks() []bt.Block { return c.blocksThatAre(live) }

func (c *conn) blocksThatAre(state askState) (list []bt.Block) {
	for _, a := range c.asks {
		if a.state == state {
			list = append(list, a.block)
		}
	}
	return list
}

func (c *conn) asked(b bt.Block) int {
	return slices.IndexFunc(c.asks, func(a ask) bool { return a.block == b })
}

// withdraw moves a request to the memory of those that were withdrawn. [MSG-19]
func (c *conn) withdraw(i int) {
	c.memory = append(c.memory, c.asks[i].block)
	if len(c.memory) > maxMemory {
		c.memory = c.memory[1:]
	}
	c.asks = slices.Delete(c.asks, i, i+1)
}

// void withdraws every request for some pieces, without Fast: for all when the peer chokes us, for those that it took back. [FST-7] [MSG-26]
func (c *conn) void(of func(piece uint32) bool) {
	for i := 0; i < len(c.asks); {
		if of(c.asks[i].block.Piece) && !c.fast {
			c.withdraw(i)
		} else {
			i++
		}
	}
}

// cancel takes a request back. [MSG-22] [FST-18]
func (w *world) cancel(c *conn, b bt.Block) {
	i := c.asked(b)
	c.asks[i].state = cancelled
	c.cancels = append(c.cancels, b)
	if !c.fast {
		c.withdraw(i)
	}
}

// began takes the header of a piece message. It is false when the connection is closed for it. [MSG-18] [MSG-19] [MSG-20]
func (w *world) began(c *conn, b bt.Block) bool {
	t := w.torrent(c.tor)
	if !t.geometry.IsBlock(b) {
		w.breach(c, clause.BlockMalformed)
		return false
	}
	i := c.asked(b)
	if i < 0 {
		at := slices.Index(c.memory, b)
		if at < 0 {
			w.breach(c, clause.BlockUnrequested)
			return false
		}
		c.memory = slices.Delete(c.memory, at, at+1)
		c.spared(b)
	}
	if i < 0 || c.asks[i].state != live {
		w.adopt(c, b)
	}
	c.recv = reception{on: true, block: b, left: int(b.Length)}
	return true
}

// adopt lets a request that was chosen, and not written, stand as written: the answer to an earlier one for the same block has
// begun. It may have been chosen in this very step. [TMR-9]
func (w *world) adopt(c *conn, b bt.Block) {
	if s := w.saw(c.id); s != nil && slices.Contains(s.Live, b) && w.mayAsk(c, b) == "" {
		w.enter(c, b)
	}
}

// enter lets a request be outstanding from now. [TMR-7]
func (w *world) enter(c *conn, b bt.Block) {
	if c.live() == 0 {
		c.clock.start, c.clock.flow = w.now, w.now
	}
	if i := c.asked(b); i >= 0 {
		c.asks[i] = ask{block: b, at: w.now}
		return
	}
	c.asks = append(c.asks, ask{block: b, at: w.now})
}

// payload takes the news that bytes of a block have arrived.
func (w *world) payload(id bt.ConnID, n int) {
	c := w.conn(id)
	if c == nil {
		return
	}
	n = min(n, c.recv.left)
	c.recv.left -= n
	c.down += int64(n)
	c.heardAt = w.now
	if n > 0 && c.live() > 0 {
		c.clock.flow = w.now
	}
	if c.recv.on && c.recv.left == 0 {
		w.delivered(c)
	}
}

// delivered takes a block that is whole. [MSG-20]
func (w *world) delivered(c *conn) {
	b, token := c.recv.block, c.recv.token
	c.recv = reception{}
	t := w.torrent(c.tor)
	stored := slices.ContainsFunc(w.seen.Effects, func(e bt.Effect) bool { return e.Kind == bt.Store && e.Token == token })
	needed := token != 0 && w.takes(c, b, stored)
	c.rejects = 0
	if i := c.asked(b); i >= 0 {
		if c.asks[i].state == live {
			c.clock.sample(micros(w.now) - micros(c.asks[i].at))
		}
		c.answered(i)
	}
	if needed && c.snubbed && w.now.Sub(c.clock.start) < c.clock.limit() { // [TMR-10]
		c.snubbed = false
	}
	c.clock.start, c.clock.flow = w.now, w.now
	if !needed {
		if token != 0 {
			w.releases(token)
		}
		return
	}
	w.want("store %d %d %v", t.id, token, b)
	w.take(token, receiving)
	w.buffers = append(w.buffers, buffer{token: token, use: storing, torrent: t.id, block: b, from: c.known})
	t.age[b.Piece] = 0
	*t.block(b) = block{state: waiting, from: c.known, conn: c.id}
	w.cancelElsewhere(c.id, b)
}

// answered forgets a request.
func (c *conn) answered(i int) {
	b := c.asks[i].block
	c.asks = slices.Delete(c.asks, i, i+1)
	c.spared(b)
}

// spared forgets that a block was to be cancelled, when every request for it is answered.
func (c *conn) spared(b bt.Block) {
	if c.asked(b) < 0 && !slices.Contains(c.memory, b) {
		c.cancels = slices.DeleteFunc(c.cancels, func(o bt.Block) bool { return o == b })
	}
}

// cancelElsewhere takes back what other connections were asked for and has come now. [MSG-22]
func (w *world) cancelElsewhere(from bt.ConnID, b bt.Block) {
	for _, id := range w.of(w.conn(from).tor) {
		c := w.conn(id)
		i := c.asked(b)
		switch {
		case id == from || i < 0:
		case c.asks[i].state != live:
			c.asks[i].moot = true
		case c.recv.on && c.recv.block == b:
			c.asks[i].state = timedOut // too late to say so: it is coming
		default:
			w.cancel(c, b)
		}
	}
}

// rejected takes a reject. [FST-8] [FST-9] [FST-19]
func (w *world) rejected(c *conn, b bt.Block) {
	i := c.asked(b)
	if i < 0 {
		if at := slices.Index(c.memory, b); at >= 0 {
			c.memory = slices.Delete(c.memory, at, at+1)
			return
		}
		w.breach(c, clause.RejectUnrequested)
		return
	}
	if c.asks[i].state == live {
		c.rejects++
		if c.rejects >= restAfter && c.unchokes && c.restAt == 0 {
			c.restAt = w.now.Add(restFor)
		}
	}
	c.answered(i)
	if !c.unchokes {
		c.allowed = slices.DeleteFunc(c.allowed, func(p uint32) bool { return p == b.Piece })
	}
}

// A peer that rejects so many requests in a row is left alone for so long. [FST-19]
const (
	restAfter = 50
	restFor   = 10 * time.Second
)

// micros is the time of an instant in whole microseconds.
func micros(t bt.Instant) time.Duration { return time.Duration(t).Truncate(time.Microsecond) }

// sample takes the time from a request to its block, in whole microseconds: the n-th weighs 1 / min(n, 20). [TMR-7]
func (c *clock) sample(took time.Duration) {
	c.samples++
	if c.samples == 1 {
		c.mean, c.spread = took, took/20
		return
	}
	n := time.Duration(min(c.samples, 20))
	off := took - c.mean
	c.mean += off / n
	c.spread += (max(off, -off) - c.spread) / n
}

// limit is the request timeout: 60 s at first; then mean and four mean deviations, in whole seconds rounded up, at least 2 s
// and at most 60 s. [TMR-7]
func (c *clock) limit() time.Duration {
	if c.samples == 0 {
		return 60 * time.Second
	}
	seconds := (c.mean + 4*c.spread + time.Second - 1) / time.Second
	return min(max(seconds, 2), 60) * time.Second
}

// overdue acts on a peer that lets us wait. When that is seen late, another may have been looked at before, and asked instead of it: then nothing is
// outstanding with it any more. [PCK-17] [PCK-18]
func (w *world) overdue(c *conn, at bt.Instant) {
	if s := w.saw(c.id); at < w.now && s != nil && !s.Flags.Snubbed {
		w.takenOver()
	}
	if c.live() > 0 {
		w.snub(c)
	}
}

// snub finds that a peer lets us wait: its requests are withdrawn, and the clock starts again. [TMR-7] [TMR-8] [TMR-9]
func (w *world) snub(c *conn) {
	c.snubbed, c.released = true, true
	c.clock.start, c.clock.flow = w.now, w.now
	for i := range c.asks {
		if c.asks[i].state == live {
			c.asks[i].state = timedOut
		}
	}
}
