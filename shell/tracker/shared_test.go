package tracker

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"peerwire/shell/utp"
)

// sharing is a client that announces through a socket of uTP's.
func sharing(t *testing.T, addr string, engine utp.Engine) (*Client, netip.AddrPort) {
	t.Helper()
	s, err := utp.Listen(addr, utp.Options{Engine: engine})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.Serve(func(*utp.Conn) {}, func() {})
	return &Client{UDPTimeout: time.Minute, Shared: func(to netip.AddrPort) (net.Conn, error) { return s.Guest(to) }}, s.Addr()
}

// TestShared announces from the port where uTP is spoken, to trackers of both families, for many torrents at one time.
func TestShared(t *testing.T) {
	for _, engine := range []utp.Engine{utp.Own, utp.Anacrolix} {
		for _, host := range []string{"127.0.0.1", "::1"} {
			tracker := script(t, host, func(_ int, d []byte) [][]byte {
				if kind(d) == "connect" {
					return [][]byte{acceptConnect(d)}
				}
				return [][]byte{acceptAnnounce(d, "")}
			})
			client, own := sharing(t, ":0", engine)
			var all sync.WaitGroup
			for range 10 {
				all.Go(func() {
					if _, err := client.Announce(bounded(t), tracker.url("/announce"), sample()); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			for len(tracker.from) > 0 {
				if addr := <-tracker.from; addr.Port() != own.Port() {
					t.Errorf("a datagram came from %v, not from port %d", addr, own.Port())
				}
			}
		}
	}
}

// TestSharedOutOfReach announces through a socket of its own where the shared one does not reach.
func TestSharedOutOfReach(t *testing.T) {
	tracker := script(t, "127.0.0.1", wellBehaved)
	client, _ := sharing(t, "[::1]:0", utp.Own)
	if _, err := client.Announce(bounded(t), tracker.url(""), sample()); err != nil {
		t.Error(err)
	}
}

// TestSharedForbidden has the shared socket obey the rules of where trackers may be.
func TestSharedForbidden(t *testing.T) {
	client := &Client{Shared: func(to netip.AddrPort) (net.Conn, error) {
		t.Errorf("%v was let through", to)
		return nil, net.ErrClosed
	}}
	if _, err := client.Announce(bounded(t), "udp://169.254.1.1:80/announce", sample()); !errors.Is(err, ErrForbidden) {
		t.Error(err)
	}
}
