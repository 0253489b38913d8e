//go:build unix

package tcp

import (
	"io"

	"golang.org/x/sys/unix"
)

// transfers holds the arguments and results of the system calls on a socket. The functions are made once, so that a
// call allocates nothing.
type transfers struct {
	reading, writing func(fd uintptr) bool
	in               []byte
	out              [][]byte
	vector           vector
	n                int
	err              error
}

func (t *transfers) init() {
	t.reading = func(fd uintptr) bool {
		t.n, t.err = unix.Read(int(fd), t.in)
		return true
	}
	t.writing = func(fd uintptr) bool {
		t.n, t.err = t.vector.write(int(fd), t.out)
		return true
	}
}

// result gives what a call came to, and "would block" our name. A call that a signal interrupted is as good as one
// that found nothing: the next look at the socket finds it ready.
func (t *transfers) result(err error) (int, error) {
	t.in, t.out = nil, nil
	switch {
	case err != nil:
		return 0, err
	case t.err == unix.EAGAIN || t.err == unix.EINTR:
		return 0, ErrWait
	case t.err != nil:
		return 0, t.err
	}
	return t.n, nil
}

// Read reads what is there, at most len(b) bytes, without waiting: ErrWait when there is nothing, io.EOF at
// the end. b is not empty.
func (c *Conn) Read(b []byte) (int, error) {
	c.io.in = b
	n, err := c.io.result(c.raw.Read(c.io.reading))
	if n == 0 && err == nil {
		err = io.EOF
	}
	return n, err
}

// Write writes the buffers one after the other, as far as there is room, without waiting, and tells how many bytes that
// was; ErrWait when there was no room at all. No more than MaxBuffers of them are looked at.
func (c *Conn) Write(bufs [][]byte) (int, error) {
	c.io.out = bufs
	return c.io.result(c.raw.Write(c.io.writing))
}

// awaitReadable waits until there is something to read. The first look is at the socket itself: what came before the
// wait began would otherwise not be noticed.
func (c *Conn) awaitReadable() {
	looked := false
	c.raw.Read(func(fd uintptr) bool {
		if looked {
			return true
		}
		looked = true
		return isReady(fd, unix.POLLIN)
	})
}

// awaitWritable waits until there is room to write.
func (c *Conn) awaitWritable() {
	looked := false
	c.raw.Write(func(fd uintptr) bool {
		if looked {
			return true
		}
		looked = true
		return isReady(fd, unix.POLLOUT)
	})
}

func isReady(fd uintptr, events int16) bool {
	fds := [1]unix.PollFd{{Fd: int32(fd), Events: events}}
	n, err := unix.Poll(fds[:], 0)
	return n > 0 || (err != nil && err != unix.EINTR)
}
