package tracker

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Limits of an HTTP announce.
const (
	maxAnswer    = 1 << 20  // bytes of a body, both before and after decompression
	maxHeader    = 64 << 10 // bytes of an answer's header
	maxRedirects = 5
)

// userAgent names us to HTTP trackers.
const userAgent = "peerwire"

// announceHTTP makes an announce, following redirects.
func (c *Client) announceHTTP(ctx context.Context, u *url.URL, r Request) (Response, error) {
	target := *u
	target.Fragment = ""
	if target.RawQuery != "" {
		target.RawQuery = strings.ReplaceAll(target.RawQuery, " ", "%20") + "&" // a space would end the URL on the wire
	}
	target.RawQuery += r.query()

	g := c.guard()
	g.http = true
	hop := &target
	for range maxRedirects + 1 {
		answer, next, err := c.get(ctx, g, hop, r.Family)
		if err != nil || next == nil {
			return answer, err
		}
		hop = next
	}
	return Response{}, malformed("more than %d redirects", maxRedirects)
}

// get makes one request and gives either its answer or where it redirects to.
func (c *Client) get(ctx context.Context, g *guard, u *url.URL, family Family) (Response, *url.URL, error) {
	g.path = u.Path
	if err := g.permitHost(u.Hostname()); err != nil {
		return Response{}, nil, err
	}
	transport, err := c.transport(g, u, family)
	if err != nil {
		return Response{}, nil, err
	}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return Response{}, nil, err
	}
	request.Header.Set("User-Agent", userAgent)
	request.Header.Set("Accept-Encoding", "gzip")
	if password, ok := u.User.Password(); ok {
		request.SetBasicAuth(u.User.Username(), password)
	}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return Response{}, nil, err
	}
	defer response.Body.Close()
	if next, err := redirect(u, response); next != nil || err != nil {
		return Response{}, next, err
	}
	answer, err := readAnswer(u, response)
	return answer, nil, err
}

// transport gives connections for one hop. They are not kept: the next announce is half an hour away, and a
// connection that one hop was permitted must not serve another.
func (c *Client) transport(g *guard, u *url.URL, family Family) (*http.Transport, error) {
	proxyFor := c.proxy
	if proxyFor == nil {
		proxyFor = func(u *url.URL) (*url.URL, error) { return http.ProxyFromEnvironment(&http.Request{URL: u}) }
	}
	proxy, err := proxyFor(u)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := g.dial(ctx, family.network(network), address)
		if err == nil {
			g.nearest = g.reachOf(remote(conn).Addr())
		}
		return conn, err
	}
	if proxy != nil { // the user's own, wherever it is; what it can reach, we cannot know
		g.nearest = global
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, family.network(network), address)
		}
	}
	return &http.Transport{
		Proxy:                  http.ProxyURL(proxy),
		DialContext:            dial,
		TLSClientConfig:        c.tls,
		DisableKeepAlives:      true,
		DisableCompression:     true, // readBody does it, within its limits
		MaxResponseHeaderBytes: maxHeader,
	}, nil
}

// redirect gives the target of an answer that redirects, and nil for any other answer.
func redirect(from *url.URL, response *http.Response) (*url.URL, error) {
	switch response.StatusCode {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
	default:
		return nil, nil
	}
	next, err := from.Parse(response.Header.Get("Location"))
	if err != nil || response.Header.Get("Location") == "" {
		return nil, malformed("a redirect to nowhere")
	}
	if next.Scheme != "http" && next.Scheme != "https" || next.Hostname() == "" {
		return nil, fmt.Errorf("%w: redirected to something that is not http or https", ErrForbidden)
	}
	next.Fragment = ""
	return next, nil
}

// readAnswer reads a body. Some trackers send their failure reason along with an HTTP error; then the reason says more.
func readAnswer(u *url.URL, response *http.Response) (Response, error) {
	body, err := readBody(response)
	if err == nil {
		var answer Response
		answer, err = parseAnswer(body)
		var failure *FailureError
		if errors.As(err, &failure) {
			failure.Tracker = Redact(u.String())
			return Response{}, failure
		}
		if err == nil && response.StatusCode == http.StatusOK {
			return answer, nil
		}
	}
	if response.StatusCode != http.StatusOK {
		return Response{}, &StatusError{Tracker: Redact(u.String()), Code: response.StatusCode, Status: printable(response.Status)}
	}
	return Response{}, err
}

// readBody reads a body and decompresses it. A tracker may compress without being asked, so the header decides.
func readBody(response *http.Response) ([]byte, error) {
	body, err := readAtMost(response.Body)
	if err != nil || !strings.HasSuffix(strings.ToLower(response.Header.Get("Content-Encoding")), "gzip") {
		return body, err
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, malformed("gzip: %w", err)
	}
	if body, err = readAtMost(unzipped); err != nil {
		return nil, malformed("gzip: %w", err)
	}
	return body, nil
}

// readAtMost reads all there is, unless it is too much.
func readAtMost(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxAnswer+1))
	if err == nil && len(body) > maxAnswer {
		err = malformed("more than %d bytes", maxAnswer)
	}
	return body, err
}
