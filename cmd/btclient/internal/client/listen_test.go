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
	l, s, err := listen("127.0.0.1:0", utp.Options{})
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr()
	if s.Addr() != addr {
		t.Errorf("%v and %v", addr, s.Addr())
	}
	l.Close()
	if _, _, err := listen(addr.String(), utp.Options{}); err == nil || !strings.Contains(err.Error(), addr.String()) || !strings.Contains(err.Error(), "UDP") {
		t.Error(err)
	}
	s.Close()
	again, err := net.Listen("tcp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if _, _, err := listen("127.0.0.1", utp.Options{}); err == nil {
		t.Error("an address without a port")
	}
}
