package tcp

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Listener accepts connections.
type Listener struct {
	sock    *net.TCPListener
	closed  chan struct{}
	once    sync.Once
	serving sync.WaitGroup
}

// noProbes turns the system's keep-alive packets off: the protocol has messages for that.
const noProbes = -1

// Listen listens at addr, "host:port"; an empty host is every address of both families, port 0 a free one. Nothing is
// accepted before Serve.
func Listen(addr string) (*Listener, error) {
	config := net.ListenConfig{KeepAlive: noProbes}
	sock, err := config.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Listener{sock: sock.(*net.TCPListener), closed: make(chan struct{})}, nil
}

// Serve begins to accept: accept is called, on a goroutine of the Listener's, for each connection. It must not block
// for long.
func (l *Listener) Serve(accept func(*Conn)) {
	l.serving.Go(func() { l.run(accept) })
}

// Addr is the address that the listener is bound to.
func (l *Listener) Addr() netip.AddrPort { return l.sock.Addr().(*net.TCPAddr).AddrPort() }

// Close stops listening and waits until accept will not be called any more. Closing again does nothing.
func (l *Listener) Close() {
	l.once.Do(func() {
		close(l.closed)
		l.sock.Close()
	})
	l.serving.Wait()
}

// acceptPause is how long to wait when the system has no descriptor left: accepting would fail again at once.
const acceptPause = 100 * time.Millisecond

// run accepts until the listener is closed. What cannot be accepted waits in the system's queue, and in the
// end the peer gives up.
func (l *Listener) run(accept func(*Conn)) {
	for {
		sock, err := l.sock.AcceptTCP()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		var c *Conn
		if err == nil {
			c, err = newConn(sock)
		}
		if err == nil {
			accept(c)
			continue
		}
		select {
		case <-time.After(acceptPause):
		case <-l.closed:
		}
	}
}

// Dial connects to addr, and gives up when ctx ends.
func Dial(ctx context.Context, addr netip.AddrPort) (*Conn, error) {
	d := net.Dialer{KeepAlive: noProbes}
	sock, err := d.DialContext(ctx, "tcp", addr.String())
	if err != nil {
		return nil, err
	}
	return newConn(sock.(*net.TCPConn))
}
