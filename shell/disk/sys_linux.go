package disk

import "golang.org/x/sys/unix"

// maxRun is the most buffers that go into one call. x/sys/unix keeps the vectors of up to eight on the stack, and
// beyond eight blocks a call costs no less a byte.
const maxRun = 8

// ReadV reads with one preadv.
func (h *osHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	for {
		n, err := unix.Preadv(h.fd, bufs, off)
		if err == nil {
			return n, nil
		}
		if err != unix.EINTR {
			return 0, h.failed("read", err)
		}
	}
}

// WriteV writes with one pwritev.
func (h *osHandle) WriteV(bufs [][]byte, off int64) (int, error) {
	for {
		n, err := unix.Pwritev(h.fd, bufs, off)
		if err == nil {
			return n, nil
		}
		if err != unix.EINTR {
			return 0, h.failed("write", err)
		}
	}
}
