//go:build !unix

package utp

import (
	"errors"
	"syscall"
)

// tooBig is WSAEMSGSIZE.
const tooBig = syscall.Errno(10040)

// isTooBig tells whether the system refused a datagram because of its length.
func isTooBig(err error) bool { return errors.Is(err, tooBig) }
