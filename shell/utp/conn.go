package utp

import (
	"errors"
	"io"
	"net/netip"

	"peerwire/core/bt"
)

// Conn is one connection. But for Close, its methods are for use after Socket.Watch, on the goroutine that calls
// Socket.Tell.
type Conn struct {
	socket   *Socket
	stream   stream
	local    netip.AddrPort
	remote   netip.AddrPort
	ready    func()
	readable bool
	writable bool
	edges    edges
}

// stream is a Conn as its engine has it. What is read or written is told with whether there may be more to read, or room for more; when
// not, an edge comes later.
type stream interface {
	read(bufs [][]byte) (n int, more bool, err error)
	write(bufs [][]byte) (n int, more bool, err error)
	allow(n int)
	close()
}

// ErrWait says that the connection has nothing to give, or no room, now.
var ErrWait = errors.New("utp: the connection is not ready")

// failed is an error of a connection.
type failed bt.Fault

func (f failed) Error() string { return "utp: " + bt.Fault(f).String() }

// FaultOf is what the core cares to know of an error of a connection.
func FaultOf(err error) bt.Fault {
	var f failed
	switch {
	case err == nil:
		return bt.OK
	case errors.Is(err, io.EOF):
		return bt.EOF
	case errors.As(err, &f):
		return bt.Fault(f)
	}
	return bt.Unreachable
}

// Local is our end. Its address is unspecified when it cannot be known.
func (c *Conn) Local() netip.AddrPort { return c.local }

// Remote is the peer's end, never an IPv4-mapped address.
func (c *Conn) Remote() netip.AddrPort { return c.remote }

// Readable tells whether Read may find something: bytes, the end, or an error.
func (c *Conn) Readable() bool { return c.readable }

// Writable tells whether Write may find room, or an error.
func (c *Conn) Writable() bool { return c.writable }

// Read reads what is there into the buffers, one after the other, without waiting: ErrWait when there is nothing, io.EOF at
// the end.
func (c *Conn) Read(bufs [][]byte) (n int, err error) {
	n, c.readable, err = c.stream.read(bufs)
	return n, err
}

// Write writes the buffers one after the other, as far as there is room, without waiting, and tells how many bytes that
// was; ErrWait when there was no room at all.
func (c *Conn) Write(bufs [][]byte) (n int, err error) {
	n, c.writable, err = c.stream.write(bufs)
	return n, err
}

// Allow says how many bytes may wait to be read; before it was called that is 1 MiB. When the peer has sent more, and the engine
// cannot hold it back, the connection ends with bt.Overrun.
func (c *Conn) Allow(n int) { c.stream.allow(n) }

// Close closes the connection. What was written is still delivered, unless that takes long. Closing again does nothing.
func (c *Conn) Close() {
	c.socket.unlist(c)
	c.stream.close()
}
