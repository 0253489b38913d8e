package utp

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"peerwire/core/bt"
)

// Options are what a Socket is made with. The zero Options are good.
type Options struct {
	// Other is given, on the Socket's goroutine, each datagram that is not uTP; datagram is borrowed. It may be nil.
	Other func(from netip.AddrPort, datagram []byte)
	// Capture is shown each datagram that comes or goes; it may be called from several goroutines, and datagram is borrowed. It may be nil.
	Capture func(out bool, peer netip.AddrPort, datagram []byte)
}

// Socket is one UDP socket and all its uTP connections.
type Socket struct {
	opt     Options
	udp     *net.UDPConn
	start   time.Time
	engine  engine
	notify  func()
	running sync.WaitGroup
	once    sync.Once
	traffic traffic

	mu      sync.Mutex
	listed  []*Conn // that have something to tell
	telling []*Conn // being told of; the owner's
}

// engine is the protocol over a socket.
type engine interface {
	serve(accept func(*Conn))
	dial(ctx context.Context, to netip.AddrPort) (*Conn, error)
	arrived(from netip.AddrPort, datagram []byte) bool
	stats() Stats
	close()
}

// traffic counts datagrams.
type traffic struct{ in, out, bytesIn, bytesOut, foreign, unsent atomic.Uint64 }

// Listen opens a socket at addr, "host:port"; an empty host is every address of both families, port 0 a free one. It dials and
// accepts after Serve.
func Listen(addr string, opt Options) (*Socket, error) {
	config := net.ListenConfig{}
	conn, err := config.ListenPacket(context.Background(), "udp", addr)
	if err != nil {
		return nil, err
	}
	s := &Socket{opt: opt, udp: conn.(*net.UDPConn), start: time.Now(), notify: func() {}}
	enlarge(s.udp)
	var seed [32]byte
	rand.Read(seed[:])
	if s.engine, err = newLibrary(s, s.udp.LocalAddr(), seed); err != nil {
		s.udp.Close()
		return nil, err
	}
	return s, nil
}

// Addr is the address that the socket is bound to.
func (s *Socket) Addr() netip.AddrPort { return s.udp.LocalAddr().(*net.UDPAddr).AddrPort() }

// Serve begins to dial and to accept: accept is called, on a goroutine of the Socket's, for each connection of a peer's, and must not
// block for long; notify is called whenever there is something for Tell to tell.
func (s *Socket) Serve(accept func(*Conn), notify func()) {
	s.notify = notify
	s.engine.serve(accept)
	s.running.Go(s.receive)
}

// Dial connects to addr, and gives up when ctx ends. Nobody may answer at all: the caller has to bound the time.
func (s *Socket) Dial(ctx context.Context, addr netip.AddrPort) (*Conn, error) {
	return s.engine.dial(ctx, unmapped(addr))
}

// WriteTo sends a datagram for another user of the socket, whose answers Options.Other is given.
func (s *Socket) WriteTo(datagram []byte, to netip.AddrPort) { s.send(to, datagram) }

// Stats gives what was counted until now.
func (s *Socket) Stats() Stats {
	t, all := &s.traffic, s.engine.stats()
	all.In, all.Out, all.BytesIn, all.BytesOut = t.in.Load(), t.out.Load(), t.bytesIn.Load(), t.bytesOut.Load()
	all.Foreign, all.Unsent = t.foreign.Load(), t.unsent.Load()
	return all
}

// Close ends all connections and the socket, and waits until accept and notify will not be called any more. Closing again does nothing.
func (s *Socket) Close() {
	s.once.Do(func() {
		s.engine.close()
		s.udp.Close()
	})
	s.running.Wait()
}

// maxDatagram is the longest there is, bytes.
const maxDatagram = 64 << 10

// receive reads datagrams until the socket is closed.
func (s *Socket) receive() {
	room := make([]byte, maxDatagram)
	for {
		n, from, err := s.udp.ReadFromUDPAddrPort(room)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil { // others are the network's news of what was sent
			s.arrived(unmapped(from), room[:n])
		}
	}
}

func (s *Socket) arrived(from netip.AddrPort, datagram []byte) {
	s.traffic.in.Add(1)
	s.traffic.bytesIn.Add(uint64(len(datagram)))
	if s.opt.Capture != nil {
		s.opt.Capture(false, from, datagram)
	}
	if !s.engine.arrived(from, datagram) {
		s.traffic.foreign.Add(1)
		if s.opt.Other != nil {
			s.opt.Other(from, datagram)
		}
	}
}

// send sends a datagram, or loses it as a network may.
func (s *Socket) send(to netip.AddrPort, datagram []byte) {
	if s.opt.Capture != nil {
		s.opt.Capture(true, to, datagram)
	}
	if _, err := s.udp.WriteToUDPAddrPort(datagram, to); err != nil {
		s.traffic.unsent.Add(1)
		return
	}
	s.traffic.out.Add(1)
	s.traffic.bytesOut.Add(uint64(len(datagram)))
}

func (s *Socket) now() bt.Instant { return bt.Instant(time.Since(s.start)) }

// newConn makes the Conn of a stream.
func (s *Socket) newConn(peer netip.AddrPort, st stream) *Conn {
	return &Conn{socket: s, stream: st, remote: peer, local: s.facing(peer), writable: true}
}

// facing is our end as a peer sees it: the address that the system sends from. It asks the system, and nobody else.
func (s *Socket) facing(peer netip.AddrPort) netip.AddrPort {
	own := unmapped(s.Addr())
	if !own.Addr().IsUnspecified() {
		return own
	}
	probe, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(peer))
	if err != nil {
		return own
	}
	defer probe.Close()
	return netip.AddrPortFrom(plain(probe.LocalAddr()).Addr(), own.Port())
}
