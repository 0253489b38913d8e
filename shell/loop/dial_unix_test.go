//go:build unix

package loop

import (
	"net"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"peerwire/core"
)

// TestDialEnds ends a loop that is dialling somebody who does not answer.
func TestDialEnds(t *testing.T) {
	l, fill := deaf(t)
	to := makeTorrent(32<<10, 100_000)
	n := startNode(t, to, t.TempDir())
	n.dial(l)
	n.await("the dial", func() bool {
		links := 0
		n.look(func(*core.Session, *core.Snapshot) { links = len(n.links) })
		return links == 1
	})
	n.close()
	for _, c := range fill {
		c.Close()
	}
}

// deaf is an address where connecting neither succeeds nor fails. On loopback that takes a listener whose queue
// is full; the connections that fill it are given too.
func deaf(t *testing.T) (netip.AddrPort, []net.Conn) {
	t.Helper()
	l := shortListener(t)
	var fill []net.Conn
	for {
		c, err := net.DialTimeout("tcp", l.String(), 2*time.Second)
		if err != nil {
			return l, fill
		}
		if fill = append(fill, c); len(fill) > 100 {
			t.Fatal("the queue does not fill")
		}
	}
}

// shortListener listens with a queue as short as there is, and never accepts.
func shortListener(t *testing.T) netip.AddrPort {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(fd, 0); err != nil {
		t.Fatal(err)
	}
	at, err := unix.Getsockname(fd)
	if err != nil {
		t.Fatal(err)
	}
	in := at.(*unix.SockaddrInet4)
	return netip.AddrPortFrom(netip.AddrFrom4(in.Addr), uint16(in.Port))
}
