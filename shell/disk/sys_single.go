//go:build !linux

package disk

import "io"

// maxRun is the most buffers that are handled together.
const maxRun = 8

// ReadV reads buffer by buffer.
func (h *osHandle) ReadV(bufs [][]byte, off int64) (int, error) {
	total := 0
	for _, b := range bufs {
		n, err := h.ReadAt(b, off+int64(total))
		total += n
		if err == io.EOF {
			return total, nil
		}
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// WriteV writes buffer by buffer.
func (h *osHandle) WriteV(bufs [][]byte, off int64) (int, error) {
	total := 0
	for _, b := range bufs {
		n, err := h.WriteAt(b, off+int64(total))
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}
