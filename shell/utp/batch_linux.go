//go:build !portable

package utp

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batcher hands datagrams to the system, and takes them, many with one call: the kernel cuts what is sent into datagrams (UDP_SEGMENT), and joins
// those that come from one peer (UDP_GRO). A kernel that knows neither is asked once.
type batcher struct {
	cuts    bool
	sendOOB [segmentSpace]byte
	readOOB [segmentSpace]byte
}

// segmentSpace is room for a control message with a number in it.
const segmentSpace = 32

// begin finds out what the system can do.
func (b *batcher) begin(udp *net.UDPConn) {
	control(udp, func(fd int) {
		b.cuts = unix.SetsockoptInt(fd, unix.IPPROTO_UDP, unix.UDP_SEGMENT, 0) == nil
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_UDP, unix.UDP_GRO, 1) // if not, they come one by one
	})
}

// control calls f with the descriptor of a socket.
func control(udp *net.UDPConn, f func(fd int)) {
	if raw, err := udp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { f(int(fd)) }) // it fails when the socket is closed, and then nothing matters
	}
}

// keepWhole has no datagram cut in pieces on its way: one that is too long for a link is lost, or refused.
func keepWhole(udp *net.UDPConn) {
	control(udp, func(fd int) {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_MTU_DISCOVER, unix.IP_PMTUDISC_PROBE)
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_MTU_DISCOVER, unix.IPV6_PMTUDISC_PROBE)
	})
}

// send sends datagrams to one peer, all of one size but the last.
func (b *batcher) send(udp *net.UDPConn, to netip.AddrPort, datagrams []byte, size int) error {
	if len(datagrams) > size && b.cuts {
		_, _, err := udp.WriteMsgUDPAddrPort(datagrams, b.segment(size), to)
		if err == nil {
			return nil
		}
		if errors.Is(err, unix.EIO) { // a network card that cannot
			b.cuts = false
		}
	}
	return sendEach(udp, to, datagrams, size)
}

// segment makes the control message that says where to cut.
func (b *batcher) segment(size int) []byte {
	h := (*unix.Cmsghdr)(unsafe.Pointer(&b.sendOOB[0]))
	h.Level, h.Type = unix.IPPROTO_UDP, unix.UDP_SEGMENT
	h.SetLen(unix.CmsgLen(2))
	binary.NativeEndian.PutUint16(b.sendOOB[unix.CmsgLen(0):], uint16(size))
	return b.sendOOB[:unix.CmsgSpace(2)]
}

// read reads datagrams from one peer, all of one size but the last.
func (b *batcher) read(udp *net.UDPConn, room []byte) (n, size int, from netip.AddrPort, err error) {
	n, oobn, _, from, err := udp.ReadMsgUDPAddrPort(room, b.readOOB[:])
	return n, joined(b.readOOB[:oobn], n), from, err
}

// joined reads how long the datagrams are that were joined; one alone has size n.
func joined(oob []byte, n int) int {
	for len(oob) > 0 {
		h, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		if h.Level == unix.IPPROTO_UDP && h.Type == unix.UDP_GRO && len(data) >= 2 {
			return max(1, int(binary.NativeEndian.Uint16(data)))
		}
		oob = rest
	}
	return n
}
