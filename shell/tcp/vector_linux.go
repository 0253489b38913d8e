package tcp

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// MaxBuffers is how many buffers one Write looks at.
const MaxBuffers = 64

// vector is the memory of a gathering write.
type vector struct{ iov [MaxBuffers]unix.Iovec }

// write writes all buffers with one call. unix.Writev would do, and allocate its vector each time.
func (v *vector) write(fd int, bufs [][]byte) (int, error) {
	n := 0
	for _, b := range bufs[:min(len(bufs), MaxBuffers)] {
		if len(b) == 0 {
			continue
		}
		v.iov[n].Base = &b[0]
		v.iov[n].SetLen(len(b))
		n++
	}
	if n == 0 {
		return 0, nil
	}
	written, _, errno := unix.Syscall(unix.SYS_WRITEV, uintptr(fd), uintptr(unsafe.Pointer(&v.iov[0])), uintptr(n))
	clear(v.iov[:n])
	if errno != 0 {
		return 0, errno
	}
	return int(written), nil
}
