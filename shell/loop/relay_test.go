package loop

import (
	"math/rand/v2"
	"net"
	"net/netip"
	"sync"
	"testing"
)

// fate is what becomes of one direction of a relayed connection.
type fate struct {
	after int64 // bytes that pass before it happens; 0 lets all pass
	reset bool  // both ends are reset; else nothing is read any more, and all stays open
	crumb bool  // what passes comes in portions of a few bytes
}

// relay passes connections on to a node, and lets things happen to them.
type relay struct {
	t        testing.TB
	listener net.Listener
	target   netip.AddrPort
	up, down fate // to the node, and from it
	stalled  chan struct{}

	mu     sync.Mutex
	socks  []*net.TCPConn
	copies sync.WaitGroup
	ended  chan struct{}
	once   sync.Once
}

// startRelay runs a relay until the test ends.
func startRelay(t testing.TB, target netip.AddrPort, up, down fate) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &relay{t: t, listener: l, target: target, up: up, down: down, stalled: make(chan struct{}, 100),
		ended: make(chan struct{})}
	r.copies.Go(r.run)
	t.Cleanup(r.close)
	return r
}

func (r *relay) addr() netip.AddrPort { return r.listener.Addr().(*net.TCPAddr).AddrPort() }

// close ends the relay, and resets its connections. Again does nothing.
func (r *relay) close() {
	r.once.Do(r.end)
}

func (r *relay) end() {
	r.listener.Close()
	r.mu.Lock()
	close(r.ended)
	for _, s := range r.socks {
		s.SetLinger(0)
		s.Close()
	}
	r.mu.Unlock()
	r.copies.Wait()
}

func (r *relay) run() {
	for {
		near, err := r.listener.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", r.target.String())
		if err != nil {
			near.Close()
			continue
		}
		a, b := near.(*net.TCPConn), far.(*net.TCPConn)
		r.mu.Lock()
		r.socks = append(r.socks, a, b)
		r.mu.Unlock()
		r.copies.Go(func() { r.copy(b, a, r.up) })
		r.copies.Go(func() { r.copy(a, b, r.down) })
	}
}

// copy passes one direction on, and ends both when it ends.
func (r *relay) copy(to, from *net.TCPConn, f fate) {
	defer to.CloseWrite()
	room, left := make([]byte, 64<<10), f.after
	rng := rand.New(rand.NewPCG(7, 7))
	for {
		b := room
		if f.crumb {
			b = room[:1+rng.IntN(100)]
		}
		if f.after > 0 {
			b = b[:min(int64(len(b)), left)]
		}
		n, err := from.Read(b)
		if _, werr := to.Write(b[:n]); err != nil || werr != nil {
			return
		}
		if left -= int64(n); f.after > 0 && left == 0 {
			r.happen(from, to, f)
			return
		}
	}
}

func (r *relay) happen(from, to *net.TCPConn, f fate) {
	r.stalled <- struct{}{}
	if f.reset {
		for _, s := range []*net.TCPConn{from, to} {
			s.SetLinger(0)
			s.Close()
		}
		return
	}
	<-r.ended
}
