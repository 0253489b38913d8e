package loop

import (
	"net"
	"sync"
	"testing"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/tcp"
)

// Many who come in one turn of the loop, and have said their handshake, all get in, though no more than fifty may be in handshake
// together. [LIM-8]
func TestArrivalsTogether(t *testing.T) {
	const many = 150
	to := makeTorrent(256<<10, 300_000)
	n := startNode(t, to, to.place(t, all))
	l := waiting(t, to, many)
	var come []*tcp.Conn
	var wait sync.WaitGroup
	wait.Add(many)
	l.Serve(func(c *tcp.Conn) {
		come = append(come, c)
		wait.Done()
	})
	wait.Wait()
	n.Do(func(*core.Session, bt.Instant) { // while this holds the loop up
		for _, c := range come {
			n.Accept(c)
		}
	})
	n.await("all of them", func() bool { return n.peers() == many })
	if len(n.closes) > 0 {
		t.Errorf("%d were closed", len(n.closes))
	}
}

// A loop that ends closes those whom it has not accepted yet.
func TestArrivalsAtTheEnd(t *testing.T) {
	to := makeTorrent(256<<10, 300_000)
	n := startNode(t, to, to.place(t, all))
	sock := dialPlain(t, n)
	late := dialPlain(t, n)
	n.close()
	for _, s := range []*net.TCPConn{sock, late} {
		if b, _ := readAll(s); len(b) > 0 {
			t.Errorf("read %q", b)
		}
	}
}
