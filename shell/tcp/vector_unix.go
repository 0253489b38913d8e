//go:build unix && !linux

package tcp

import "golang.org/x/sys/unix"

// MaxBuffers is how many buffers one Write looks at.
const MaxBuffers = 64

type vector struct{}

// write writes the buffers one by one, until one does not fit.
func (vector) write(fd int, bufs [][]byte) (total int, err error) {
	for _, b := range bufs[:min(len(bufs), MaxBuffers)] {
		if len(b) == 0 {
			continue
		}
		n, err := unix.Write(fd, b)
		total += max(n, 0)
		if total > 0 && (err != nil || n < len(b)) {
			return total, nil
		}
		if err != nil {
			return 0, err
		}
	}
	return total, nil
}
