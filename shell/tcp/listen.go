package tcp

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"syscall"
	"time"

	"peerwire/core/bt"
)

// Listener accepts connections.
type Listener struct {
	sock    *net.TCPListener
	serving sync.WaitGroup
}

// Listen listens at addr, "host:port"; an empty host is every address of both families, port 0 a free one. Nothing is
// accepted before Serve.
func Listen(addr string) (*Listener, error) {
	sock, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Listener{sock: sock.(*net.TCPListener)}, nil
}

// Serve begins to accept: accept is called, on a goroutine of the Listener's, for each connection. It must not block
// for long.
func (l *Listener) Serve(accept func(*Conn)) {
	l.serving.Go(func() { l.run(accept) })
}

// Addr is the address that the listener is bound to.
func (l *Listener) Addr() netip.AddrPort { return l.sock.Addr().(*net.TCPAddr).AddrPort() }

// Close stops listening and waits until accept will not be called any more.
func (l *Listener) Close() {
	l.sock.Close()
	l.serving.Wait()
}

// acceptPause is how long to wait when the system has no descriptor left: accepting would fail again at once.
const acceptPause = 100 * time.Millisecond

func (l *Listener) run(accept func(*Conn)) {
	for {
		sock, err := l.sock.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(acceptPause)
			continue
		}
		if c, err := newConn(sock); err == nil {
			accept(c)
		} else {
			sock.Close()
		}
	}
}

// Dial connects to addr and then calls done, on a goroutine of its own, with the connection or with what went wrong.
// It gives up when ctx ends.
func Dial(ctx context.Context, addr netip.AddrPort, done func(*Conn, error)) {
	go func() {
		var d net.Dialer
		sock, err := d.DialContext(ctx, "tcp", addr.String())
		if err != nil {
			done(nil, err)
			return
		}
		c, err := newConn(sock.(*net.TCPConn))
		if err != nil {
			sock.Close()
		}
		done(c, err)
	}()
}

// FaultOf is what the core cares to know of an error of a socket.
func FaultOf(err error) bt.Fault {
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil:
		return bt.OK
	case errors.Is(err, io.EOF):
		return bt.EOF
	case errors.Is(err, syscall.ECONNREFUSED):
		return bt.Refused
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return bt.Reset
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return bt.TimedOut
	}
	return bt.Unreachable
}
