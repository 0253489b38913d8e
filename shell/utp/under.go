package utp

import (
	"net"
	"net/netip"
	"sync"
	"time"

	"peerwire/core/bt"
)

// maxQueued is how many datagrams wait for the library. More are lost, as in a network.
const maxQueued = 2048

// under is what the library takes for its socket, with the guard in it.
type under struct {
	local net.Addr
	now   func() bt.Instant
	send  func(to netip.AddrPort, datagram []byte)

	mu     sync.Mutex
	more   *sync.Cond
	guard  *guard
	queue  []queued // a ring, whose memory is used again
	head   int
	count  int
	closed bool
}

// queued is a datagram that waits for the library.
type queued struct {
	from net.Addr
	data []byte
}

func newUnder(local net.Addr, seed [32]byte, now func() bt.Instant, send func(to netip.AddrPort, datagram []byte)) *under {
	u := &under{local: local, now: now, send: send, queue: make([]queued, maxQueued)}
	u.more = sync.NewCond(&u.mu)
	u.guard = newGuard(seed, u.push)
	return u
}

// push puts a datagram that the guard has let through in the queue.
func (u *under) push(f *flow, datagram []byte) {
	if u.count == maxQueued {
		u.guard.stats.Overflowed++
		return
	}
	q := &u.queue[(u.head+u.count)%maxQueued]
	q.from, q.data = f.addr, append(q.data[:0], datagram...)
	u.count++
	u.more.Signal()
}

// arrived takes a datagram from the network; false when it is not uTP.
func (u *under) arrived(from netip.AddrPort, datagram []byte) bool {
	u.mu.Lock()
	fate := u.guard.arrived(u.now(), from, datagram)
	answer := u.guard.answer
	u.mu.Unlock()
	if fate == answered {
		u.send(from, answer[:])
	}
	return fate != foreign
}

// ReadFrom gives the library the next datagram.
func (u *under) ReadFrom(b []byte) (int, net.Addr, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for u.count == 0 && !u.closed {
		u.more.Wait()
	}
	if u.closed {
		return 0, nil, net.ErrClosed
	}
	q := &u.queue[u.head]
	n, from := copy(b, q.data), q.from
	q.from = nil
	u.head = (u.head + 1) % maxQueued
	u.count--
	return n, from, nil
}

// WriteTo sends a datagram of the library's, or does not: it is told that it was sent in any case, as the connection would end at once
// if not. The datagram was made for this call, and is changed.
func (u *under) WriteTo(b []byte, addr net.Addr) (int, error) {
	to := plain(addr)
	u.mu.Lock()
	may := !u.closed && u.guard.leaving(u.now(), to, b)
	u.mu.Unlock()
	if may {
		u.send(to, b)
	}
	return len(b), nil
}

// plain is the address of a peer, never an IPv4-mapped one.
func plain(addr net.Addr) netip.AddrPort {
	a, ok := addr.(*net.UDPAddr)
	if !ok {
		return netip.AddrPort{}
	}
	return unmapped(a.AddrPort())
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

// Close ends a ReadFrom.
func (u *under) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	u.more.Broadcast()
	return nil
}

// over tells whether the library has closed it.
func (u *under) over() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.closed
}

// LocalAddr is the socket's.
func (u *under) LocalAddr() net.Addr { return u.local }

// The library sets no deadlines.
func (u *under) SetDeadline(time.Time) error      { return nil }
func (u *under) SetReadDeadline(time.Time) error  { return nil }
func (u *under) SetWriteDeadline(time.Time) error { return nil }

// dial asks the guard, again and again while it says no, to let the library dial.
func (u *under) dial(to netip.AddrPort) *flow {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.guard.dial(to)
}

// proven is the connection that the library accepted last.
func (u *under) proven() *flow {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.guard.proven
}

// broken tells whether a RESET has ended a connection.
func (u *under) broken(f *flow) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return f.broken
}

// forget lets a connection go.
func (u *under) forget(f *flow, linger bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.guard.forget(u.now(), f, linger)
}

// takes tells how many of n bytes the library may be given for a connection, and waits while the peer has room for none.
func (u *under) takes(f *flow, n int) int {
	u.mu.Lock()
	defer u.mu.Unlock()
	for {
		if may := f.mayTake(n); may > 0 {
			return may
		}
		opened := make(chan struct{})
		f.waits = opened
		f.ask.begin(u.now())
		u.mu.Unlock()
		<-opened
		u.mu.Lock()
	}
}

// release has nobody wait for the peer's room any more.
func (u *under) release(f *flow) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f.release()
}

// drained takes note that the library was read.
func (u *under) drained(f *flow) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.guard.remind(f)
}

// again does once more what has had no answer.
func (u *under) again() {
	u.mu.Lock()
	ask := u.guard.again(u.now())
	u.mu.Unlock()
	for _, q := range ask {
		u.send(q.to.key.peer, q.datagram)
	}
}

// overrun counts a connection that ends because of what nobody had asked for.
func (u *under) overrun() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.guard.stats.Overrun++
}

func (u *under) stats() Stats {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.guard.count()
}
