package loop

import (
	"context"
	"errors"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/shell/tcp"
	"peerwire/shell/utp"
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

// connect dials over the transport that the session has chosen.
func (l *Loop) connect(ctx context.Context, to netip.AddrPort, over bt.Transport) (socket, error) {
	switch {
	case over == bt.TCP:
		return opened(tcp.Dial(ctx, to))
	case l.opt.UTP == nil:
		return nil, errNoUTP
	}
	return opened(l.opt.UTP.Dial(ctx, to))
}

// errNoUTP answers a dial over a transport that we have no socket for.
var errNoUTP = errors.New("loop: there is no socket for uTP")

// opened makes no socket of a pointer to nothing.
func opened[S socket](s S, err error) (socket, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

// watch has a link told when its socket becomes ready.
func (l *Loop) watch(k *link, sock socket) error {
	k.sock = sock
	ready := func() { l.ready(k) }
	if s, ok := sock.(*utp.Conn); ok {
		k.bounded = s
		l.opt.UTP.Watch(s, ready)
		return nil
	}
	return l.poller.Watch(sock.(*tcp.Conn), ready)
}

// allow has a socket that takes in bytes before they are read know how many of these may wait. [LIM-16]
func (l *Loop) allow(k *link) {
	if k.bounded != nil && !k.gone {
		k.bounded.Allow(l.session.Allowance(k.id))
	}
}

// waits tells whether an error says that a socket is not ready.
func waits(err error) bool { return errors.Is(err, tcp.ErrWait) || errors.Is(err, utp.ErrWait) }

// faultOf is what the core cares to know of an error of a socket.
func faultOf(over bt.Transport, err error) bt.Fault {
	if over == bt.UTP {
		return utp.FaultOf(err)
	}
	return tcp.FaultOf(err)
}
