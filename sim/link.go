package sim

import (
	"net/netip"
	"time"

	"peerwire/core/bt"
)

// Line is what a link is made of. The zero Line is as fast as can be.
type Line struct {
	Latency time.Duration // from one end to the other
	Back    time.Duration // from the end that was connected to; 0 is Latency too
	Rate    int64         // bytes a second in each direction; 0 is without limit
	Window  int           // bytes that the sender may write ahead of the reader, about; 0 is 256 KiB
	Plain   bool          // handshakes lose their reserved bits on the way: nobody speaks Fast or extensions

	// What follows makes a line like a stream over a network that shakes and loses. A stream keeps its order: what is lost is sent again,
	// and what follows it waits.
	Jitter time.Duration // as much later, at most, a segment arrives
	Loss   int           // of a million packets so many are lost
	Start  int           // bytes that the sender may write ahead at first; Window at once when it is 0

	Datagrams bool // uTP between nodes is core/utp's, on datagrams; else it is a stream as any
}

const (
	defaultWindow = 256 << 10
	packet        = 4 << 10 // a run is sent in such parts when the rate is limited, bytes
)

// back is the latency of the way back.
func (l *Line) back() time.Duration {
	if l.Back > 0 {
		return l.Back
	}
	return l.Latency
}

// window is how far the sender may be ahead, bytes.
func (l *Line) window() int {
	if l.Window == 0 {
		return defaultWindow
	}
	return l.Window
}

// cable is a line in its world.
type cable struct {
	Line
	world *World
}

// Host is whoever has an address: a Node or a Raw.
type Host interface {
	// Name is the host's name in the journal.
	Name() string
	// Addr is where the host listens.
	Addr() netip.AddrPort

	// accept takes a connection that was opened to the host.
	accept(e *End)
}

// sink is what becomes of a connection at one of its ends.
type sink interface {
	host() Host
	arrived(f *flight) // the flight is the sink's from then on
	writable()
}

// nobody is the sink of an end that its host has not taken yet.
type nobody struct{ of Host }

func (n nobody) host() Host { return n.of }

func (n nobody) arrived(*flight) { panic("BUG: nobody hears it") }

func (n nobody) writable() {}

// pipe is what bytes go through one after the other, each taking its time. A nil pipe takes none.
type pipe struct {
	rate  int64      // bytes a second
	since bt.Instant // when it was last idle
	sent  int64      // bytes since then
	busy  bt.Instant // when all that was put in has come out
}

// newPipe is a pipe of a rate; none when that has no limit.
func newPipe(rate int64) *pipe {
	if rate == 0 {
		return nil
	}
	return &pipe{rate: rate}
}

// put gives so many bytes to the pipe, and tells when they have come out. It is counted from when the pipe was idle so that it does not
// depend on how the bytes were cut.
func (p *pipe) put(now bt.Instant, n int) bt.Instant {
	if p == nil {
		return now
	}
	if p.busy < now {
		p.busy, p.since, p.sent = now, now, 0
	}
	p.sent += int64(n)
	if p.sent > maxSent { // so that the product below fits, however long a pipe is busy
		p.since, p.sent = p.busy, int64(n)
	}
	p.busy = p.since.Add(time.Duration(p.sent * int64(time.Second) / p.rate))
	return p.busy
}

// maxSent is what is counted from one time, bytes.
const maxSent = 8 << 30

// admit lets n bytes in, and tells from when on they go through.
func (p *pipe) admit(now bt.Instant, n int) bt.Instant {
	start := p.until(now)
	p.put(now, n)
	return start
}

// until is when the pipe is idle.
func (p *pipe) until(now bt.Instant) bt.Instant {
	if p == nil {
		return now
	}
	return max(now, p.busy)
}

// connect makes a connection of two hosts, of which b sees a at an address.
func (w *World) connect(line *cable, a, b Host, seen netip.AddrPort) (*End, *End) {
	start := int32(line.Start)
	x := &End{line: line, sink: nobody{a}, few: &usual, open: start, opener: true}
	y := &End{line: line, sink: nobody{b}, few: &usual, open: start}
	x.far, y.far = y, x
	x.own().seen = &seen
	if line.Rate > 0 {
		x.own().pipe, y.own().pipe = newPipe(line.Rate), newPipe(line.Rate)
	}
	if !w.options.Swift {
		w.name(x, y)
	}
	w.enlist(x)
	w.enlist(y)
	return x, y
}
