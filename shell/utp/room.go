package utp

import (
	"encoding/binary"
	"time"

	"peerwire/core/bt"
)

// What the ends of a connection of the library's have room for. The library leaves three things out:
//
//   - It sends a packet into a window without room, and another, and ends the connection when one is not acknowledged for 15 s. So it is
//     given only what the peer has room for.
//   - It asks nobody who has told of no room whether there is some now, and the peer's word of that can be lost. So the guard asks.
//   - It does not tell of the room that reading makes. libtorrent, which does not ask, would wait for ever. So the guard has the library
//     tell, by a packet that it knows already: that it acknowledges, with the room that it has.
type room struct {
	window uint32 // the peer's, as it told last
	acked  uint16 // the newest number of ours, on the wire, that was acknowledged
	free   bool   // nobody cares any more
	waits  chan struct{}
	ask    again // while somebody waits

	told  uint32 // ours, as the library told last
	small bool   // it was little, and nothing has come since
	poked bool   // the library was, and has not told
	poke  again  // while it is small

	left    bare       // the head of the last packet that left, as it was on the wire
	leftAt  bt.Instant // when that was
	arrived bare       // the head of the last packet that was delivered, as the library saw it
}

// The sizes of the library's packets, and what is little room, bytes.
const (
	maxPayload = 1382
	littleRoom = 256 << 10
)

// again is when something is to be done once more: less and less often.
type again struct {
	at    bt.Instant
	pause time.Duration
}

// How long to wait for an answer.
const (
	firstPause = 500 * time.Millisecond
	mostPause  = 30 * time.Second
)

// begin waits for the first time.
func (a *again) begin(now bt.Instant) { a.at, a.pause = now.Add(firstPause), firstPause }

// due tells whether it is time.
func (a *again) due(now bt.Instant) bool {
	if now < a.at {
		return false
	}
	a.pause = min(2*a.pause, mostPause)
	a.at = now.Add(a.pause)
	return true
}

// mayTake is how many of n bytes the peer has room for; 0 says to wait.
func (f *flow) mayTake(n int) int {
	if f.free || f.broken || f.stage != open {
		return n
	}
	flying := int(int16(f.last - f.acked))
	left := int(f.window) - flying*maxPayload // small packets count as large ones: it is a little less than there is
	if flying > 0 && left < min(n, maxPayload) {
		return 0
	}
	return max(min(n, left), 0)
}

// admit lets go on whoever waits for room, if there is some.
func (f *flow) admit() {
	if f.waits != nil && f.mayTake(1) > 0 {
		close(f.waits)
		f.waits = nil
	}
}

// release has nobody wait for room any more.
func (f *flow) release() {
	f.free = true
	f.admit()
}

// heard notes what a packet of the peer's says of room.
func (f *flow) heard(h header, datagram []byte) {
	if newer := int16(h.ack - f.acked); newer >= 0 {
		f.acked, f.window = h.ack, windowOf(datagram)
		f.admit()
	}
	if h.kind != state && f.told >= littleRoom {
		f.small = false
	}
}

// said notes what a packet of the library's says of room.
func (f *flow) said(now bt.Instant, datagram []byte) {
	f.leftAt, f.poked = now, false
	copy(f.left[:], datagram)
	if f.told = windowOf(datagram); f.told < littleRoom {
		f.small = true
		f.poke.begin(now)
	}
}

// question is a packet that the peer has already, which has it tell what it has room for.
func (f *flow) question(now bt.Instant) []byte {
	b := append([]byte(nil), f.left[:]...)
	b[0], b[1] = byte(data)<<4|version, 0
	binary.BigEndian.PutUint32(b[4:], binary.BigEndian.Uint32(b[4:])+micros(now)-micros(f.leftAt))
	setConn(b, f.id)
	setSeq(b, f.acked)
	return append(b, 0)
}

// reminder is a packet that the library has already, which has it tell what it has room for. It says nothing of the time.
func (f *flow) reminder() []byte {
	b := append([]byte(nil), f.arrived[:]...)
	b[0], b[1] = byte(data)<<4|version, 0
	binary.BigEndian.PutUint32(b[4:], 0)
	copy(b[16:18], f.left[18:20])
	return b
}

// windowOf is the window that a packet tells.
func windowOf(datagram []byte) uint32 { return binary.BigEndian.Uint32(datagram[12:]) }

// remind has the library tell of the room it has, if the peer knows of little.
func (g *guard) remind(f *flow) {
	if f.small && f.told < littleRoom && !f.poked && f.stage == open && !f.broken {
		f.poked = true
		g.deliver(f, f.reminder())
	}
}

// question is one that is to be sent.
type question struct {
	to       *flow
	datagram []byte
}

// again does once more what has had no answer, and gives the questions that are to be sent.
func (g *guard) again(now bt.Instant) (ask []question) {
	for _, f := range g.flows {
		if f.stage != open || f.broken {
			continue
		}
		if f.small && f.poke.due(now) {
			g.deliver(f, f.reminder())
		}
		if f.waits != nil && f.last == f.acked && f.ask.due(now) {
			ask = append(ask, question{f, f.question(now)})
		}
	}
	return ask
}
