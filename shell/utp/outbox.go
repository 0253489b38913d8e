package utp

import (
	"net/netip"

	machine "peerwire/core/utp"
)

// outbox sends what the machine has to send, many datagrams with one system call where the system can do that: those that follow one another,
// go to one peer and are equally long, and a shorter one behind them.
type outbox struct {
	socket *Socket
	room   []byte
	to     netip.AddrPort
	size   int // of each datagram but the last
	first  int // where they begin in room
	end    int // and where they end
	count  int
}

// The room of an outbox, bytes, and how many datagrams the system takes at one time.
const (
	outRoom     = 64 << 10
	maxSegment  = 64
	maxSegments = 65507 // bytes of them
)

func (b *outbox) init(s *Socket) {
	b.socket = s
	b.room = make([]byte, outRoom+maxDatagram)
}

// send sends all there is.
func (b *outbox) send(m *machine.Socket) {
	for {
		if b.end >= outRoom {
			b.flush()
		}
		d, ok := m.Transmit(b.socket.now(), b.room[b.end:])
		if !ok {
			b.flush()
			return
		}
		b.add(d)
		if d.N == b.size && !d.Probe {
			continue
		}
		if err := b.flush(); d.Probe && isTooBig(err) {
			m.Unsent(b.socket.now(), d, machine.TooBig)
		}
	}
}

// add takes a datagram that lies at the end of the room.
func (b *outbox) add(d machine.Datagram) {
	if b.count > 0 && (d.To != b.to || d.N > b.size || d.Probe || b.count == maxSegment || b.end-b.first+d.N > maxSegments) {
		end := b.end
		b.flush()
		b.first, b.end = end, end
	}
	if b.count == 0 {
		b.to, b.size = d.To, d.N
	}
	b.end += d.N
	b.count++
}

// flush sends what has gathered.
func (b *outbox) flush() (err error) {
	if b.count > 0 {
		err = b.socket.sendAll(b.to, b.room[b.first:b.end], b.size)
	}
	b.first, b.end, b.count = 0, 0, 0
	return err
}
