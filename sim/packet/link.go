package packet

import (
	"hash/fnv"
	"math/bits"
	"math/rand/v2"
	"time"

	"peerwire/core/bt"
)

// Million is what shares are counted in.
const Million = 1_000_000

// Line is what a link is made of. The zero Line passes everything at once.
type Line struct {
	Rate      int64         // bytes a second; 0 is without limit
	Queue     int64         // bytes that may wait, the packet on its way out included; 0 is without limit
	MTU       int           // bytes of the largest packet that passes whole; 0 is without limit
	Delay     time.Duration // of the way behind the queue
	Jitter    time.Duration // up to so much more; it delays, but does not reorder
	Loss      int           // packets in a million that vanish behind the queue
	Duplicate int           // packets in a million that come twice
	Reorder   int           // packets in a million that are held back, so that others overtake them
	Hold      time.Duration // for so long
	Tells     bool          // the sender is told of what finds no room or is too big, as a system tells of its own buffer
}

// Counts is what became of the packets of a link.
type Counts struct {
	Passed, Bytes  int64 // that came out, once however often they came, and their bytes on the wire
	Dropped        int64 // by the queue
	Lost           int64 // on the way
	TooBig         int64 // packets above the MTU that forbade to be cut
	Copies, Behind int64 // packets that came twice, and packets held back
}

// Link is one direction of a line. All flows through it share its queue.
type Link struct {
	line   Line
	busy   bt.Instant // when what waits now has left
	owed   int64      // what the rounding of busy left out, in bytes x nanoseconds a second
	last   bt.Instant // the latest arrival of those that keep their order
	counts Counts

	loss, twice, order, jitter *rand.Rand
}

// NewLink makes a link. What is random about it follows from the seed and its name alone.
func NewLink(seed uint64, name string, line Line) *Link {
	stream := func(purpose string) *rand.Rand {
		h := fnv.New64a()
		h.Write([]byte(name + "/" + purpose))
		return rand.New(rand.NewPCG(seed, h.Sum64()))
	}
	return &Link{line: line, loss: stream("loss"), twice: stream("duplicate"), order: stream("reorder"), jitter: stream("jitter")}
}

// Line is what the link is made of now.
func (l *Link) Line() Line { return l.line }

// Counts is what became of the packets so far.
func (l *Link) Counts() Counts { return l.counts }

// Change makes the link of something else from now on. What waits goes out at the new rate; what is on its way already, arrives
// as it would have.
func (l *Link) Change(now bt.Instant, line Line) {
	waiting := l.Backlog(now)
	l.line = line
	l.busy, l.owed = now, 0
	l.take(waiting)
}

// Backlog is how many bytes wait, the rest of the packet on its way out included.
func (l *Link) Backlog(now bt.Instant) int64 {
	if l.busy <= now || l.line.Rate == 0 {
		return 0
	}
	hi, lo := bits.Mul64(uint64(l.busy-now), uint64(l.line.Rate))
	lo, carry := bits.Add64(lo, uint64(time.Second)-1, 0)
	bytes, _ := bits.Div64(hi+carry, lo, uint64(time.Second))
	return int64(bytes)
}

// Wait is how long a packet that is sent now will wait for those before it.
func (l *Link) Wait(now bt.Instant) time.Duration { return max(0, l.busy.Sub(now)) }

// take lets bytes out after those that wait. It keeps what rounding leaves over, so that the rate is exact however long the queue
// is never empty.
func (l *Link) take(n int64) {
	if l.line.Rate > 0 {
		owed := n*int64(time.Second) + l.owed
		l.busy = l.busy.Add(time.Duration(owed / l.line.Rate))
		l.owed = owed % l.line.Rate
	}
}

// Verdict is what a link does with a packet.
type Verdict uint8

// The verdicts.
const (
	Passes  Verdict = iota
	Twice           // it arrives two times
	Lost            // it vanishes on its way, and nobody is told
	Dropped         // the queue has no room for it
	TooBig          // it may not be cut, and is larger than what passes
)

// Send puts a packet of so many bytes on the wire into the link. It tells when the packet arrives, and when its copy does; whole forbids
// to cut it. Packets are to be sent in the order of time.
func (l *Link) Send(now bt.Instant, size int, whole bool) (v Verdict, at, again bt.Instant) {
	if whole && l.line.MTU > 0 && size > l.line.MTU {
		l.counts.TooBig++
		return TooBig, bt.Never, bt.Never
	}
	if l.line.Queue > 0 && l.Backlog(now)+int64(size) > l.line.Queue {
		l.counts.Dropped++
		return Dropped, bt.Never, bt.Never
	}
	if l.busy < now {
		l.busy, l.owed = now, 0
	}
	l.take(int64(size))
	if chance(l.loss, l.line.Loss) {
		l.counts.Lost++
		return Lost, bt.Never, bt.Never
	}
	l.counts.Passed++
	l.counts.Bytes += int64(size)
	at = l.arrival()
	if chance(l.twice, l.line.Duplicate) {
		l.counts.Copies++
		return Twice, at, l.arrival()
	}
	return Passes, at, bt.Never
}

// arrival is when that arrives which has just been let out.
func (l *Link) arrival() bt.Instant {
	at := l.busy.Add(l.line.Delay)
	if l.line.Jitter > 0 {
		at = at.Add(time.Duration(l.jitter.Int64N(int64(l.line.Jitter))))
	}
	if chance(l.order, l.line.Reorder) {
		l.counts.Behind++
		return at.Add(l.line.Hold)
	}
	l.last = max(l.last, at)
	return l.last
}

// chance draws whether something happens that happens so many times in a million. What never happens draws nothing.
func chance(lots *rand.Rand, share int) bool { return share > 0 && lots.IntN(Million) < share }
