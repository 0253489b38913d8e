package utp

import (
	"context"
	"net"
	"net/netip"
	"sync"
	"time"

	anacrolix "github.com/anacrolix/utp"

	"peerwire/core/bt"
	_ "peerwire/shell/utp/environ" // before the library
)

// library is the engine on github.com/anacrolix/utp.
type library struct {
	under   *under
	lib     *anacrolix.Socket
	socket  *Socket
	running sync.WaitGroup
	ctx     context.Context // ends with the engine: a dial of a Socket that is closed would not end
	stop    context.CancelFunc

	mu     sync.Mutex
	pipes  map[*pipe]bool
	closed bool
}

// newLibrary makes the engine; send sends its datagrams.
func newLibrary(s *Socket, local net.Addr, seed [32]byte) (*library, error) {
	l := &library{socket: s, pipes: make(map[*pipe]bool), under: newUnder(local, seed, s.now, s.lose)}
	l.ctx, l.stop = context.WithCancel(context.Background())
	var err error
	l.lib, err = anacrolix.NewSocketFromPacketConn(l.under)
	return l, err
}

func (l *library) arrived(from netip.AddrPort, datagram []byte) bool {
	return l.under.arrived(from, datagram)
}

func (l *library) settle() {}

func (l *library) stats() Stats { return l.under.stats() }

// serve accepts until the engine is closed.
func (l *library) serve(accept func(*Conn)) {
	l.running.Go(l.again)
	l.running.Go(func() {
		for {
			conn, err := l.lib.Accept()
			if err != nil {
				return
			}
			if c := l.adopt(conn, l.under.proven()); c != nil {
				accept(c)
			}
		}
	})
}

// again has the guard do once more what has had no answer, until the engine is closed.
func (l *library) again() {
	tick := time.NewTicker(firstPause)
	defer tick.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-tick.C:
			l.under.again()
		}
	}
}

// dialPause is how long to wait before the guard is asked again for leave to dial. It says no for a moment only.
const dialPause = time.Millisecond

func (l *library) dial(ctx context.Context, to netip.AddrPort) (*Conn, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.ctx, cancel)()
	f := l.under.dial(to)
	for f == nil {
		select {
		case <-ctx.Done():
			return nil, failed(bt.TimedOut)
		case <-time.After(dialPause):
		}
		f = l.under.dial(to)
	}
	conn, err := l.lib.DialContext(ctx, "udp", to.String())
	if err != nil {
		l.under.forget(f, false)
		if l.under.broken(f) {
			return nil, failed(bt.Refused)
		}
		return nil, failed(bt.TimedOut)
	}
	c := l.adopt(conn, f)
	if c == nil {
		return nil, failed(bt.Unreachable)
	}
	return c, nil
}

// adopt makes a Conn of a connection of the library's; nil when the engine is closed.
func (l *library) adopt(conn net.Conn, f *flow) *Conn {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		conn.Close()
		return nil
	}
	p := &pipe{lib: l, conn: conn, flow: f}
	p.told = l.socket.newConn(f.key.peer, p)
	l.pipes[p] = true
	p.start()
	return p.told
}

// ended takes note of a pipe that has written what there was. The library may have to send that again.
func (l *library) ended(p *pipe) {
	l.under.forget(p.flow, true)
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.pipes, p)
}

// close ends all connections, and waits until nothing of the engine runs any more.
func (l *library) close() {
	l.mu.Lock()
	l.closed = true
	for p := range l.pipes {
		p.close()
	}
	l.mu.Unlock()
	l.stop()
	l.lib.Close() // which accepts no more, and ends with the last connection
	l.running.Wait()
	waitUntil(l.under.over)
	l.lib.CloseNow()
}
