package tracker

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"sync"
	"time"
)

// Times of the UDP protocol (BEP 15).
const (
	defaultUDPTimeout = 15 * time.Second
	maxResends        = 8 // the last one waits 256 times as long as the first datagram
	connectionLife    = 60 * time.Second
)

const maxDatagram = 64 << 10 // bytes; no datagram is larger

// announceUDP makes an announce: a connect, unless the tracker's last connection id still holds, and the announce
// proper, each sent again until it is answered.
func (c *Client) announceUDP(ctx context.Context, u *url.URL, r Request) (Response, error) {
	conn, err := c.dialUDP(ctx, r.Family, u)
	if err != nil {
		return Response{}, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()

	x := exchange{client: c, conn: conn, tracker: remote(conn), transaction: newTransaction(), buffer: make([]byte, maxDatagram)}
	answer, err := x.announce(r, urlData(u))
	if ctx.Err() != nil {
		return Response{}, ctx.Err()
	}
	var failure *FailureError
	if errors.As(err, &failure) {
		failure.Tracker = Redact(u.String())
	}
	return answer, err
}

// dialUDP connects to a tracker, through the shared socket if there is one that reaches it.
func (c *Client) dialUDP(ctx context.Context, f Family, u *url.URL) (net.Conn, error) {
	g := c.guard()
	if c.Shared == nil {
		return g.dial(ctx, f.network("udp"), u.Host)
	}
	addrs, err := resolve(ctx, f, u)
	if err != nil {
		return nil, err
	}
	for _, a := range addrs {
		if g.permit(a.Addr()) != nil {
			continue
		}
		if conn, err := c.Shared(a); err == nil {
			return conn, nil
		}
	}
	return g.dial(ctx, f.network("udp"), u.Host)
}

// resolve gives the addresses of a URL's host, those of IPv4 first.
func resolve(ctx context.Context, f Family, u *url.URL) ([]netip.AddrPort, error) {
	port, err := net.DefaultResolver.LookupPort(ctx, "udp", u.Port())
	if err != nil {
		return nil, err
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, f.network("ip"), u.Hostname())
	if err != nil {
		return nil, err
	}
	var first, then []netip.AddrPort
	for _, a := range found {
		if at := netip.AddrPortFrom(a.Unmap(), uint16(port)); at.Addr().Is4() {
			first = append(first, at)
		} else {
			then = append(then, at)
		}
	}
	return append(first, then...), nil
}

// urlData is what an announce repeats of its URL (BEP 41): trackers with passkeys need it.
func urlData(u *url.URL) string {
	data := u.EscapedPath()
	if u.RawQuery != "" {
		data += "?" + u.RawQuery
	}
	return data
}

// exchange is one announce over UDP, from the first datagram to the answer.
type exchange struct {
	client      *Client
	conn        net.Conn // connected, so that only the tracker's own datagrams arrive
	tracker     netip.AddrPort
	transaction uint32
	resends     int
	buffer      []byte
}

// announce sends what is needed next until the announce is answered. The wait doubles with each datagram that was not.
func (x *exchange) announce(r Request, urlData string) (Response, error) {
	fresh := false // whether the connection id was given in this exchange
	for x.resends <= maxResends {
		id, known := x.client.ids.get(x.tracker)
		action, datagram := uint32(actionConnect), connectDatagram(x.transaction)
		if known {
			action, datagram = actionAnnounce, announceDatagram(id, x.transaction, r, urlData)
		}
		if _, err := x.conn.Write(datagram); err != nil {
			return Response{}, err
		}
		answer, err := x.await(action)
		if errors.Is(err, os.ErrDeadlineExceeded) {
			x.resends++
			continue
		}
		if err != nil {
			return Response{}, err
		}
		x.transaction = newTransaction()
		switch {
		case answer.action == actionConnect:
			x.client.ids.put(x.tracker, answer.connection())
			fresh = true
		case answer.action == actionAnnounce:
			return answer.response(x.tracker.Addr().Is6())
		case known && !fresh: // the tracker may have forgotten the id, after a restart for instance
			x.client.ids.forget(x.tracker)
		default:
			return Response{}, &FailureError{Reason: printable(string(answer.body))}
		}
	}
	return Response{}, os.ErrDeadlineExceeded
}

// await reads until the reply to the present transaction comes, or its time is over.
func (x *exchange) await(action uint32) (reply, error) {
	wait := x.client.UDPTimeout
	if wait == 0 {
		wait = defaultUDPTimeout
	}
	if err := x.conn.SetReadDeadline(time.Now().Add(wait << x.resends)); err != nil {
		return reply{}, err
	}
	for {
		n, err := x.conn.Read(x.buffer)
		if err != nil {
			return reply{}, err
		}
		if answer, ok := parseReply(x.buffer[:n], action, x.transaction); ok {
			return answer, nil
		}
	}
}

// newTransaction must not be guessed: it is what tells the tracker's replies from forged ones.
func newTransaction() uint32 {
	var b [4]byte
	rand.Read(b[:]) // never fails
	return binary.BigEndian.Uint32(b[:])
}

// connectionIDs are the ids that trackers gave us within the last minute. The zero value is empty.
type connectionIDs struct {
	mu    sync.Mutex
	given map[netip.AddrPort]connectionID
}

// connectionID is one of them.
type connectionID struct {
	id    uint64
	until time.Time
}

func (c *connectionIDs) get(tracker netip.AddrPort) (uint64, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	given, ok := c.given[tracker]
	return given.id, ok && time.Now().Before(given.until)
}

// put keeps an id, and drops those that are too old, so that the map stays as small as one minute's trackers.
func (c *connectionIDs) put(tracker netip.AddrPort, id uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	for other, given := range c.given {
		if !now.Before(given.until) {
			delete(c.given, other)
		}
	}
	if c.given == nil {
		c.given = make(map[netip.AddrPort]connectionID)
	}
	c.given[tracker] = connectionID{id: id, until: now.Add(connectionLife)}
}

func (c *connectionIDs) forget(tracker netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.given, tracker)
}
