package disk

import (
	"errors"
	"io"
	"io/fs"
	"runtime"
	"syscall"

	"peerwire/core/bt"
)

// What can be wrong with a file, beyond what the system says.
var (
	errNotRegular = errors.New("not a regular file")
	errReplaced   = errors.New("the file was replaced while it was in use")
	errShortened  = errors.New("the file was shortened while it was in use")
	errVanished   = errors.New("the file was removed while it was in use")
	errLies       = errors.New("other bytes are there than were written")
	errUnknown    = errors.New("disk: no such torrent is open")
)

// writeFault is what a failed write means to the core.
func writeFault(err error) bt.Fault {
	switch {
	case err == nil:
		return bt.OK
	case noSpace(err):
		return bt.NoSpace
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return bt.ReadOnly
	}
	return bt.IOError
}

// readFault is what a failed read means to the core.
func readFault(err error) bt.Fault {
	switch {
	case err == nil:
		return bt.OK
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, errReplaced),
		errors.Is(err, errShortened), errors.Is(err, errVanished), errors.Is(err, errUnknown):
		return bt.Lost
	}
	return bt.IOError
}

// noSpace tells whether a write failed for want of room: on the disk, in a quota, or in the size that a
// file may have.
func noSpace(err error) bool {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG) {
		return true
	}
	const handleDiskFull, diskFull = syscall.Errno(39), syscall.Errno(112)
	return runtime.GOOS == "windows" && (errors.Is(err, handleDiskFull) || errors.Is(err, diskFull))
}

// isLost tells whether an error means that a file which was there is not any more.
func isLost(err error) bool { return readFault(err) == bt.Lost }
