//go:build unix

package utp

import (
	"errors"
	"syscall"
)

// isTooBig tells whether the system refused a datagram because of its length.
func isTooBig(err error) bool { return errors.Is(err, syscall.EMSGSIZE) }
