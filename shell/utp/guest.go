package utp

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"peerwire/core/bt"
)

// Guest is a conversation with somebody who does not speak uTP, such as a tracker, through a Socket: a net.Conn that gives whole
// datagrams. Several may be with one peer, and each is given all that comes from there.
type Guest struct {
	socket *Socket
	to     netip.AddrPort
	come   chan []byte
	vain   chan error // what the network says
	over   chan struct{}
	once   sync.Once

	mu       sync.Mutex
	deadline time.Time // of a Read
}

// guestQueue is how many datagrams wait for a Guest. More are lost, as in a network.
const guestQueue = 64

// guests are those of a Socket.
type guests struct {
	mu sync.Mutex
	at map[netip.AddrPort]map[*Guest]bool
}

// Guest begins a conversation. It fails when the address cannot be reached from where the Socket is bound.
func (s *Socket) Guest(to netip.AddrPort) (*Guest, error) {
	to = unmapped(to)
	if !canReach(s.Addr().Addr(), to.Addr()) {
		return nil, syscall.EAFNOSUPPORT
	}
	g := &Guest{socket: s, to: to, come: make(chan []byte, guestQueue), vain: make(chan error, 1), over: make(chan struct{})}
	s.guests.mu.Lock()
	defer s.guests.mu.Unlock()
	if s.guests.at == nil {
		s.guests.at = make(map[netip.AddrPort]map[*Guest]bool)
	}
	if s.guests.at[to] == nil {
		s.guests.at[to] = make(map[*Guest]bool)
	}
	s.guests.at[to][g] = true
	return g, nil
}

// canReach tells whether a socket that is bound to an address can send to another.
func canReach(bound, to netip.Addr) bool {
	if bound.Is6() && bound.IsUnspecified() {
		return true // of both families
	}
	bound = bound.Unmap()
	return bound.Is4() == to.Is4() && (to.IsLoopback() || !bound.IsLoopback())
}

// arrived gives a datagram to those who talk with its sender, and tells whether there is somebody.
func (all *guests) arrived(from netip.AddrPort, datagram []byte) bool {
	all.mu.Lock()
	defer all.mu.Unlock()
	for g := range all.at[from] {
		select {
		case g.come <- append([]byte(nil), datagram...):
		default:
		}
	}
	return len(all.at[from]) > 0
}

// tell says that nothing gets through to an address.
func (all *guests) tell(to netip.AddrPort, fault bt.Fault) {
	err := error(syscall.EHOSTUNREACH)
	if fault == bt.Refused {
		err = syscall.ECONNREFUSED
	}
	all.mu.Lock()
	defer all.mu.Unlock()
	for g := range all.at[to] {
		select {
		case g.vain <- err:
		default:
		}
	}
}

// end ends all conversations.
func (all *guests) end() {
	all.mu.Lock()
	defer all.mu.Unlock()
	for _, some := range all.at {
		for g := range some {
			g.once.Do(func() { close(g.over) })
		}
	}
	all.at = nil
}

// remove forgets a Guest.
func (all *guests) remove(g *Guest) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if delete(all.at[g.to], g); len(all.at[g.to]) == 0 {
		delete(all.at, g.to)
	}
}

// Read waits for the next datagram, as long as the deadline allows, or for what the network says of those that were sent.
func (g *Guest) Read(b []byte) (int, error) {
	g.mu.Lock()
	deadline := g.deadline
	g.mu.Unlock()
	var late <-chan time.Time
	if !deadline.IsZero() {
		t := time.NewTimer(time.Until(deadline))
		defer t.Stop()
		late = t.C
	}
	select {
	case d := <-g.come:
		return copy(b, d), nil
	case err := <-g.vain:
		return 0, err
	case <-g.over:
		return 0, net.ErrClosed
	case <-late:
		return 0, os.ErrDeadlineExceeded
	}
}

// Write sends a datagram.
func (g *Guest) Write(b []byte) (int, error) {
	select {
	case <-g.over:
		return 0, net.ErrClosed
	default:
	}
	if err := g.socket.send(g.to, b); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close ends the conversation, and a Read. Closing again does nothing.
func (g *Guest) Close() error {
	g.once.Do(func() {
		close(g.over)
		g.socket.guests.remove(g)
	})
	return nil
}

// RemoteAddr is that of the peer.
func (g *Guest) RemoteAddr() net.Addr { return net.UDPAddrFromAddrPort(g.to) }

// LocalAddr is the Socket's.
func (g *Guest) LocalAddr() net.Addr { return g.socket.udp.LocalAddr() }

// SetReadDeadline sets until when a Read that begins later waits; the zero time is for ever.
func (g *Guest) SetReadDeadline(t time.Time) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.deadline = t
	return nil
}

// SetDeadline is SetReadDeadline: a Write does not wait.
func (g *Guest) SetDeadline(t time.Time) error { return g.SetReadDeadline(t) }

// SetWriteDeadline does nothing: a Write does not wait.
func (g *Guest) SetWriteDeadline(time.Time) error { return nil }
