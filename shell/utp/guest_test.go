package utp

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"time"
)

// stranger is somebody on loopback who does not speak uTP.
func stranger(t *testing.T, host string) (net.PacketConn, netip.AddrPort) {
	t.Helper()
	conn, err := net.ListenPacket("udp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	return conn, plain(conn.LocalAddr())
}

func guest(t *testing.T, s *Socket, to netip.AddrPort) *Guest {
	t.Helper()
	g, err := s.Guest(to)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { g.Close() })
	g.SetDeadline(time.Now().Add(patience))
	return g
}

// wantText reads a datagram.
func wantText(t *testing.T, g *Guest, want string) {
	t.Helper()
	var room [100]byte
	if n, err := g.Read(room[:]); string(room[:n]) != want {
		t.Errorf("read %q, %v", room[:n], err)
	}
}

// Guests talk from the Socket's own port, each hears its peer and nobody else, and two with one peer hear the same; over both families, and
// beside connections.
func TestGuests(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		others := make(chan string, 10)
		opt.Other = func(_ netip.AddrPort, datagram []byte) { others <- string(datagram) }
		for _, host := range hosts {
			s, peer := newStation(t, host, opt), newStation(t, host, opt)
			near, far := s.dial(peer)
			one, at := stranger(t, host)
			two, elsewhere := stranger(t, host)
			a, b, c := guest(t, s.Socket, at), guest(t, s.Socket, at), guest(t, s.Socket, elsewhere)
			if _, err := a.Write([]byte("hello")); err != nil {
				t.Fatal(err)
			}
			var room [100]byte
			n, from, err := one.ReadFrom(room[:])
			if err != nil || string(room[:n]) != "hello" || plain(from) != s.Addr() || plain(a.LocalAddr()) != s.Addr() || plain(a.RemoteAddr()) != at {
				t.Fatalf("%q from %v: %v", room[:n], from, err)
			}
			one.WriteTo([]byte("answer"), from)
			two.WriteTo([]byte("other"), from)
			wantText(t, a, "answer")
			wantText(t, b, "answer")
			wantText(t, c, "other")
			b.Close()
			b.Close()
			if _, err := b.Read(room[:]); !errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			if _, err := b.Write(nil); !errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
			a.SetReadDeadline(time.Now())
			if _, err := a.Read(room[:]); !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error(err)
			}
			c.Close()
			two.WriteTo([]byte("to nobody"), from)
			if got := <-others; got != "to nobody" {
				t.Errorf("%q", got)
			}
			s.say(near, "still here")
			peer.expect(far, "still here")
			a.SetReadDeadline(time.Time{})
			go s.Close()
			if _, err := a.Read(room[:]); !errors.Is(err, net.ErrClosed) {
				t.Error(err)
			}
		}
	})
}

// A guest with somebody who says too much loses what is too much, and nobody waits for it.
func TestGuestFlood(t *testing.T) {
	s := newStation(t, "127.0.0.1", Options{})
	loud, at := stranger(t, "127.0.0.1")
	g := guest(t, s.Socket, at)
	const sent = 3 * guestQueue
	for range sent {
		loud.WriteTo([]byte("!"), net.UDPAddrFromAddrPort(s.Addr()))
	}
	s.await("all of it", func() bool { return s.Stats().Foreign == sent })
	if len(g.come) != guestQueue {
		t.Error(len(g.come))
	}
}

// A Socket says where it does not reach.
func TestReach(t *testing.T) {
	for _, tt := range []struct {
		bound, to string
		want      bool
	}{
		{"::", "192.0.2.1", true}, {"::", "2001:db8::1", true}, {"0.0.0.0", "192.0.2.1", true}, {"0.0.0.0", "2001:db8::1", false},
		{"127.0.0.1", "127.0.0.2", true}, {"127.0.0.1", "192.0.2.1", false}, {"192.0.2.1", "127.0.0.1", true}, {"192.0.2.1", "::1", false},
		{"::1", "::1", true}, {"::1", "2001:db8::1", false}, {"2001:db8::1", "2001:db8::2", true}, {"2001:db8::1", "192.0.2.1", false},
		{"::ffff:127.0.0.1", "127.0.0.2", true}, {"::ffff:127.0.0.1", "::1", false},
	} {
		if got := canReach(netip.MustParseAddr(tt.bound), netip.MustParseAddr(tt.to)); got != tt.want {
			t.Errorf("%+v", tt)
		}
	}
	s := newStation(t, "127.0.0.1", Options{})
	if _, err := s.Guest(netip.MustParseAddrPort("[::1]:9")); err == nil {
		t.Error("it reaches everything")
	}
}
