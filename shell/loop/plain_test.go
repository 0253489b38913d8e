package loop

import (
	"io"
	"net"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/shell/tcp"
)

// dialPlain is a plain connection to a node, which ends with the test.
func dialPlain(t testing.TB, n *node) *net.TCPConn {
	t.Helper()
	sock, err := net.Dial("tcp", n.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	sock.SetDeadline(time.Now().Add(patience))
	t.Cleanup(func() { sock.Close() })
	return sock.(*net.TCPConn)
}

// readAll reads to the end.
func readAll(r io.Reader) ([]byte, error) { return io.ReadAll(r) }

// hello is a handshake for the torrent, from a peer of that number.
func hello(to *torrent, number byte) []byte {
	id := bt.PeerID{0: '-', 18: 1, 19: number}
	return wire.AppendHandshake(nil, wire.NewHandshake(to.layout.InfoHash, id))
}

// waiting is a listener in whose queue so many peers wait who have said their handshake. They stay until the test ends.
func waiting(t testing.TB, to *torrent, peers int) *tcp.Listener {
	t.Helper()
	l, err := tcp.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	for i := range peers {
		sock, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { sock.Close() })
		if _, err := sock.Write(hello(to, byte(i))); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

// greet says a handshake and takes the node's.
func greet(t testing.TB, sock *net.TCPConn, to *torrent, number byte) {
	t.Helper()
	if _, err := sock.Write(hello(to, number)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(sock, make([]byte, wire.HandshakeLen)); err != nil {
		t.Fatal(err)
	}
}

// listenSix has a node listen at the other family's loopback address too, until the test ends.
func listenSix(n *node) (netip.AddrPort, error) {
	l, err := tcp.Listen("[::1]:0")
	if err != nil {
		return netip.AddrPort{}, err
	}
	l.Serve(n.Accept)
	n.t.Cleanup(l.Close)
	return l.Addr(), nil
}
