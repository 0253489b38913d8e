//go:build !portable

package tcp

import (
	"io"
	"net"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// stallLimit is how long bytes may wait for a peer that takes none, or a network that loses them all, before the system
// gives the connection up. It holds the memory of blocks in flight free of peers that never read.
const stallLimit = 2 * time.Minute

// closed stands for the descriptor of a Conn that is closed.
const closed = -1

// socket is a descriptor of the Conn's own, which the poller of the language's runtime knows nothing of.
type socket struct {
	fd    int
	slot  int  // in the Poller's table
	ended bool // the end of the stream has come: it is behind what can be read, and has no edge of its own
}

// take makes the descriptor; sock is closed in any case.
func (s *socket) take(sock *net.TCPConn) error {
	defer sock.Close()
	raw, err := sock.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) {
		s.fd, failed = unix.FcntlInt(fd, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	// An old kernel may refuse this; the connection is none the worse.
	_ = unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(stallLimit.Milliseconds()))
	return nil
}

// Read reads what is there into the buffers, one after the other, without waiting: ErrWait when there is nothing, io.EOF at
// the end. No more than MaxBuffers of them are looked at, and they are not all empty.
func (c *Conn) Read(bufs [][]byte) (int, error) {
	bufs = bufs[:min(len(bufs), MaxBuffers)]
	n, errno := c.poller.vector.call(unix.SYS_READV, c.fd, bufs)
	switch {
	case errno == unix.EINTR:
		return 0, ErrWait // and still readable
	case errno == unix.EAGAIN:
		c.readable = false
		return 0, ErrWait
	case errno != 0:
		return 0, errno
	case n == 0:
		return 0, io.EOF
	}
	// What was less than asked for was all there was; what comes later is a new edge.
	c.readable = c.ended || n == sizeOf(bufs)
	return n, nil
}

// Write writes the buffers one after the other, as far as there is room, without waiting, and tells how many bytes that
// was; ErrWait when there was no room at all. No more than MaxBuffers of them are looked at, and they are not all empty.
func (c *Conn) Write(bufs [][]byte) (int, error) {
	bufs = bufs[:min(len(bufs), MaxBuffers)]
	n, errno := c.poller.vector.call(unix.SYS_WRITEV, c.fd, bufs)
	switch {
	case errno == unix.EINTR:
		return 0, ErrWait // and still writable
	case errno == unix.EAGAIN:
		c.writable = false
		return 0, ErrWait
	case errno != 0:
		return 0, errno
	}
	c.writable = n == sizeOf(bufs)
	return n, nil
}

func sizeOf(bufs [][]byte) (size int) {
	for _, b := range bufs {
		size += len(b)
	}
	return size
}

// Close closes the connection. What was written is still delivered by the system. Closing again does nothing.
func (c *Conn) Close() {
	if c.fd == closed {
		return
	}
	if c.poller != nil {
		c.poller.forget(c)
	}
	unix.Close(c.fd) // which takes it out of the epoll set: there is no other descriptor of this socket
	c.fd = closed
}

// vector is the memory of scattering reads and gathering writes, which package unix would allocate each time.
type vector [MaxBuffers]unix.Iovec

// call makes a system call on a socket that does not block. So it is not announced to the scheduler either, which would
// take the processor away from a call that copies for long and has nothing to wait for.
func (v *vector) call(trap uintptr, fd int, bufs [][]byte) (int, unix.Errno) {
	used := 0
	for _, b := range bufs {
		if len(b) > 0 {
			v[used].Base = &b[0]
			v[used].SetLen(len(b))
			used++
		}
	}
	n, _, errno := unix.RawSyscall(trap, uintptr(fd), uintptr(unsafe.Pointer(v)), uintptr(used))
	clear(v[:used])
	if errno != 0 {
		return 0, errno
	}
	return int(n), 0
}
