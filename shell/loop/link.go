package loop

import (
	"context"
	"errors"
	"net/netip"

	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
)

// link is a connection of the session, as its socket stands.
type link struct {
	id   bt.ConnID
	sock *tcp.Conn          // nil while it is dialled
	stop context.CancelFunc // ends the dial
	gone bool               // closed by either side: nothing is done for it any more

	// Reading: what the session needs next, and what has come of it.
	want   bt.Want
	size   int // bytes of payload
	got    int // of them
	token  bt.Token
	buf    *disk.Buffer // that the payload goes to; nil when it is discarded, or the link is starved
	left   []byte       // read and not taken: the beginning of a message
	ended  error        // the socket gives no more than left
	paused bool         // the session told so
	hungry bool         // it could be read, but is paused or starved
	taken  int          // of the bytes given with Received

	// Writing.
	queued bool // in writers
	out    outgoing
}

// dial connects, as the session asks, and lets it know.
func (l *Loop) dial(e *bt.Effect) {
	ctx, stop := context.WithCancel(context.Background())
	k := &link{id: e.Conn, stop: stop}
	l.links[k.id] = k
	tcp.Dial(ctx, e.Addr, func(sock *tcp.Conn, err error) {
		l.inbox.put(func() { l.dialled(k, sock, err) })
	})
}

func (l *Loop) dialled(k *link, sock *tcp.Conn, err error) {
	k.stop()
	if k.gone {
		if sock != nil {
			sock.Close()
		}
		return
	}
	if err != nil {
		delete(l.links, k.id)
		k.gone = true
		l.handle(bt.Event{Kind: bt.Dialled, Conn: k.id, Fault: tcp.FaultOf(err)})
		return
	}
	k.sock = sock
	l.watch(k)
	l.handle(bt.Event{Kind: bt.Dialled, Conn: k.id})
}

func (l *Loop) accept(sock *tcp.Conn) {
	select {
	case <-l.done:
		sock.Close()
		return
	default:
	}
	l.accepted++
	k := &link{id: l.accepted | bt.Accepted, sock: sock}
	l.links[k.id] = k
	l.watch(k)
	l.handle(bt.Event{Kind: bt.Accept, Conn: k.id, Addr: sock.Remote(), Transport: bt.TCP})
}

func (l *Loop) watch(k *link) {
	k.sock.Watch(func(write bool) {
		l.inbox.put(func() {
			switch {
			case k.gone:
			case write:
				l.enqueueWrite(k)
			default:
				l.ready = append(l.ready, k)
			}
		})
	})
}

// read takes what the socket has, as far as a turn goes.
func (l *Loop) read(k *link) {
	for budget := readTurn; !k.gone; {
		if k.paused || k.starving() {
			k.hungry = true
			return
		}
		base := copy(l.room, k.left)
		n, err := k.sock.Read(l.room[base:])
		if errors.Is(err, tcp.ErrWait) {
			k.sock.AwaitRead()
			return
		}
		if err != nil {
			l.lost(k, err)
			return
		}
		l.feed(k, l.room[:base+n])
		if budget -= n; budget <= 0 {
			l.ready = append(l.ready, k)
			return
		}
		if n < len(l.room)-base {
			if !k.gone && !k.paused && !k.starving() {
				k.sock.AwaitRead()
				return
			}
		}
	}
}

// starving tells whether a block arrives and there is no buffer for it.
func (k *link) starving() bool { return k.want == bt.WantPayload && k.buf == nil }

// feed gives the session what was read, in the portions that it wants.
func (l *Loop) feed(k *link, data []byte) {
	for !k.gone && !k.starving() {
		if k.want != bt.WantBytes {
			if len(data) == 0 {
				break
			}
			data = data[l.payload(k, data):]
			continue
		}
		k.taken = 0
		l.handle(bt.Event{Kind: bt.Received, Conn: k.id, Data: data})
		if k.gone {
			return
		}
		data = data[k.taken:]
		if k.want == bt.WantBytes || len(data) == 0 {
			break
		}
	}
	k.left = append(k.left[:0], data...)
}

// payload moves bytes to where the session wants them, and tells how many those were. [the one copy that a block costs]
func (l *Loop) payload(k *link, data []byte) int {
	n := min(len(data), k.size-k.got)
	if k.buf != nil {
		copy(k.buf.Data[k.got:], data[:n])
	}
	k.got += n
	if k.got == k.size {
		k.want, k.buf = bt.WantBytes, nil
	}
	l.handle(bt.Event{Kind: bt.PayloadRead, Conn: k.id, N: n})
	return n
}

// need takes what the session wants next of a connection.
func (l *Loop) need(e *bt.Effect) {
	k := l.links[e.Conn]
	if k == nil {
		return
	}
	k.taken, k.want, k.size, k.got, k.token = e.N, e.Want, e.Size, 0, e.Token
	if k.want == bt.WantPayload {
		l.feedBuffer(k)
	}
}

// feedBuffer gets a buffer for the block that arrives, or puts the link among the starved.
func (l *Loop) feedBuffer(k *link) {
	k.buf = l.arrive.Get()
	if k.buf == nil {
		l.starved = append(l.starved, k)
		return
	}
	l.blocks[k.token] = block{buf: k.buf}
}

// retryStarved gives buffers that are free again to those who wait for one.
func (l *Loop) retryStarved() {
	waiting := l.starved
	l.starved = nil
	for _, k := range waiting {
		if k.gone || !k.starving() {
			continue
		}
		if l.feedBuffer(k); k.buf != nil {
			l.wakeHungry(k)
		}
	}
}

// wakeHungry reads on where a pause or a starvation ended.
func (l *Loop) wakeHungry(k *link) {
	if k.hungry && !k.paused && !k.starving() {
		k.hungry = false
		if len(k.left) > 0 {
			l.feed(k, append([]byte(nil), k.left...))
		}
		if !k.gone {
			l.ready = append(l.ready, k)
		}
	}
}

// lost takes the end of a socket that is not our doing.
func (l *Loop) lost(k *link, err error) {
	l.forget(k)
	l.handle(bt.Event{Kind: bt.Closed, Conn: k.id, Fault: tcp.FaultOf(err)})
}

// close ends a connection as the session says.
func (l *Loop) close(e *bt.Effect) {
	k := l.links[e.Conn]
	if k == nil {
		return
	}
	addr := netip.AddrPort{}
	if k.sock != nil {
		addr = k.sock.Remote()
	}
	l.log.Debug("closed", "conn", k.id.String(), "peer", addr, "reason", e.Reason.String())
	l.forget(k)
}

func (l *Loop) forget(k *link) {
	delete(l.links, k.id)
	k.shut()
}

// shut frees what a link holds.
func (k *link) shut() {
	if k.gone {
		return
	}
	k.gone = true
	if k.stop != nil {
		k.stop()
	}
	if k.sock != nil {
		k.sock.Close()
	}
	k.out.drop()
}
