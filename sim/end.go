package sim

import (
	"net/netip"
	"strconv"
	"time"

	"peerwire/core/bt"
	"peerwire/core/utp"
)

// End is one end of a connection. There are hundreds of thousands: what few of them have stands elsewhere.
type End struct {
	line *cable
	far  *End
	sink sink // of whoever has it
	few  *few
	next *End // in the uplink's ring

	way    lane // what is on its way here
	out    lane // what waits for its turn to be sent
	lots   Lots // for what the line does by chance
	opened uint64

	id      int32 // its place among the world's ends
	refs    int32 // happenings of this end, planned or under way
	unread  int32 // bytes written that the far end has not taken
	unsent  int32 // bytes in out
	open    int32 // how far this end may write ahead, while that still grows; 0 when it does not
	calm    int32 // beyond it that grows slowly
	over    bt.Transport
	opener  bool // it opened the connection
	stopped bool // the far end takes nothing, but for spare bytes
	closed  bool
	full    bool // it had no room when it was written to last, and will be told when it has
	wired   bool // its bytes are carried by the owner's UDP socket
}

// few is what few ends have, or only for a while.
type few struct {
	seen   *netip.AddrPort // of who opened the connection, as the far end sees it; nil once that was told
	voice  *voice          // nil when there is no journal
	pipe   *pipe           // what is written goes through it; nil when it takes no time
	stream utp.ID          // of the owner's UDP socket, that it is; 0 when it is none, or none any more
	held   bt.Instant      // before that nothing leaves
	spare  int             // bytes that the far end takes though it is stopped, about
	kept   string          // a message that is said after the next
	shaken uint8           // bytes of the handshake written, on a plain line
	stuck  bool            // nothing comes through any more, and nobody is told
}

// usual is what most ends have. It is only read.
var usual few

// own is what the end has that few have, to be changed.
func (e *End) own() *few {
	if e.few == &usual {
		e.few = new(few)
	}
	return e.few
}

// tell gives the address that the far end sees, which is told once.
func (e *End) tell() netip.AddrPort {
	seen := *e.few.seen
	if e.few.seen = nil; *e.few == usual {
		e.few = &usual
	}
	return seen
}

func (e *End) world() *World { return e.line.world }

// owner is who has the end.
func (e *End) owner() Host { return e.sink.host() }

// taken tells whether its host has the end already, and hears what comes.
func (e *End) taken() bool {
	_, waits := e.sink.(nobody)
	return !waits
}

// up is where what is written waits for its turn; nil when it has not to.
func (e *End) up() *uplink { return uplinkOf(e.owner()) }

// voice is how an end appears in the journal.
type voice struct {
	label string // the host at the far end, with a number when the two have several connections
	tap   tap
}

// name gives the ends of a connection their voices.
func (w *World) name(x, y *End) {
	suffix := ""
	if n := w.between(x.owner(), y.owner()) + 1; n > 1 {
		suffix = "(" + strconv.Itoa(n) + ")"
	}
	x.own().voice, y.own().voice = &voice{label: y.owner().Name() + suffix}, &voice{label: x.owner().Name() + suffix}
}

// enlist gives an end a place among the world's.
func (w *World) enlist(e *End) {
	w.opened++
	e.opened = w.opened
	e.lots = NewLots(w.options.Seed, e.opened, forLinks)
	e.id = w.ends.put(e)
}

// retire gives the places of a connection back that nobody will hear of again.
func (e *End) retire() {
	for _, x := range []*End{e, e.far} {
		if !x.closed || x.refs > 0 || x.id < 0 {
			return
		}
	}
	for _, x := range []*End{e, e.far} {
		x.unplug()
		x.world().hangar.clear(&x.way)
		x.world().hangar.clear(&x.out)
		x.world().ends.take(x.id)
		x.id = -1
	}
}

// plan lets something happen to the end.
func (e *End) plan(at bt.Instant, k kind, f bt.Fault) {
	e.refs++
	e.world().queue.plan(at, happening{who: e.id, kind: k, fault: f})
}

// latency is how long what is written takes.
func (e *End) latency() time.Duration {
	if e.opener {
		return e.line.Latency
	}
	return e.line.back()
}

// room is how many bytes the connection takes now; what is written at once may be more.
func (e *End) room() int {
	switch {
	case e.closed || e.unsent >= sendBuffer:
		return 0
	case e.wired:
		return sendBuffer - int(e.unsent)
	case e.stopped:
		return e.few.spare
	}
	window := e.line.window()
	if e.open > 0 {
		window = int(e.open)
	}
	return max(0, window-int(e.unread))
}

// write sends a segment to the far end.
func (e *End) write(s segment) {
	if e.closed || s.size() == 0 {
		return
	}
	if e.wired {
		e.post(s)
		return
	}
	e.unread += int32(s.size())
	if e.stopped {
		e.own().spare = max(0, e.few.spare-s.size())
	}
	f := e.world().hangar.flight(s)
	e.strip(e.world().hangar.data(f))
	if e.few.pipe != nil && f.hasRun() {
		for f.size() > packet {
			e.send(e.world().hangar.split(f, packet))
		}
	}
	e.send(f)
}

// The reserved bytes of a handshake.
const firstReserved, lastReserved = 20, 27

