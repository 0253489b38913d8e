package tracker

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"time"
)

// Client announces to trackers, one announce at a time or many at once. The zero value is ready for use. Announces over HTTP
// go through the proxy that the environment names, if any; those over UDP cannot, and go directly.
type Client struct {
	// UDPTimeout is how long the first datagram waits for its answer; each further one waits twice as long as the
	// one before (BEP 15). Zero means 15 s.
	UDPTimeout time.Duration

	// Shared gives a conversation with a UDP tracker through a socket that is there for something else, so that the tracker sees the
	// address that peers see; reads give whole datagrams, and only the tracker's. Where it gives an error, as where that socket does not reach, and when it
	// is nil, each announce has a socket of its own.
	Shared func(tracker netip.AddrPort) (net.Conn, error)

	ids     connectionIDs                    // of UDP trackers
	tls     *tls.Config                      // what tests trust; nil for the system's roots
	reachOf func(netip.Addr) reach           // the map of the world; nil for the real one
	proxy   func(*url.URL) (*url.URL, error) // nil for the environment's
}

// Announce tells the tracker at rawURL (http, https or udp) about us and returns what it answers. It ends when ctx
// does; without a deadline there, an HTTP tracker may take for ever and a UDP tracker about two hours. The error is one printable
// line that names the tracker without the secrets in its URL: a *FailureError when the tracker
// refused, a *StatusError for an HTTP error, otherwise ErrUnsupported, ErrForbidden, ErrMalformed or what the network said.
func (c *Client) Announce(ctx context.Context, rawURL string, r Request) (Response, error) {
	u, err := parse(rawURL)
	if err != nil {
		return Response{}, explain(rawURL, err)
	}
	var answer Response
	if u.Scheme == "udp" {
		answer, err = c.announceUDP(ctx, u, r)
	} else {
		answer, err = c.announceHTTP(ctx, u, r)
	}
	if err != nil {
		return Response{}, explain(rawURL, err)
	}
	return answer, nil
}

// maxURL limits an announce URL, in bytes: with the options of BEP 41 it has to fit into a datagram.
const maxURL = 1024

// guard starts the rules for one announce.
func (c *Client) guard() *guard {
	g := &guard{reachOf: c.reachOf}
	if g.reachOf == nil {
		g.reachOf = reachOf
	}
	return g
}

// parse accepts only URLs that we can announce to.
func parse(rawURL string) (*url.URL, error) {
	if len(rawURL) > maxURL {
		return nil, fmt.Errorf("%w: longer than %d bytes", ErrUnsupported, maxURL)
	}
	u, err := url.Parse(rawURL)
	if err != nil {
		return nil, fmt.Errorf("%w: cannot be parsed", ErrUnsupported) // the error itself repeats the URL
	}
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "udp" {
		return nil, fmt.Errorf("%w: scheme %q is not http, https or udp", ErrUnsupported, u.Scheme)
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("%w: no host", ErrUnsupported)
	}
	if u.Scheme == "udp" && u.Port() == "" {
		return nil, fmt.Errorf("%w: no port", ErrUnsupported)
	}
	return u, nil
}
