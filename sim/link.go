package sim

import (
	"net/netip"
	"strconv"
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
	arrived(s segment)
	writable()
}

// End is one end of a connection.
type End struct {
	world   *World
	owner   Host
	far     *End
	label   string         // the host at the far end, with a number when the two have several connections
	addr    netip.AddrPort // of this end
	seen    netip.AddrPort // the same, as the far end sees it
	sink    sink
	tap     tap
	line    Line
	over    bt.Transport
	pipe    *pipe // what is written goes through it
	unread  int   // bytes written that the far end has not taken
	shaken  int   // bytes of the handshake written
	stopped bool  // the far end takes nothing
	closed  bool
}

// pipe is what bytes go through one after the other, each taking its time.
type pipe struct {
	rate  int64      // bytes a second; 0 is without limit
	since bt.Instant // when it was last idle
	sent  int64      // bytes since then
	busy  bt.Instant // when all that was put in has come out
}

// pipeOf is what a connection of a host writes into: one of its own, or what the host has for all.
func (w *World) pipeOf(h Host, line Line) *pipe {
	if n, ok := h.(*Node); ok && n.uplink != nil {
		return n.uplink
	}
	return &pipe{rate: line.Rate}
}

// put gives so many bytes to the pipe, and tells when they have come out. It is counted from when the pipe was idle so that it does not
// depend on how the bytes were cut.
func (p *pipe) put(now bt.Instant, n int) bt.Instant {
	if p.busy < now {
		p.busy, p.since, p.sent = now, now, 0
	}
	if p.rate > 0 {
		p.sent += int64(n)
		p.busy = p.since.Add(time.Duration(p.sent * int64(time.Second) / p.rate))
	}
	return p.busy
}

// connect makes a connection of two hosts; at is the address of its first end.
func (w *World) connect(line Line, a, b Host, at netip.AddrPort) (*End, *End) {
	suffix := ""
	if n := w.between(a, b) + 1; n > 1 {
		suffix = "(" + strconv.Itoa(n) + ")"
	}
	x := &End{world: w, owner: a, label: b.Name() + suffix, addr: at, seen: at, line: line, pipe: w.pipeOf(a, line)}
	y := &End{world: w, owner: b, label: a.Name() + suffix, addr: b.Addr(), seen: b.Addr(), line: line, pipe: w.pipeOf(b, line)}
	y.line.Latency = line.back()
	x.far, y.far = y, x
	x.tap.pieces, y.tap.pieces = w.maxPieces(), w.maxPieces()
	w.ends = append(w.ends, x)
	return x, y
}

// between counts the connections that two hosts have.
func (w *World) between(a, b Host) (n int) {
	for _, e := range w.ends {
		if !e.closed && !e.far.closed && (e.owner == a && e.far.owner == b || e.owner == b && e.far.owner == a) {
			n++
		}
	}
	return n
}

// room is how many bytes the connection takes now; what is written at once may be more.
func (e *End) room() int {
	if e.stopped || e.closed {
		return 0
	}
	window := e.line.Window
	if window == 0 {
		window = defaultWindow
	}
	return max(0, window-e.unread)
}

// write sends a segment to the far end.
func (e *End) write(s segment) {
	if e.closed || s.size() == 0 {
		return
	}
	e.unread += s.size()
	e.strip(s.data)
	if e.pipe.rate > 0 && s.isRun() {
		for s.size() > packet {
			var head segment
			head, s = s.split(packet)
			e.send(head)
		}
	}
	e.send(s)
}

// strip takes the reserved bits out of what belongs to a handshake, on a plain line.
func (e *End) strip(data []byte) {
	const first, last = 20, 27
	for i := range data {
		if at := e.shaken + i; e.line.Plain && at >= first && at <= last {
			data[i] = 0
		}
	}
	e.shaken = min(e.shaken+len(data), last+1)
}

// send gives a segment to the line.
func (e *End) send(s segment) {
	at := e.pipe.put(e.world.now, s.size()).Add(e.line.Latency)
	e.world.queue.plan(at, func() { e.far.deliver(s) })
}

// deliver lets a segment arrive at this end.
func (e *End) deliver(s segment) {
	if e.closed || e.sink == nil {
		return
	}
	e.world.cuts.cut(s, func(part segment) {
		if !e.closed {
			e.sink.arrived(part)
		}
	})
}

// took tells the writer that so many bytes were taken.
func (e *End) took(n int) {
	full := e.far.room() == 0
	e.far.unread -= n
	if full && e.far.room() > 0 {
		e.far.wake()
	}
}

// stop lets this end take no more bytes, or take them again.
func (e *End) stop(on bool) {
	e.far.stopped = on
	if !on {
		e.far.wake()
	}
}

// wake tells this end, soon, that it may write.
func (e *End) wake() {
	e.world.queue.plan(e.world.now, func() {
		if !e.closed && e.sink != nil {
			e.sink.writable()
		}
	})
}

// close ends the connection. What was written before arrives, unless the fault is a reset.
func (e *End) close(f bt.Fault) {
	if e.closed {
		return
	}
	e.closed = true
	at := max(e.pipe.busy, e.world.now).Add(e.line.Latency)
	if f == bt.Reset {
		at = e.world.now
	}
	e.world.queue.plan(at, func() { e.far.deliver(segment{end: true, fault: f}) })
}