// strip takes the reserved bits out of what belongs to a handshake, on a plain line.
func (e *End) strip(data []byte) {
	if !e.line.Plain || e.few.shaken > lastReserved {
		return
	}
	f := e.own()
	for i := range data {
		if at := int(f.shaken) + i; at >= firstReserved && at <= lastReserved {
			data[i] = 0
		}
	}
	f.shaken = uint8(min(int(f.shaken)+len(data), lastReserved+1))
}

// send gives a flight to the uplink, if there is one, or to the line.
func (e *End) send(f *flight) {
	if up := e.up(); up != nil {
		up.take(e, f)
		return
	}
	e.launch(f, e.few.pipe.put(e.world().now, f.size()))
}

// launch gives a flight to the line at a time to come: it arrives when the line has brought it, and not before what went ahead.
func (e *End) launch(f *flight, at bt.Instant) {
	far, lost := e.far, false
	if e.world().ailing {
		var leaves bool
		at, leaves = e.hinder(f, at)
		lost = !leaves
	}
	at = at.Add(e.latency() + e.mishap(f.size()))
	if far.closed || lost {
		e.world().hangar.land(f)
		return
	}
	f.seq = e.world().queue.ticket()
	if f.at = at; far.way.empty() {
		far.expect(f)
	} else {
		f.at = max(at, far.way.last.at)
	}
	far.way.push(f)
}

// expect plans the arrival of the flight that comes next.
func (e *End) expect(f *flight) {
	e.refs++
	e.world().queue.push(f.at, f.seq, happening{who: e.id, kind: arrival})
}

// arrive lets the first flight on its way here arrive. In a swift world those that arrive at the same time come with it.
func (e *End) arrive() {
	for now, swift := e.world().now, e.world().options.Swift; ; {
		f := e.way.shift()
		if start := e.admit(f); start > now {
			f.at, f.seq = start, e.world().queue.ticket()
			e.way.unshift(f)
			e.expect(f)
			return
		}
		more := !e.way.empty()
		if more && (!swift || e.way.first().at > now) {
			e.expect(e.way.first())
			more = false
		}
		e.deliver(f)
		if !more {
			return
		}
	}
}

// admit tells when the host's downlink has room for a flight.
func (e *End) admit(f *flight) bt.Instant {
	now := e.world().now
	n, ok := e.owner().(*Node)
	if !ok || n.downlink == nil || f.admitted || f.size() < sparse {
		return now
	}
	f.admitted = true
	return n.downlink.admit(now, f.size())
}

// deliver hands a flight over, in parts if the world cuts.
func (e *End) deliver(f *flight) {
	w := e.world()
	for n := w.cuts.length(f); n < f.size(); n = w.cuts.length(f) {
		e.hear(w.hangar.split(f, n))
	}
	e.hear(f)
}

func (e *End) hear(f *flight) {
	if e.closed || !e.taken() {
		e.world().hangar.land(f)
		return
	}
	e.world().messages += uint64(f.says)
	e.world().control += uint64(f.to - f.from)
	e.sink.arrived(f)
}

// took tells the writer that so many bytes were taken.
func (e *End) took(n int) {
	if e.wired {
		return
	}
	far := e.far
	full := far.room() == 0
	far.unread -= int32(n)
	if far.open == 0 {
		if full && far.room() > 0 {
			far.wake(far.world().now)
		}
		return
	}
	far.widen(n)
	if full && far.room() > 0 { // it hears so only when that was told
		far.wake(far.world().now.Add(e.latency()))
	}
}

// stop lets this end take no more bytes, or take them again.
func (e *End) stop(on bool) {
	e.far.stopped, e.far.own().spare = on, 0
	if e.wired {
		e.plan(e.world().now, tending, bt.OK)
	} else if !on {
		e.far.wake(e.world().now)
	}
}

// sip lets this end take so many bytes more, about, and then none.
func (e *End) sip(n int) {
	e.far.stopped, e.far.own().spare = true, n
	if e.wired {
		e.plan(e.world().now, tending, bt.OK)
		return
	}
	e.far.wake(e.world().now)
}

// wake tells this end that it may write.
func (e *End) wake(at bt.Instant) { e.plan(at, writing, bt.OK) }

// close ends the connection. What was written before arrives, unless the fault is a reset.
func (e *End) close(f bt.Fault) {
	if e.closed {
		return
	}
	e.closed = true
	switch last := (segment{end: true, fault: f}); {
	case f == bt.Reset:
		e.far.plan(e.world().now, breaking, f)
		e.unplug()
	case e.wired:
		e.feed()
	case !e.out.empty():
		e.up().follow(e, e.world().hangar.flight(last))
	default:
		e.launch(e.world().hangar.flight(last), e.few.pipe.until(e.world().now))
	}
	e.retire()
}

// happen lets something happen that was planned for the end.
func (e *End) happen(h *happening) {
	switch h.kind {
	case arrival:
		e.arrive()
	case breaking:
		e.deliver(e.world().hangar.flight(segment{end: true, fault: h.fault}))
	case tending:
		e.tend()
	case writing:
		if !e.closed {
			e.sink.writable()
		}
	default:
		e.sink.(*socket).happen(h.kind)
	}
	e.release()
}

// release is told when something has happened to the end: only now, as while it happens the end has to be there.
func (e *End) release() {
	if e.refs--; e.closed {
		e.retire()
	}
}
