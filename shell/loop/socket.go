package loop

import (
	"errors"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/shell/tcp"
)

// socket is our end of a connection, whatever carries it. Readiness comes by edges, as package tcp says; Close may be called
// again, and then does nothing.
type socket interface {
	Read(bufs [][]byte) (int, error)
	Write(bufs [][]byte) (int, error)
	Readable() bool
	Writable() bool
	Local() netip.AddrPort
	Remote() netip.AddrPort
	Close()
}

// watch has a link told when its socket becomes ready.
func (l *Loop) watch(k *link, sock socket) error {
	k.sock = sock
	ready := func() { l.ready(k) }
	switch s := sock.(type) {
	case *tcp.Conn:
		return l.poller.Watch(s, ready)
	default:
		panic("BUG: nobody watches such a socket")
	}
}

// waits tells whether an error says that a socket is not ready.
func waits(err error) bool { return errors.Is(err, tcp.ErrWait) }

// faultOf is what the core cares to know of an error of a socket.
func faultOf(err error) bt.Fault { return tcp.FaultOf(err) }
