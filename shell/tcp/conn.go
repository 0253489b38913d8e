package tcp

import (
	"errors"
	"net"
	"net/netip"
)

// Conn is one connection. But for Close, its methods are for use after Poller.Watch, on the goroutine that calls
// Poller.Wait.
type Conn struct {
	socket
	local    netip.AddrPort
	remote   netip.AddrPort
	poller   *Poller
	ready    func()
	readable bool
	writable bool
}

// ErrWait says that the socket has nothing to give, or no room, now.
var ErrWait = errors.New("tcp: the socket is not ready")

// MaxBuffers is how many buffers one Read or Write looks at.
const MaxBuffers = 128

// newConn takes over a socket.
func newConn(sock *net.TCPConn) (*Conn, error) {
	c := &Conn{writable: true}
	c.local, c.remote = plain(sock.LocalAddr()), plain(sock.RemoteAddr())
	if err := c.take(sock); err != nil {
		return nil, err
	}
	return c, nil
}

// plain is a socket's address, never an IPv4-mapped one.
func plain(addr net.Addr) netip.AddrPort {
	a, ok := addr.(*net.TCPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.AddrPort().Addr().Unmap(), a.AddrPort().Port())
}

// Local is our end.
func (c *Conn) Local() netip.AddrPort { return c.local }

// Remote is the peer's end, never an IPv4-mapped address.
func (c *Conn) Remote() netip.AddrPort { return c.remote }

// Readable tells whether Read may find something: bytes, the end, or an error.
func (c *Conn) Readable() bool { return c.readable }

// Writable tells whether Write may find room, or an error.
func (c *Conn) Writable() bool { return c.writable }
