package loop

import (
	"context"

	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/utp"
)

// link is a connection of the session, as its socket stands.
type link struct {
	id      bt.ConnID
	over    bt.Transport
	sock    socket             // nil while it is dialled
	bounded *utp.Conn          // sock, when it takes in bytes before they are read
	stop    context.CancelFunc // ends the dial
	gone    bool               // closed by either side: nothing is done for it any more
	lined   [sides]bool        // waits for a turn

	// Reading: what the session needs next, and what has come of it.
	want   bt.Want
	size   int // of the payload, or of the message that has begun; 0 when it is not known
	got    int // of the payload
	taken  int // of the bytes given with Received
	token  bt.Token
	buf    *disk.Buffer // that the payload goes to; nil when it is discarded, or the link is starved
	left   []byte       // read and not taken
	halted bool         // left waits for a buffer, not for more bytes
	paused bool         // the session said so

	// Writing.
	opened bool      // the handshake was taken; over uTP only
	wants  bool      // the session has something to say
	out    *outgoing // taken from the session and not written; nil when there is nothing
}

// dial connects, as the session asks, and lets it know.
func (l *Loop) dial(e *bt.Effect) {
	ctx, stop := context.WithCancel(context.Background())
	k := &link{id: e.Conn, over: e.Transport, stop: stop}
	l.links[k.id] = k
	addr := e.Addr
	l.dialing.Go(func() {
		defer stop()
		sock, err := l.connect(ctx, addr, k.over)
		if err != nil {
			l.inbox.put(errand{do: func() { l.dialled(k, nil, err) }})
			return
		}
		l.inbox.put(errand{do: func() { l.dialled(k, sock, nil) }, drop: sock.Close})
	})
}

func (l *Loop) dialled(k *link, sock socket, err error) {
	if k.gone {
		if sock != nil {
			sock.Close()
		}
		return
	}
	if err == nil {
		err = l.watch(k, sock)
	}
	ev := bt.Event{Kind: bt.Dialled, Conn: k.id, Fault: faultOf(k.over, err)}
	if err != nil {
		l.forget(k)
	} else {
		ev.Addr = sock.Local()
	}
	l.handle(ev)
}

func (l *Loop) accept(a arrival) {
	l.accepted++
	sock, k := a.sock, &link{id: l.accepted | bt.Accepted, over: a.over}
	if err := l.watch(k, sock); err != nil {
		l.log.Warn("cannot accept", "peer", sock.Remote(), "error", err)
		k.shut()
		return
	}
	l.links[k.id] = k
	l.handle(bt.Event{Kind: bt.Accept, Conn: k.id, Addr: sock.Remote(), Transport: k.over})
}

// ready takes note that a link's socket can be read or written again.
func (l *Loop) ready(k *link) {
	if k.sock.Readable() {
		l.readers.add(k)
	}
	if k.sock.Writable() && k.out != nil {
		l.writers.add(k)
	}
}

// lost takes the end of a socket that is not our doing.
func (l *Loop) lost(k *link, err error) {
	l.forget(k)
	l.handle(bt.Event{Kind: bt.Closed, Conn: k.id, Fault: faultOf(k.over, err)})
}

// close ends a connection as the session says.
func (l *Loop) close(e *bt.Effect) {
	k := l.links[e.Conn]
	if k == nil {
		return
	}
	if k.sock != nil {
		l.log.Debug("closed", "conn", k.id.String(), "peer", k.sock.Remote(), "reason", e.Reason.String())
	}
	l.forget(k)
}

// forget ends a link; the session does not hear of it here.
func (l *Loop) forget(k *link) {
	delete(l.links, k.id)
	if k.out != nil {
		l.putSpare(k)
	}
	k.shut()
}

// shut closes what a link has open.
func (k *link) shut() {
	k.gone = true
	if k.stop != nil {
		k.stop()
	}
	if k.sock != nil {
		k.sock.Close()
	}
}
