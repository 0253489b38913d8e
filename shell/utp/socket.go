package utp

import (
	"context"
	"crypto/rand"
	"encoding/binary"
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
	Engine Engine
	// Other is given, on the Socket's goroutine, each datagram that is not uTP and not from the peer of a Guest; datagram is borrowed. It may be nil.
	Other func(from netip.AddrPort, datagram []byte)
	// Capture is shown each datagram that comes or goes; it may be called from several goroutines, and datagram is borrowed. It may be nil.
	Capture func(out bool, peer netip.AddrPort, datagram []byte)
}

// Engine is what speaks the protocol.
type Engine uint8

// The engines.
const (
	Own       Engine = iota // core/utp
	Anacrolix               // github.com/anacrolix/utp
)

// String is "anacrolix" or "peerwire".
func (e Engine) String() string {
	if e == Anacrolix {
		return "anacrolix"
	}
	return "peerwire"
}

// Socket is one UDP socket and all its uTP connections.
type Socket struct {
	opt     Options
	udp     *net.UDPConn
	start   time.Time
	engine  engine
	notify  func()
	batches batcher
	running sync.WaitGroup
	once    sync.Once
	traffic traffic
	dials   refusals
	guests  guests

	mu      sync.Mutex
	listed  []*Conn // that have something to tell
	telling []*Conn // being told of; the owner's
}

// engine is the protocol over a socket.
type engine interface {
	serve(accept func(*Conn))
	dial(ctx context.Context, to netip.AddrPort) (*Conn, error)
	arrived(from netip.AddrPort, datagram []byte) bool
	settle() // after some have arrived
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
	wantNews(s.udp)
	s.batches.begin(s.udp)
	if s.engine, err = s.newEngine(); err != nil {
		s.udp.Close()
		return nil, err
	}
	return s, nil
}

func (s *Socket) newEngine() (engine, error) {
	var seed [32]byte
	rand.Read(seed[:])
	if s.opt.Engine == Own {
		keepWhole(s.udp)
		return newOwn(s, binary.LittleEndian.Uint64(seed[:])), nil
	}
	return newLibrary(s, s.udp.LocalAddr(), seed)
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
	to := unmapped(addr)
	ctx, over := s.dials.await(ctx, to)
	defer over()
	c, err := s.engine.dial(ctx, to)
	return c, verdict(ctx, err)
}

// lose sends a datagram of the library's, as a network does.
func (s *Socket) lose(to netip.AddrPort, datagram []byte) { _ = s.send(to, datagram) }

// WriteTo sends a datagram for another user of the socket, whose answers Options.Other is given.
func (s *Socket) WriteTo(datagram []byte, to netip.AddrPort) { _ = s.send(to, datagram) } // lost, as in a network

// Stats gives what was counted until now.
func (s *Socket) Stats() Stats {
	t, all := &s.traffic, s.engine.stats()
	all.In, all.Out, all.BytesIn, all.BytesOut = t.in.Load(), t.out.Load(), t.bytesIn.Load(), t.bytesOut.Load()
	all.Foreign, all.Unsent = t.foreign.Load(), t.unsent.Load()
	return all
}

// Close ends all connections, conversations and the socket, and waits until accept and notify will not be called any more. Closing again does nothing.
func (s *Socket) Close() {
	s.once.Do(func() {
		s.engine.close()
		s.udp.Close()
		s.guests.end()
	})
	s.running.Wait()
}

// maxDatagram is the longest there is, bytes.
const maxDatagram = 64 << 10

// receive reads datagrams until the socket is closed.
func (s *Socket) receive() {
	room := make([]byte, maxDatagram)
	for {
		n, size, from, err := s.batches.read(s.udp, room)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		for read := 1; err == nil; read++ {
			s.arrivedAll(unmapped(from), room[:n], size)
			if err = errNothing; read < maxReads {
				n, size, from, err = s.batches.more(room)
			}
		}
		if err != errNothing {
			s.hear()
		}
		s.engine.settle()
	}
}

// maxReads is how often is read what is there, before what has arrived is answered. All of it is acknowledged at once, and a socket that is
// emptied late overflows less.
const maxReads = 64

// errNothing says that nothing is there to be read.
var errNothing = errors.New("utp: no datagram is there")

// arrivedAll takes datagrams of one peer, all of one size but the last.
func (s *Socket) arrivedAll(from netip.AddrPort, datagrams []byte, size int) {
	for left := datagrams; len(left) > 0; {
		one := left[:min(size, len(left))]
		s.arrived(from, one)
		left = left[len(one):]
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
		if !s.guests.arrived(from, datagram) && s.opt.Other != nil {
			s.opt.Other(from, datagram)
		}
	}
}

// send sends a datagram, or loses it as a network may; the error is of one that the system refused.
func (s *Socket) send(to netip.AddrPort, datagram []byte) error {
	s.leaves(to, datagram)
	return s.refused(to, sendEach(s.udp, to, datagram, len(datagram)))
}

// sendAll sends datagrams to one peer, all of one size but the last. Only one goroutine at a time may. The error is of a datagram
// that the system refused.
func (s *Socket) sendAll(to netip.AddrPort, datagrams []byte, size int) error {
	for left := datagrams; len(left) > 0; {
		one := left[:min(size, len(left))]
		s.leaves(to, one)
		left = left[len(one):]
	}
	return s.refused(to, s.batches.send(s.udp, to, datagrams, size))
}

// refused takes note of a datagram that the system did not send, if err says so, and returns err.
func (s *Socket) refused(to netip.AddrPort, err error) error {
	if err == nil {
		return nil
	}
	s.traffic.unsent.Add(1)
	s.hear()
	if isNews(err) { // there is no way to it
		s.told(to, bt.Unreachable)
	}
	return err
}

// hear takes what the network says of datagrams that did not arrive.
func (s *Socket) hear() { news(s.udp, s.told) }

// told tells everybody whom it concerns that nothing gets through to an address.
func (s *Socket) told(to netip.AddrPort, fault bt.Fault) {
	s.dials.tell(to, fault)
	s.guests.tell(to, fault)
}

// leaves counts and shows a datagram that is to be sent.
func (s *Socket) leaves(to netip.AddrPort, datagram []byte) {
	s.traffic.out.Add(1)
	s.traffic.bytesOut.Add(uint64(len(datagram)))
	if s.opt.Capture != nil {
		s.opt.Capture(true, to, datagram)
	}
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
