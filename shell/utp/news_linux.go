//go:build !portable

package utp

import (
	"errors"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"

	"peerwire/core/bt"
)

// wantNews has the system keep what the network says of datagrams that did not arrive (ICMP).
func wantNews(udp *net.UDPConn) {
	control(udp, func(fd int) {
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IP, unix.IP_RECVERR, 1)
		_ = unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_RECVERR, 1)
	})
}

// isNews tells whether a call failed because there is news, which it does once; not because of what it was asked for.
func isNews(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EHOSTUNREACH) || errors.Is(err, syscall.ENETUNREACH)
}

// maxNews is how much news is read at a time: the rest comes with the next.
const maxNews = 64

// news calls tell for each peer to whom, as the network says, nothing gets through.
func news(udp *net.UDPConn, tell func(to netip.AddrPort, fault bt.Fault)) {
	control(udp, func(fd int) {
		var oob [256]byte
		var start [1]byte // of the datagram
		for range maxNews {
			_, n, _, to, err := unix.Recvmsg(fd, start[:], oob[:], unix.MSG_ERRQUEUE|unix.MSG_DONTWAIT)
			if err != nil {
				return
			}
			if fault := faultIn(oob[:n]); fault != bt.OK {
				tell(peerOf(to), fault)
			}
		}
	})
}

// faultIn is what the network says; OK when it is nothing that ends a dial.
func faultIn(oob []byte) bt.Fault {
	for len(oob) > 0 {
		h, data, rest, err := unix.ParseOneSocketControlMessage(oob)
		if err != nil {
			break
		}
		v4 := h.Level == unix.IPPROTO_IP && h.Type == unix.IP_RECVERR
		v6 := h.Level == unix.IPPROTO_IPV6 && h.Type == unix.IPV6_RECVERR
		if (v4 || v6) && len(data) >= int(unsafe.Sizeof(unix.SockExtendedErr{})) {
			switch syscall.Errno((*unix.SockExtendedErr)(unsafe.Pointer(&data[0])).Errno) {
			case syscall.ECONNREFUSED:
				return bt.Refused
			case syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.EACCES:
				return bt.Unreachable
			}
		}
		oob = rest
	}
	return bt.OK
}

// peerOf is the address that a datagram was sent to.
func peerOf(to unix.Sockaddr) netip.AddrPort {
	switch a := to.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}
