package transfer

import (
	"encoding/binary"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/utp"
	"peerwire/sim/packet"
)

// Peer is a host with one socket.
type Peer struct {
	net    *packet.Net
	id     packet.ID
	clock  Clock
	socket *utp.Socket
	room   []byte
	out    []*Stream // that it writes
	in     []*Stream // that it is to read
	last   utp.Datagram
	paused bool
}

const (
	roomSize = 32 << 10 // bytes that are read at a time
	port     = 6881
	header   = 28 // bytes of IP and UDP
)

// Join adds a peer to a net. What is random in its socket follows from the seed.
func Join(net *packet.Net, cfg utp.Config, clock Clock, seed uint64) *Peer {
	p := &Peer{net: net, clock: clock, socket: utp.New(cfg, seed), room: make([]byte, roomSize)}
	p.id = net.Join(p)
	return p
}

// ID is the peer's number in its net.
func (p *Peer) ID() packet.ID { return p.id }

// Stats is what the peer's socket counted.
func (p *Peer) Stats() utp.Stats { return p.socket.Stats() }

// Send has the peer dial another at a time, and write so many bytes to it; 0 is without end.
func (p *Peer) Send(to *Peer, begins bt.Instant, size int64) *Stream {
	s := &Stream{from: p, to: to, begins: begins, size: size, done: bt.Never}
	p.out = append(p.out, s)
	to.in = append(to.in, s)
	p.net.Wake(p.id)
	return s
}

// Pause stops the peer's reading, or lets it go on.
func (p *Peer) Pause(on bool) {
	p.paused = on
	now := p.clock.local(p.net.Now())
	for _, s := range p.in {
		if s.in != 0 {
			p.look(s, now)
		}
	}
	p.net.Wake(p.id)
}

// address is where a host is, as a socket has it.
func address(id packet.ID) netip.AddrPort {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], 10<<24+uint32(id))
	return netip.AddrPortFrom(netip.AddrFrom4(b), port)
}

// host is whose address it is.
func host(at netip.AddrPort) packet.ID {
	b := at.Addr().As4()
	return packet.ID(binary.BigEndian.Uint32(b[:]) - 10<<24)
}

// Arrived implements packet.Host.
func (p *Peer) Arrived(now bt.Instant, d packet.Packet) {
	local := p.clock.local(now)
	p.socket.Arrived(local, address(d.From), d.Data)
	p.drain(local)
}

// Tick implements packet.Host.
func (p *Peer) Tick(now bt.Instant) {
	local := p.clock.local(now)
	p.socket.Tick(local)
	for _, s := range p.out {
		if s.dialled || now < s.begins {
			continue
		}
		s.dialled = true
		s.out, s.err = p.socket.Dial(local, address(s.to.id))
	}
	p.drain(local)
}

// NextDeadline implements packet.Host.
func (p *Peer) NextDeadline() bt.Instant {
	at := p.clock.global(p.socket.NextDeadline())
	for _, s := range p.out {
		if !s.dialled {
			at = min(at, s.begins)
		}
	}
	return at
}

// Transmit implements packet.Host.
func (p *Peer) Transmit(now bt.Instant, buf []byte) (packet.Packet, bool) {
	d, ok := p.socket.Transmit(p.clock.local(now), buf)
	if !ok {
		return packet.Packet{}, false
	}
	p.last = d
	return packet.Packet{To: host(d.To), Size: d.N + header, Data: buf[:d.N], Whole: d.Probe}, true
}

// Refused implements packet.Host.
func (p *Peer) Refused(now bt.Instant, _ packet.Packet, why packet.Verdict) {
	refusal := utp.NoRoom
	if why == packet.TooBig {
		refusal = utp.TooBig
	}
	p.socket.Unsent(p.clock.local(now), p.last, refusal)
}

// drain does what the socket's events ask for.
func (p *Peer) drain(now bt.Instant) {
	var e utp.Event
	for p.socket.Poll(&e) {
		for _, s := range p.out {
			if s.out == e.ID {
				p.wrote(s, now, &e)
			}
		}
		for _, s := range p.in {
			if s.in == 0 && e.Kind == utp.Accepted && e.From == address(s.from.id) {
				s.in = e.ID
			}
			if s.in == e.ID {
				p.look(s, now)
				break
			}
		}
	}
}

// wrote is what happened to a stream that the peer writes.
func (p *Peer) wrote(s *Stream, now bt.Instant, e *utp.Event) {
	switch {
	case s.err != nil:
	case e.Kind == utp.Closed:
		if e.Fault != bt.OK {
			s.err = errShort
		}
	case e.Kind == utp.Connected, e.Kind == utp.Writable:
		s.err = s.write(now)
	}
}

// look reads what is there of a stream.
func (p *Peer) look(s *Stream, now bt.Instant) {
	if !p.paused && s.err == nil && s.done == bt.Never {
		s.err = s.readAll(now)
	}
}
