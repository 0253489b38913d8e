package sim

import (
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/utp"
)

// udp is a node's UDP socket and the uTP on it, where the line carries datagrams: core/utp decides what is sent and when, as it does on real
// sockets. What it carries for each byte of a stream is a byte that means nothing; the segments that the bytes stand for go from end to end beside
// it, as far as it has brought them.
type udp struct {
	node    *Node
	socket  *utp.Socket
	ends    map[utp.ID]*End // each knows its id
	calls   []*call
	lots    Lots
	planned bt.Instant // when Tick is called at the latest
	busy    bool       // it is being flushed
}

// call is a dial, until both have their ends.
type call struct {
	id   utp.ID
	sign uint16 // by which the other side knows it
	to   *Node
	seen netip.AddrPort // where we are, as it sees us
	far  *End           // nil until the near end is connected
	done func(*End, bt.Fault)
}

// wires are the nodes at both ends of a connection that is to be made of datagrams; none when it is not, or when nobody answers at all.
func (w *World) wires(from Host, to netip.AddrPort, over bt.Transport) (*Node, *Node) {
	if !w.line.Datagrams || over != bt.UTP {
		return nil, nil
	}
	n, _ := from.(*Node)
	host, _ := w.hostAt(to).(*Node)
	if n == nil || host == nil || slices.Contains(w.deaf, deafness{host, over}) || w.ailing && w.unheard(from, host) {
		return nil, nil
	}
	return n, host
}

// udp gives the node's socket.
func (n *Node) udp() *udp {
	if n.sock == nil {
		window := n.world.line.window()
		lots := NewLots(n.world.options.Seed, 1<<40|uint64(n.place), forLinks)
		n.sock = &udp{
			node: n, socket: utp.New(utp.Config{Datagram: maxDatagram, Send: window, Receive: window}, lots.Next()), lots: lots,
			ends: map[utp.ID]*End{}, planned: bt.Never,
		}
	}
	return n.sock
}

// dial opens a connection to a node that is there.
func (u *udp) dial(to *Node, seen netip.AddrPort, done func(*End, bt.Fault)) {
	w := u.node.world
	id, err := u.socket.Dial(w.now, to.addr)
	if err != nil {
		w.after(0, func() { done(nil, bt.Refused) })
		return
	}
	u.calls = append(u.calls, &call{id: id, sign: u.sign(id), to: to, seen: seen, done: done})
	u.stir()
}

// flush does all that follows from a call of the socket.
func (u *udp) flush() {
	if u.busy || u.node.gone {
		return
	}
	u.busy = true
	w := u.node.world
	for again := true; again; {
		again = false
		for e := (utp.Event{}); u.socket.Poll(&e); {
			u.heed(&e)
			again = true
		}
		var buf [maxDatagram]byte
		for d, ok := u.socket.Transmit(w.now, buf[:]); ok; d, ok = u.socket.Transmit(w.now, buf[:]) {
			u.send(d.To, buf[:d.N])
		}
	}
	u.busy = false
	u.wind(max(w.now, u.socket.NextDeadline()))
}

// stir has the socket flushed soon, but not while a core is being asked.
func (u *udp) stir() { u.wind(u.node.world.now) }

// wind sees to it that time passes for the socket at a time, or before.
func (u *udp) wind(at bt.Instant) {
	if at < u.planned {
		u.planned = at
		u.node.plan(at, pacing)
	}
}

// tick lets time pass for the socket, unless the machine is suspended.
func (u *udp) tick(at bt.Instant) {
	if u.planned == at {
		u.planned = bt.Never
	}
	if u.node.Asleep() {
		u.wind(u.node.asleep)
		return
	}
	u.socket.Tick(at)
	u.flush()
}

// sign is what a connection is known by at both its ends.
func (u *udp) sign(id utp.ID) uint16 {
	info, _ := u.socket.Info(id)
	return info.Number
}

// heed does what the socket tells.
func (u *udp) heed(e *utp.Event) {
	switch e.Kind {
	case utp.Connected:
		u.connected(e.ID)
	case utp.Accepted:
		u.accepted(e.ID, e.From)
	case utp.Readable:
		u.ends[e.ID].draw()
	case utp.Writable:
		u.ends[e.ID].feed()
	case utp.Closed:
		u.closed(e)
	}
}

// connected makes the ends of a connection that we dialled. The far one is there once the other side has heard of it.
func (u *udp) connected(id utp.ID) {
	for _, c := range u.calls {
		if c.id != id {
			continue
		}
		w := u.node.world
		near, far := w.connect(w.line, u.node, c.to, c.seen)
		near.over, far.over = bt.UTP, bt.UTP
		c.far = far
		u.hold(id, near)
		c.done(near, bt.OK)
		return
	}
}

// accepted gives the node a connection that another has opened to it.
func (u *udp) accepted(id utp.ID, from netip.AddrPort) {
	if caller, ok := u.node.world.hostAt(from).(*Node); ok && caller.sock != nil {
		for i, c := range caller.sock.calls {
			if c.to == u.node && c.far != nil && c.sign == u.sign(id) {
				caller.sock.calls = slices.Delete(caller.sock.calls, i, i+1)
				u.hold(id, c.far)
				u.node.accept(c.far)
				c.far.draw()
				return
			}
		}
	}
	u.socket.Close(u.node.world.now, id, 0)
}

// closed takes the end of a connection, or of the attempt to open one.
func (u *udp) closed(e *utp.Event) {
	if end := u.ends[e.ID]; end != nil {
		if e.Fault != bt.OK {
			end.refs++
			defer end.release()
			end.hear(end.world().hangar.flight(segment{end: true, fault: e.Fault}))
		}
		return
	}
	for i, c := range u.calls {
		if c.id == e.ID && c.far == nil {
			u.calls = slices.Delete(u.calls, i, i+1)
			u.socket.Close(u.node.world.now, e.ID, 0)
			c.done(nil, e.Fault)
			return
		}
	}
}

// hold says which connection of the socket is whose.
func (u *udp) hold(id utp.ID, e *End) {
	u.ends[id], e.own().stream, e.wired = e, id, true
}

// drop gives a connection up. What the socket took is still delivered.
func (u *udp) drop(e *End) {
	if id := e.few.stream; id != 0 {
		u.calls = slices.DeleteFunc(u.calls, func(c *call) bool { return c.id == id })
		delete(u.ends, id)
		e.own().stream = 0
		u.socket.Close(u.node.world.now, id, 0)
		u.stir()
	}
}
