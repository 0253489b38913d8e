package client

import (
	"net"
	"strings"
	"testing"

	"peerwire/shell/utp"
)

// TCP and uTP get one port, a free one or the one that was asked for; when UDP has none, the error says which, and that nobody listens for
// TCP either.
func TestListen(t *testing.T) {
	l, s, err := listen("127.0.0.1:0", overUTP)
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr()
	if s.Addr() != addr {
		t.Errorf("%v and %v", addr, s.Addr())
	}
	l.Close()
	if _, _, err := listen(addr.String(), overUTP); err == nil || !strings.Contains(err.Error(), addr.String()) || !strings.Contains(err.Error(), "UDP") {
		t.Error(err)
	}
	s.Close()
	again, err := net.Listen("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if _, _, err := listen("127.0.0.1", overUTP); err == nil {
		t.Error("an address without a port")
	}
}

// overUTP is how a client with uTP opens its UDP port.
func overUTP(addr string) (*utp.Socket, error) { return utp.Listen(addr, utp.Options{}) }

// A client without uTP leaves the UDP port alone.
func TestNoUTP(t *testing.T) {
	_, torrent, _ := makeTorrent(t, 100_000)
	with := start(t, Options{Torrent: torrent, Dir: t.TempDir()})
	without := start(t, Options{Torrent: torrent, Dir: t.TempDir(), NoUTP: true})
	defer closeAll(t, with, without)
	if s, err := overUTP(with.Addr().String()); err == nil {
		s.Close()
		t.Error("nobody has the UDP port of a client with uTP")
	}
	s, err := overUTP(without.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}
