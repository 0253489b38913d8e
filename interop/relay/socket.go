package relay

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	batch    = 64       // datagrams of one system call
	roomy    = 64 << 20 // bytes of a socket's buffers
	largest  = 1 << 16  // bytes of a datagram
	ancil    = 64       // bytes for a time stamp and its header
	dropsAt  = 8        // SK_MEMINFO_DROPS of linux/sock_diag.h
	memInfos = 9        // numbers that SO_MEMINFO gives
)

// message is struct mmsghdr.
type message struct {
	header unix.Msghdr
	length uint32
	_      [4]byte
}

// ends are what messages point to.
type ends struct {
	iov  unix.Iovec
	addr unix.RawSockaddrInet4
	oob  [ancil]byte
}

// socket is a UDP socket over IPv4 that is read and written many datagrams at a time.
type socket struct {
	fd      int
	at      netip.AddrPort
	in, out [batch]message
	inEnds  [batch]ends
	outEnds [batch]ends
	room    []byte
}

type datagram struct {
	from  netip.AddrPort
	data  []byte
	stamp int64 // when the kernel got it, nanoseconds of its wall clock
}

func open(at netip.AddrPort) (*socket, error) {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	s := &socket{fd: fd, room: make([]byte, batch*largest)}
	for i := range batch {
		e := &s.inEnds[i]
		e.iov.Base = &s.room[i*largest]
		e.iov.SetLen(largest)
		point(&s.in[i].header, e)
		point(&s.out[i].header, &s.outEnds[i])
		s.out[i].header.Control = nil
	}
	if err := errors.Join(
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, roomy), unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, roomy),
		unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1), unix.Bind(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}),
	); err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	bound, err := unix.Getsockname(fd)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	s.at = netip.AddrPortFrom(at.Addr(), uint16(bound.(*unix.SockaddrInet4).Port))
	return s, nil
}

func point(h *unix.Msghdr, e *ends) {
	h.Name, h.Namelen = (*byte)(unsafe.Pointer(&e.addr)), unix.SizeofSockaddrInet4
	h.Iov = &e.iov
	h.SetIovlen(1)
	h.Control = &e.oob[0]
}

// read reads what is there, at most a batch.
func (s *socket) read() (int, error) {
	for i := range s.in {
		s.in[i].header.SetControllen(ancil)
		s.in[i].header.Namelen = unix.SizeofSockaddrInet4
	}
	for {
		n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.in[0])), batch, unix.MSG_DONTWAIT, 0, 0)
		switch errno {
		case 0:
			return int(n), nil
		case unix.EAGAIN:
			return 0, nil
		case unix.EINTR, unix.ECONNREFUSED: // the latter tells of one that was sent and found nobody
		default:
			return 0, errno
		}
	}
}

// datagram is one of those that were read.
func (s *socket) datagram(i int) datagram {
	m, e := &s.in[i], &s.inEnds[i]
	d := datagram{data: s.room[i*largest:][:m.length], stamp: time.Now().UnixNano()}
	port := (*[2]byte)(unsafe.Pointer(&e.addr.Port))
	d.from = netip.AddrPortFrom(netip.AddrFrom4(e.addr.Addr), binary.BigEndian.Uint16(port[:]))
	h := (*unix.Cmsghdr)(unsafe.Pointer(&e.oob[0]))
	if m.header.Controllen >= unix.SizeofCmsghdr && h.Level == unix.SOL_SOCKET && h.Type == unix.SO_TIMESTAMPNS {
		t := (*unix.Timespec)(unsafe.Pointer(&e.oob[unix.SizeofCmsghdr]))
		d.stamp = t.Nano()
	}
	return d
}

// put makes a datagram the i-th to be written; the data must stay until then.
func (s *socket) put(i int, to netip.AddrPort, data []byte) {
	e := &s.outEnds[i]
	e.addr.Family, e.addr.Addr = unix.AF_INET, to.Addr().As4()
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(&e.addr.Port))[:], to.Port())
	e.iov.Base = unsafe.SliceData(data)
	e.iov.SetLen(len(data))
}

// write writes the first n. What finds nobody, or no room, is lost.
func (s *socket) write(n int) error {
	for from := 0; from < n; {
		done, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, uintptr(s.fd), uintptr(unsafe.Pointer(&s.out[from])), uintptr(n-from), 0, 0, 0)
		switch errno {
		case 0:
			from += int(done)
		case unix.EINTR:
		case unix.ECONNREFUSED, unix.EAGAIN, unix.ENOBUFS:
			from++
		default:
			return errno
		}
	}
	return nil
}

// drops is how many datagrams found the receive buffer full.
func (s *socket) drops() (uint32, error) {
	var info [memInfos]uint32
	size := uint32(unsafe.Sizeof(info))
	_, _, errno := unix.Syscall6(unix.SYS_GETSOCKOPT, uintptr(s.fd), unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&info[0])), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 {
		return 0, errno
	}
	return info[dropsAt], nil
}

// threadCPU is what the calling thread has used.
func threadCPU() time.Duration {
	var u unix.Rusage
	if unix.Getrusage(unix.RUSAGE_THREAD, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
