package tracker

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// reach is how far from this host an address is; a greater one is farther.
type reach uint8

const (
	noReach  reach = iota // where no tracker is: link-local (cloud metadata lives there), multicast, unspecified
	loopback              // this host
	local                 // the network of this host
	global                // everywhere else
)

// reachOf tells how far an address is.
func reachOf(a netip.Addr) reach {
	a = a.Unmap()
	switch {
	case !a.IsValid(), a.IsUnspecified(), a.IsMulticast(), a.IsLinkLocalUnicast(), a == broadcast:
		return noReach
	case a.IsLoopback():
		return loopback
	case a.IsPrivate(), sharedSpace.Contains(a):
		return local
	}
	return global
}

// sharedSpace is what carriers put between their customers and the Internet (RFC 6598).
var sharedSpace = netip.MustParsePrefix("100.64.0.0/10")

// A guard decides where the connections of one announce may go, for the URL and every redirect of it are strangers' words,
// and this host can reach services that the stranger cannot. It looks at the very address that is connected to, so
// that a name which resolves differently a second time gains nothing. The rules:
//   - nothing at noReach;
//   - on this host only what calls itself a tracker: over HTTP the path must start with "/announce";
//   - a redirect never leads nearer than the address that sent it.
type guard struct {
	reachOf func(netip.Addr) reach
	nearest reach // what the present hop may reach at least
	path    string
	http    bool
}

// permit says why an address is refused, or nil.
func (g *guard) permit(a netip.Addr) error {
	r := g.reachOf(a)
	switch {
	case r == noReach:
		return fmt.Errorf("%w: %s is no address of a tracker", ErrForbidden, a)
	case r < g.nearest:
		return fmt.Errorf("%w: redirected to the nearer address %s", ErrForbidden, a)
	case r == loopback && g.http && !strings.HasPrefix(g.path, "/announce"):
		return fmt.Errorf("%w: on this host only paths that start with /announce are trackers", ErrForbidden)
	}
	return nil
}

// permitHost applies permit to a host that is an address already. Names pass, they are looked at when they are
// connected to; behind a proxy, which resolves and connects for us, this is all we can see.
func (g *guard) permitHost(host string) error {
	a, err := netip.ParseAddr(host)
	if err != nil {
		return nil
	}
	return g.permit(a)
}

// dial connects to an address, of the given family, that the guard permits.
func (g *guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{ControlContext: func(_ context.Context, _, resolved string, _ syscall.RawConn) error {
		ap, err := netip.ParseAddrPort(resolved)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForbidden, err)
		}
		return g.permit(ap.Addr())
	}}
	return d.DialContext(ctx, network, address)
}

// remote gives the address that a connection leads to.
func remote(c net.Conn) netip.AddrPort {
	a, ok := c.RemoteAddr().(interface{ AddrPort() netip.AddrPort })
	if !ok {
		panic("BUG: a connection that is neither TCP nor UDP")
	}
	return netip.AddrPortFrom(a.AddrPort().Addr().Unmap(), a.AddrPort().Port())
}
