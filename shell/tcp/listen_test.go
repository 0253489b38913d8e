package tcp

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"peerwire/core/bt"
)

// TestRefused wants to be told when nobody listens.
func TestRefused(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	l.Close()
	if c, err := Dial(t.Context(), addr); FaultOf(err) != bt.Refused || c != nil {
		t.Errorf("dialling gives %v, %v", c, err)
	}
}

// TestDialGivesUp wants a dial to end with its context.
func TestDialGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if c, err := Dial(ctx, netip.MustParseAddrPort("127.0.0.1:9")); err == nil || c != nil {
		t.Errorf("dialling gives %v, %v", c, err)
	}
	past, cancel := context.WithTimeout(t.Context(), -1)
	defer cancel()
	if _, err := Dial(past, netip.MustParseAddrPort("127.0.0.1:9")); FaultOf(err) != bt.TimedOut {
		t.Errorf("dialling gives %v", err)
	}
}

// TestListenClose wants nothing to be accepted after Close, and closing again to do nothing.
func TestListenClose(t *testing.T) {
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr()
	l.Serve(func(c *Conn) { c.Close() })
	l.Close()
	l.Close()
	if _, err := Dial(t.Context(), addr); FaultOf(err) != bt.Refused {
		t.Errorf("dialling gives %v", err)
	}
	if _, err := Listen("127.0.0.1:x"); err == nil {
		t.Error("a port that is no number is listened at")
	}
}
