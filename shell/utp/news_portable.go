//go:build !linux || portable

package utp

import (
	"net"
	"net/netip"

	"peerwire/core/bt"
)

// wantNews does nothing: not every system tells what the network says of a datagram, and a dial takes its whole time.
func wantNews(*net.UDPConn) {}

// isNews tells whether a call failed because there is news.
func isNews(error) bool { return false }

// news calls tell for each peer to whom, as the network says, nothing gets through.
func news(*net.UDPConn, func(to netip.AddrPort, fault bt.Fault)) {}
