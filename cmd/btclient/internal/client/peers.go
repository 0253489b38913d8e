package client

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"peerwire/core/bt"
)

// resolveAgain is how long to wait before a name that could not be resolved is tried again.
const resolveAgain = 30 * time.Second

// keepPeers makes the peers known that were given by hand, as soon as their names can be resolved.
func (c *Client) keepPeers(ctx context.Context) {
	for pending := c.opt.Peers; len(pending) > 0; {
		var failed []string
		for _, p := range pending {
			addrs, err := resolve(ctx, p)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				c.opt.Log.Warn("cannot resolve a peer, trying again", "peer", p, "error", err)
				failed = append(failed, p)
				continue
			}
			c.AddPeers(bt.Manual, addrs...)
		}
		if pending = failed; len(pending) == 0 {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(resolveAgain):
		}
	}
}

// resolve turns "host:port" into the addresses it stands for.
func resolve(ctx context.Context, peer string) ([]netip.AddrPort, error) {
	host, port, err := SplitPeer(peer)
	if err != nil {
		return nil, err
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	addrs := make([]netip.AddrPort, len(ips))
	for i, ip := range ips {
		addrs[i] = netip.AddrPortFrom(ip.Unmap(), port)
	}
	return addrs, nil
}

// SplitPeer takes "host:port" apart. It looks nothing up.
func SplitPeer(peer string) (host string, port uint16, err error) {
	host, text, err := net.SplitHostPort(peer)
	if err != nil {
		return "", 0, fmt.Errorf("it is not HOST:PORT")
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil || n == 0 {
		return "", 0, fmt.Errorf("its port is not a number from 1 to 65535")
	}
	if host == "" {
		return "", 0, fmt.Errorf("it has no host")
	}
	return host, uint16(n), nil
}
