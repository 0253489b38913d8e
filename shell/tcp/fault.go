package tcp

import (
	"context"
	"errors"
	"io"
	"runtime"
	"syscall"

	"peerwire/core/bt"
)

// FaultOf is what the core cares to know of an error of a socket.
func FaultOf(err error) bt.Fault {
	var timeout interface{ Timeout() bool }
	switch {
	case err == nil:
		return bt.OK
	case errors.Is(err, io.EOF):
		return bt.EOF
	case isErrno(err, syscall.ECONNREFUSED, 10061):
		return bt.Refused
	case isErrno(err, syscall.ECONNRESET, 10054), isErrno(err, syscall.EPIPE, 10053):
		return bt.Reset
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return bt.TimedOut
	}
	return bt.Unreachable
}

// isErrno tells whether an error is the system's e; Windows has a number of its own for it.
func isErrno(err error, e, windows syscall.Errno) bool {
	return errors.Is(err, e) || (runtime.GOOS == "windows" && errors.Is(err, windows))
}
