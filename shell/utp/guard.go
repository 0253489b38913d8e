package utp

import (
	"net"
	"net/netip"
	"time"

	"peerwire/core/bt"
	machine "peerwire/core/utp"
)

// guard stands between the network and the library, and judges every datagram that passes. It has no clock and no socket.
//
// The library takes a SYN for a connection, sends whatever it is given to send to an address that nobody has proved, remembers it for
// minutes, and answers what it does not know with three resets. So the guard answers a SYN itself, with one packet that carries a
// number nobody can guess, and the library hears of the connection only when somebody there has repeated that number. As the library
// then begins with a number of its own, the guard shifts the numbers of our packets, and the acknowledgements of them.
//
// Of a connection it is told of, the library gets only what it can take: it panics where nobody can recover when ids collide.
type guard struct {
	deliver  func(f *flow, datagram []byte) // to the library; datagram is borrowed
	cookies  *machine.Cookies
	time     bt.Instant // of the last call
	half     halfOpens
	flows    map[flowKey]*flow
	ended    []*flow // closing, the first to be forgotten first
	resets   resets
	starting map[netip.AddrPort]*flow // being dialled, and no SYN is out yet
	opening  int                      // flows that the library has not answered yet
	proven   *flow                    // the one that it answered last, to be accepted
	answer   bare                     // what is to be sent, when the fate is answered
	stats    Stats
}

// fate is what becomes of a datagram that has come.
type fate uint8

const (
	dropped   fate = iota
	delivered      // to the library
	answered       // by the guard
	foreign        // it is not uTP
)

// Limits of the connections that the library knows of.
const (
	maxFlows   = 2048
	maxOpening = 32                             // the library throws away one that waits, when there are 50
	lingerTime = libraryGivesUp + 5*time.Second // after we have closed it: for so long the library may know it
	maxPacket  = 8 << 10                        // bytes; the library reads no more of a datagram
	window     = 1 << 20                        // bytes; of the library's, as its first packet says
)

func newGuard(seed [32]byte, deliver func(f *flow, datagram []byte)) *guard {
	return &guard{deliver: deliver, cookies: machine.NewCookies(seed), half: newHalfOpens(), resets: newResets(),
		flows: make(map[flowKey]*flow), starting: make(map[netip.AddrPort]*flow)}
}

// arrived judges a datagram that has come. It may be changed.
func (g *guard) arrived(now bt.Instant, from netip.AddrPort, datagram []byte) fate {
	g.expire(now)
	if !isUTP(datagram) {
		return foreign
	}
	if len(datagram) > maxPacket {
		g.stats.TooLong++
		return dropped
	}
	h, ok := readHeader(datagram)
	if !ok {
		g.stats.Malformed++
		return dropped
	}
	if h.kind == syn {
		return g.greeted(now, from, h)
	}
	key := flowKey{from, h.conn}
	if f := g.owner(key, h); f != nil {
		return g.judge(f, h, datagram)
	}
	if p := g.half.byKey[key]; p != nil {
		return g.prove(now, p, h, datagram)
	}
	if p := g.recall(now, key, h); p != nil {
		return g.prove(now, p, h, datagram)
	}
	return g.stray(now, from, h)
}

// owner finds the connection that a packet belongs to. A RESET may carry the id of either direction: who does not know a connection
// cannot tell the other. [UTP-11]
func (g *guard) owner(key flowKey, h header) *flow {
	if f := g.flows[key]; f != nil || h.kind != reset {
		return f
	}
	for _, id := range [...]uint16{key.id - 1, key.id + 1} {
		if f := g.flows[flowKey{key.peer, id}]; f != nil && f.id == key.id {
			return f
		}
	}
	return nil
}

// recall makes anew the half-open connection that a packet shows to have been there, when some had to go for others lately. [UTP-7]
func (g *guard) recall(now bt.Instant, key flowKey, h header) *halfOpen {
	if now >= g.half.full || h.kind == reset {
		return nil
	}
	seq, first, ok := g.cookies.Recall(now, key.peer, key.id, h.seq, h.ack)
	if !ok {
		return nil
	}
	return &halfOpen{key: key, seq: seq, first: first, gone: true}
}

// greeted answers a SYN. One for a connection that is there already is late, or lies.
func (g *guard) greeted(now bt.Instant, from netip.AddrPort, h header) fate {
	key := flowKey{from, h.conn + 1}
	if g.flows[key] != nil || len(g.flows) >= maxFlows {
		g.stats.Implausible++
		return dropped
	}
	p := g.half.byKey[key]
	if p == nil || p.seq != h.seq {
		if p != nil {
			g.half.remove(p)
		}
		p = &halfOpen{key: key, seq: h.seq, first: g.cookies.Number(now, from, key.id, h.seq)}
		g.stats.Evicted += uint64(g.half.add(now, p))
	}
	g.answer = makeBare(header{kind: state, conn: h.conn, seq: p.first, ack: h.seq}, micros(now), window)
	return answered
}

// prove takes a packet of a half-open connection: it is to acknowledge what only the peer was told.
func (g *guard) prove(now bt.Instant, p *halfOpen, h header, datagram []byte) fate {
	g.stats.Unproven++
	switch {
	case h.ack != p.first && h.ack != p.first-1:
		if p.guesses++; p.guesses == maxGuesses {
			g.half.remove(p)
		}
		return dropped
	case h.kind == reset:
		g.half.remove(p)
		return dropped
	case g.opening >= maxOpening || len(g.flows) >= maxFlows || g.starting[p.key.peer] != nil:
		return dropped // it will be sent again
	}
	g.stats.Unproven--
	g.stats.Validated++
	g.half.remove(p)
	f := &flow{key: p.key, id: p.key.id - 1, stage: opening, first: p.first, last: p.first - 1, addr: net.UDPAddrFromAddrPort(p.key.peer)}
	f.acked = f.last
	f.hold(datagram)
	g.flows[f.key] = f
	g.opening++
	hello := makeBare(header{kind: syn, conn: f.id, seq: p.seq}, micros(now), window)
	g.deliver(f, hello[:])
	return delivered
}

