//go:build linux && !portable

package utp

import (
	"context"
	"errors"
	"net"
	"syscall"
	"testing"

	"peerwire/core/bt"
)

// A dial of a port where nobody listens ends as soon as the network says so, over both families; and dials of others are none the worse for
// it, nor are connections.
func TestRefusedByNetwork(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		for _, host := range hosts {
			a, b := newStation(t, host, opt), newStation(t, host, opt)
			near, far := a.dial(b)
			for range 3 {
				dialNobody(t, a.Socket, host)
			}
			a.say(near, "still here")
			b.expect(far, "still here")
			a.dial(b)
		}
	})
}

// The same from a socket for all addresses of both families.
func TestRefusedByNetworkAnywhere(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		a, err := Listen(":0", opt)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		a.Serve(func(*Conn) {}, func() {})
		for _, host := range hosts {
			dialNobody(t, a, host)
		}
	})
}

// dialNobody dials a port where nobody listens.
func dialNobody(t *testing.T, s *Socket, host string) {
	t.Helper()
	nobody, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	to := plain(nobody.LocalAddr())
	nobody.Close()
	ctx, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	if _, err := s.Dial(ctx, to); FaultOf(err) != bt.Refused || ctx.Err() != nil {
		t.Errorf("%v: %v", to, err)
	}
}

// Guests hear at once that nobody listens where they send to, and no other guest does.
func TestGuestRefused(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		for _, host := range hosts {
			s := newStation(t, host, opt)
			conn, at := stranger(t, host)
			conn.Close()
			there, elsewhere := stranger(t, host)
			bad, good := guest(t, s.Socket, at), guest(t, s.Socket, elsewhere)
			if _, err := bad.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			if _, err := bad.Read(make([]byte, 100)); !errors.Is(err, syscall.ECONNREFUSED) {
				t.Error(err)
			}
			there.WriteTo([]byte("here"), net.UDPAddrFromAddrPort(s.Addr()))
			wantText(t, good, "here")
		}
	})
}
