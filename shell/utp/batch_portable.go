//go:build !linux || portable

package utp

import (
	"net"
	"net/netip"
)

// batcher hands datagrams to the system, and takes them, one by one.
type batcher struct{}

func (*batcher) begin(*net.UDPConn) {}

// largest is the longest datagram that is sent: as somebody may cut it, no longer than an Ethernet takes.
const largest = 1472

// keepWhole would have no datagram cut in pieces on its way. Where it does nothing, one may be longer than links take.
func keepWhole(*net.UDPConn) {}

// send sends datagrams to one peer, all of one size but the last.
func (*batcher) send(udp *net.UDPConn, to netip.AddrPort, datagrams []byte, size int) error {
	return sendEach(udp, to, datagrams, size)
}

// read reads a datagram.
func (*batcher) read(udp *net.UDPConn, room []byte) (n, size int, from netip.AddrPort, err error) {
	n, from, err = udp.ReadFromUDPAddrPort(room)
	return n, n, from, err
}

// more would read what is there already.
func (*batcher) more([]byte) (n, size int, from netip.AddrPort, err error) {
	return 0, 0, from, errNothing
}
