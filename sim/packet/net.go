package packet

import (
	"peerwire/core/bt"
	"peerwire/sim/due"
)

// ID is a host's number in its Net.
type ID int32

// Packet is what crosses a link: so many bytes on the wire, and of them the data that says something.
type Packet struct {
	From, To ID
	Size     int    // bytes on the wire, with the headers of IP and of what is on top of it
	Data     []byte // what the sender wrote, which may be less
	Whole    bool   // it may not be cut: where it is too big, it vanishes
}

// Host is whoever sends and receives packets. After every Arrived and every Tick it is asked for what it sends, until it sends nothing more.
type Host interface {
	// Arrived takes a packet; its data is good until Arrived returns.
	Arrived(now bt.Instant, p Packet)
	// Tick is nothing but the passing of time.
	Tick(now bt.Instant)
	// NextDeadline is when the host wants its next Tick, Never when it wants none.
	NextDeadline() bt.Instant
	// Transmit gives the next packet, its data in buf; false when there is none. From is filled in by the Net.
	Transmit(now bt.Instant, buf []byte) (Packet, bool)
	// Refused tells that the packet that Transmit gave last was Dropped or TooBig, where the first link of its way tells. What vanishes
	// farther away, vanishes without a word.
	Refused(now bt.Instant, p Packet, why Verdict)
}

// maxData is the most data of one packet, as of a datagram of UDP.
const maxData = 1 << 16

// Net is hosts, the links between them, and the time they share.
type Net struct {
	now     bt.Instant
	seed    uint64
	events  due.Heap[event]
	planned uint64 // how many events ever were
	hosts   []Host
	armed   []bt.Instant // by host: when its timer is planned for
	ways    [][]way      // by host: where its packets go
	flights []flight
	free    []int32
	buf     []byte
	done    int64
	still   int // events since the time last changed
}

// way is which links lead to a host.
type way struct {
	to    ID
	links []*Link
}

// event is a packet that comes to the end of a link, or a host whose time has come.
type event struct {
	whose int32 // which flight, or which host
	timer bool
}

// flight is a packet that is on its way.
type flight struct {
	packet Packet
	links  []*Link // that it must yet cross
}

// NewNet is empty, and its time is 0.
func NewNet(seed uint64) *Net { return &Net{seed: seed, buf: make([]byte, maxData)} }

// Now is the time.
func (n *Net) Now() bt.Instant { return n.now }

// Events is how many events there were.
func (n *Net) Events() int64 { return n.done }

// Link makes a link, which is random as the seed and its name have it.
func (n *Net) Link(name string, line Line) *Link { return NewLink(n.seed, name, line) }

// Join adds a host. It is first asked what it sends at its deadline, or by Wake.
func (n *Net) Join(h Host) ID {
	n.hosts = append(n.hosts, h)
	n.armed = append(n.armed, bt.Never)
	n.ways = append(n.ways, nil)
	id := ID(len(n.hosts) - 1)
	n.arm(id)
	return id
}

// Route says through which links packets go from one host to another, one way.
func (n *Net) Route(from, to ID, links ...*Link) { n.ways[from] = append(n.ways[from], way{to, links}) }

// Wake asks a host what it sends, after somebody else than the Net changed something about it.
func (n *Net) Wake(id ID) {
	h := n.hosts[id]
	for {
		p, ok := h.Transmit(n.now, n.buf)
		if !ok {
			break
		}
		p.From = id
		n.send(h, p)
	}
	n.arm(id)
}

// arm plans a host's timer, unless it is planned early enough.
func (n *Net) arm(id ID) {
	if at := max(n.hosts[id].NextDeadline(), n.now); at < n.armed[id] {
		n.armed[id] = at
		n.plan(at, event{int32(id), true})
	}
}

// send lets a packet begin its way. Where none is known, it vanishes.
func (n *Net) send(h Host, p Packet) {
	for _, w := range n.ways[p.From] {
		if w.to == p.To {
			if v := n.cross(p, w.links); (v == Dropped || v == TooBig) && w.links[0].line.Tells {
				h.Refused(n.now, p, v)
			}
			return
		}
	}
}

// cross puts a packet into the first of the links.
func (n *Net) cross(p Packet, links []*Link) Verdict {
	v, at, again := links[0].Send(n.now, p.Size, p.Whole)
	if v == Passes || v == Twice {
		n.fly(p, links[1:], at)
	}
	if v == Twice {
		n.fly(p, links[1:], again)
	}
	return v
}

// fly keeps a packet until it comes to the end of a link.
func (n *Net) fly(p Packet, rest []*Link, at bt.Instant) {
	if len(n.free) == 0 {
		n.flights = append(n.flights, flight{})
		n.free = append(n.free, int32(len(n.flights)-1))
	}
	slot := n.free[len(n.free)-1]
	n.free = n.free[:len(n.free)-1]
	f := &n.flights[slot]
	data := append(f.packet.Data[:0], p.Data...)
	f.packet, f.links = p, rest
	f.packet.Data = data
	n.plan(at, event{slot, false})
}

// plan adds an event; of those at one time the first that was planned comes first.
func (n *Net) plan(at bt.Instant, e event) {
	n.planned++
	n.events.Push(due.Event[event]{At: at, Seq: n.planned, What: e})
}

// RunTo lets everything happen up to a time and at it, and then it is that time.
func (n *Net) RunTo(to bt.Instant) {
	for {
		first := n.events.First()
		if first == nil || first.At > to {
			break
		}
		e := n.events.Pop()
		n.pass(e.At)
		if e.What.timer {
			n.tick(ID(e.What.whose), e.At)
		} else {
			n.land(e.What.whose)
		}
	}
	n.now = max(n.now, to)
}

// maxStill is how many events may come at one time.
const maxStill = 1 << 20

// pass moves the clock to an event.
func (n *Net) pass(at bt.Instant) {
	n.done++
	if n.still++; at > n.now {
		n.now, n.still = at, 0
	}
	if n.still > maxStill {
		panic("BUG: a host asks for its time again and again, and time stands still")
	}
}

// tick gives a host its time, if it is still the one that it waits for: a host that moves its deadline on costs an event when the old
// one comes, and nothing before.
func (n *Net) tick(id ID, at bt.Instant) {
	if n.armed[id] != at {
		return
	}
	n.armed[id] = bt.Never
	if h := n.hosts[id]; h.NextDeadline() <= n.now {
		h.Tick(n.now)
	}
	n.Wake(id)
}

// land lets a packet come to the end of a link.
func (n *Net) land(slot int32) {
	f := n.flights[slot] // a copy: what the packet causes may move the flights
	if len(f.links) > 0 {
		n.cross(f.packet, f.links)
	} else {
		n.hosts[f.packet.To].Arrived(n.now, f.packet)
		n.Wake(f.packet.To)
	}
	n.flights[slot].links = nil
	n.free = append(n.free, slot)
}