// judge takes a packet of a connection that the library knows.
func (g *guard) judge(f *flow, h header, datagram []byte) fate {
	if !f.believes(h.ack) || f.stage == asked && h.kind != state && h.kind != reset {
		g.stats.Implausible++
		return dropped
	}
	if f.stage == opening {
		if !f.hold(datagram) {
			g.stats.Overflowed++
		}
		return dropped
	}
	if f.stage == asked {
		if h.ack != f.last {
			g.stats.Implausible++
			return dropped
		}
		f.stage, f.acked = open, h.ack
	}
	g.pass(f, h, datagram)
	return delivered
}

// pass gives the library a packet.
func (g *guard) pass(f *flow, h header, datagram []byte) {
	f.heard(h, datagram)
	setAck(datagram, h.ack-f.shift)
	setConn(datagram, f.key.id)
	copy(f.arrived[:], datagram)
	g.deliver(f, datagram)
	if h.kind == reset {
		f.broken = true
		g.remove(f)
	}
}

// stray answers a packet of a connection that nobody knows.
func (g *guard) stray(now bt.Instant, from netip.AddrPort, h header) fate {
	g.stats.Stray++
	if h.kind == reset {
		return dropped
	}
	if !g.resets.allow(now, from.Addr()) {
		g.stats.Silenced++
		return dropped
	}
	g.stats.Resets++
	g.answer = makeBare(header{kind: reset, conn: h.conn, ack: h.seq}, micros(now), 0)
	return answered
}

// leaving judges a packet that the library sends, and tells whether it may go. It is changed where it lies.
func (g *guard) leaving(now bt.Instant, to netip.AddrPort, datagram []byte) bool {
	g.time = now
	h, _ := readHeader(datagram)
	f := g.flowTo(to, h)
	if f == nil && h.kind == syn && g.starting[to] != nil {
		f = g.start(to, h)
	}
	switch {
	case f == nil, h.kind == syn && f.stage != asked:
		g.stats.Orphaned++
		return false
	case f.stage == opening:
		f.said(now, datagram)
		g.begin(f, h)
		return false
	case h.kind == reset:
		g.remove(f)
	case h.kind != state:
		f.used(h.seq + f.shift)
	}
	setSeq(datagram, h.seq+f.shift)
	f.said(now, datagram)
	return true
}

// flowTo finds the connection that a packet of the library's belongs to.
func (g *guard) flowTo(to netip.AddrPort, h header) *flow {
	if h.kind == syn {
		return g.flows[flowKey{to, h.conn}]
	}
	if f := g.flows[flowKey{to, h.conn + 1}]; f != nil && f.id == h.conn {
		return f // it was accepted
	}
	if f := g.flows[flowKey{to, h.conn - 1}]; f != nil && f.id == h.conn {
		return f
	}
	return nil
}

// begin takes the library's answer to a SYN, which its peer has long got from us, and gives it what has come since.
func (g *guard) begin(f *flow, h header) {
	f.stage, f.shift = open, f.first-h.seq
	g.opening--
	g.proven = f
	held := f.held
	f.held = nil
	for _, datagram := range held {
		h, _ := readHeader(datagram)
		g.pass(f, h, datagram)
	}
}

// dial lets the library send a SYN to an address, for a connection to be. There is none while another from there is opening, whose
// id the library does not know yet and might choose.
func (g *guard) dial(to netip.AddrPort) *flow {
	if g.starting[to] != nil {
		return nil
	}
	for _, f := range g.flows {
		if f.stage == opening && f.key.peer == to {
			return nil
		}
	}
	f := &flow{key: flowKey{peer: to}, addr: net.UDPAddrFromAddrPort(to)}
	g.starting[to] = f
	return f
}

// start takes the SYN of the connection that is dialled.
func (g *guard) start(to netip.AddrPort, h header) *flow {
	f := g.starting[to]
	delete(g.starting, to)
	f.key.id, f.id, f.last = h.conn, h.conn+1, h.seq
	g.flows[f.key] = f
	return f
}

// forget lets a connection go that nobody needs any more: at once, or when the library has had time to end it.
func (g *guard) forget(now bt.Instant, f *flow, linger bool) {
	if g.starting[f.key.peer] == f {
		delete(g.starting, f.key.peer)
	}
	switch {
	case g.flows[f.key] != f || f.stage == closing:
	case linger:
		f.stage, f.until = closing, now.Add(lingerTime)
		f.admit()
		g.ended = append(g.ended, f)
	default:
		g.remove(f)
	}
}

func (g *guard) remove(f *flow) {
	f.release()
	if g.flows[f.key] == f {
		delete(g.flows, f.key)
		g.cookies.Spend(g.time, f.key.peer, f.key.id)
	}
}

// expire forgets what is due.
func (g *guard) expire(now bt.Instant) {
	g.time = now
	g.stats.Expired += uint64(g.half.expire(now))
	for len(g.ended) > 0 && g.ended[0].until <= now {
		g.remove(g.ended[0])
		g.ended[0] = nil
		g.ended = g.ended[1:]
	}
}

// count gives the figures as they are now.
func (g *guard) count() Stats {
	s := g.stats
	s.HalfOpen, s.Flows = len(g.half.byKey), len(g.flows)
	return s
}

// micros is the clock that packets carry.
func micros(now bt.Instant) uint32 { return uint32(now / bt.Instant(time.Microsecond)) }
