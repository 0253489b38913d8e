//go:build linux || darwin

package disk

import (
	"errors"
	"io"

	"golang.org/x/sys/unix"
)

// openNonblock keeps the opening of a FIFO from waiting for its other end.
const openNonblock = unix.O_NONBLOCK

// What can be synced here: folders, and files that are open for reading only.
const (
	dirsSync      = true
	readOnlySyncs = true
)

// NextData asks the file system where its holes are.
func (h *osHandle) NextData(off int64) (int64, error) {
	at, err := unix.Seek(h.fd, off, unix.SEEK_DATA)
	switch {
	case err == nil:
		return at, nil
	case errors.Is(err, unix.ENXIO):
		return 0, io.EOF
	case errors.Is(err, unix.EINVAL): // a file system that cannot tell
		return off, nil
	}
	return 0, h.failed("seek", err)
}

// descriptors is how many files the process may have open.
func descriptors() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 256
	}
	return int(min(limit.Cur, 1<<20))
}
