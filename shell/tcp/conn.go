package tcp

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
)

// Conn is one connection. Read, Write, AwaitRead, AwaitWrite and Close are for its owner's goroutine.
type Conn struct {
	sock    *net.TCPConn
	raw     syscall.RawConn
	remote  netip.AddrPort
	ready   Ready
	rearm   chan struct{} // the owner waits for bytes
	rewrite chan struct{} // the owner waits for room; nil until it first does

	io transfers // how bytes move on this system
}

// Ready is told, on a goroutine of the Conn's, that what its owner awaits has come: bytes, the end of the stream or an
// error when write is false, room when it is true. It must not block.
type Ready func(write bool)

// ErrWait says that the socket has nothing to give, or no room, now.
var ErrWait = errors.New("tcp: the socket is not ready")

// newConn takes over a socket.
func newConn(sock *net.TCPConn) (*Conn, error) {
	raw, err := sock.SyscallConn()
	if err != nil {
		return nil, err
	}
	c := &Conn{sock: sock, raw: raw, rearm: make(chan struct{}, 1)}
	if a, ok := sock.RemoteAddr().(*net.TCPAddr); ok {
		c.remote = netip.AddrPortFrom(a.AddrPort().Addr().Unmap(), a.AddrPort().Port())
	}
	c.io.init()
	return c, nil
}

// Remote is the peer's end, never an IPv4-mapped address.
func (c *Conn) Remote() netip.AddrPort { return c.remote }

// Watch gives the Conn its Ready function and begins to watch for bytes.
func (c *Conn) Watch(ready Ready) {
	c.ready = ready
	go c.watchReads()
	c.AwaitRead()
}

// AwaitRead asks for one call of Ready when there are bytes, or the end, to read.
func (c *Conn) AwaitRead() {
	select {
	case c.rearm <- struct{}{}:
	default:
	}
}

// AwaitWrite asks for one call of Ready when there is room to write.
func (c *Conn) AwaitWrite() {
	if c.rewrite == nil {
		c.rewrite = make(chan struct{}, 1)
		go c.watchWrites(c.rewrite)
	}
	select {
	case c.rewrite <- struct{}{}:
	default:
	}
}

// Close closes the connection. Bytes written before are still delivered by the system; Ready may be called once more.
func (c *Conn) Close() {
	c.sock.Close()
	close(c.rearm)
	if c.rewrite != nil {
		close(c.rewrite)
	}
}

func (c *Conn) watchReads() {
	for range c.rearm {
		c.awaitReadable()
		c.ready(false)
	}
}

func (c *Conn) watchWrites(rewrite <-chan struct{}) {
	for range rewrite {
		c.awaitWritable()
		c.ready(true)
	}
}
