//go:build !portable

package utp

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// batcher hands datagrams to the system, and takes them, many with one call: the kernel cuts what is sent into datagrams (UDP_SEGMENT), and joins
// those that come from one peer (UDP_GRO). A kernel that knows neither is asked once.
type batcher struct {
	cuts    bool
	sendOOB [segmentSpace]byte
	readOOB [segmentSpace]byte

	// What is read without waiting; the places that the call needs are kept, so that it allocates nothing.
	raw    syscall.RawConn
	try    func(fd uintptr) bool
	head   unix.Msghdr
	iov    unix.Iovec
	peer   unix.RawSockaddrInet6 // large enough for either family
	length int
	errno  syscall.Errno
}

// segmentSpace is room for a control message with a number in it.
const segmentSpace = 32

// begin finds out what the system can do.
func (b *batcher) begin(udp *net.UDPConn) {
	b.raw, _ = udp.SyscallConn() // nil when it is closed, and then nothing is read
	b.try = b.receive
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

// largest is the longest datagram that is sent: as nobody cuts it, loopback and large frames can be made use of.
const largest = 65507

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

// more reads like read, but only what is there already, or says errNothing.
func (b *batcher) more(room []byte) (n, size int, from netip.AddrPort, err error) {
	if b.raw == nil {
		return 0, 0, from, errNothing
	}
	b.iov.Base = unsafe.SliceData(room)
	b.iov.SetLen(len(room))
	b.head = unix.Msghdr{Name: (*byte)(unsafe.Pointer(&b.peer)), Namelen: unix.SizeofSockaddrInet6, Iov: &b.iov, Control: &b.readOOB[0]}
	b.head.SetIovlen(1)
	b.head.SetControllen(len(b.readOOB))
	if err := b.raw.Read(b.try); err != nil {
		return 0, 0, from, err
	}
	switch b.errno {
	case 0:
		return b.length, joined(b.readOOB[:b.head.Controllen], b.length), b.from(), nil
	case unix.EAGAIN, unix.EINTR:
		return 0, 0, from, errNothing
	}
	return 0, 0, from, b.errno
}

// receive does not wait, and so has always done what it was called for.
func (b *batcher) receive(fd uintptr) bool {
	n, _, errno := syscall.Syscall(unix.SYS_RECVMSG, fd, uintptr(unsafe.Pointer(&b.head)), unix.MSG_DONTWAIT)
	b.length, b.errno = int(n), errno
	return true
}

// from is who sent what was received.
func (b *batcher) from() netip.AddrPort {
	port := binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&b.peer.Port))[:])
	if b.peer.Family == unix.AF_INET {
		return netip.AddrPortFrom(netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(&b.peer)).Addr), port)
	}
	addr := netip.AddrFrom16(b.peer.Addr)
	if b.peer.Scope_id != 0 { // a link's own address, which package net gives with the link's name
		if link, err := net.InterfaceByIndex(int(b.peer.Scope_id)); err == nil {
			addr = addr.WithZone(link.Name)
		}
	}
	return netip.AddrPortFrom(addr, port)
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
