package utp

import (
	"context"
	"errors"
	"io"
	"net/netip"
	"slices"
	"sync"
	"time"

	"peerwire/core/bt"
	machine "peerwire/core/utp"
)

// own is the engine on core/utp. Whoever has the lock drives the machine, and sends what it then wants to be sent: the goroutine that
// reads the socket, the owner's, or a timer's.
type own struct {
	socket *Socket
	accept func(*Conn)

	mu      sync.Mutex
	machine *machine.Socket
	streams map[machine.ID]*ownStream
	dialled map[machine.ID]chan<- machine.Event // dials that are not answered
	leaving []machine.ID                        // closed, and perhaps not delivered
	come    []*Conn                             // accepted, to be told of without the lock
	out     outbox
	timer   *time.Timer
	armed   bt.Instant // when the timer fires
	closed  bool
}

// ownStream is a connection of the machine's.
type ownStream struct {
	engine *own
	id     machine.ID
	told   *Conn
}

func newOwn(s *Socket, seed uint64) *own {
	o := &own{socket: s, machine: machine.New(machine.Config{Datagram: largest}, seed), streams: make(map[machine.ID]*ownStream),
		dialled: make(map[machine.ID]chan<- machine.Event), armed: bt.Never}
	o.out.init(s)
	o.timer = time.AfterFunc(time.Hour, o.tick)
	o.timer.Stop()
	return o
}

func (o *own) serve(accept func(*Conn)) { o.accept = accept }

// arrived takes a datagram; what follows from it is done by settle.
func (o *own) arrived(from netip.AddrPort, datagram []byte) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.machine.Arrived(o.socket.now(), from, datagram)
}

// settle has the machine answer what has arrived.
func (o *own) settle() {
	o.mu.Lock()
	o.turn()
	come := o.come
	o.come = nil
	o.mu.Unlock()
	for _, c := range come {
		o.accept(c)
	}
}

// tick lets time pass in the machine.
func (o *own) tick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.armed = bt.Never
	o.machine.Tick(o.socket.now())
	o.turn()
}

// turn does what the machine wants done: it tells, it sends, and it sets the timer.
func (o *own) turn() {
	if o.closed {
		return
	}
	o.tell()
	o.out.send(o.machine)
	o.tell()
	if at := o.machine.NextDeadline(); at < o.armed {
		o.armed = at
		o.timer.Reset(max(0, at.Sub(o.socket.now())))
	}
}

// tell passes the machine's events on.
func (o *own) tell() {
	var e machine.Event
	for o.machine.Poll(&e) {
		st := o.streams[e.ID]
		switch e.Kind {
		case machine.Accepted:
			o.come = append(o.come, o.adopt(e.ID, e.From))
			continue
		case machine.Connected, machine.Closed:
			if answer := o.dialled[e.ID]; answer != nil {
				delete(o.dialled, e.ID)
				answer <- e
			}
		}
		if st != nil {
			st.told.tell(e.Kind != machine.Writable, e.Kind != machine.Readable)
		}
	}
}

// adopt makes a Conn of a connection of the machine's.
func (o *own) adopt(id machine.ID, peer netip.AddrPort) *Conn {
	st := &ownStream{engine: o, id: id}
	st.told = o.socket.newConn(peer, st)
	o.streams[id] = st
	return st.told
}

func (o *own) dial(ctx context.Context, to netip.AddrPort) (*Conn, error) {
	answer := make(chan machine.Event, 1)
	o.mu.Lock()
	id, err := o.machine.Dial(o.socket.now(), to)
	if err != nil || o.closed {
		o.mu.Unlock()
		return nil, failed(bt.Unreachable)
	}
	o.dialled[id] = answer
	o.turn()
	o.mu.Unlock()
	select {
	case e := <-answer:
		return o.connected(id, to, e)
	case <-ctx.Done():
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.dialled, id)
	o.machine.Close(o.socket.now(), id, 0)
	o.turn()
	return nil, failed(bt.TimedOut)
}

// connected takes the answer to a dial.
func (o *own) connected(id machine.ID, to netip.AddrPort, e machine.Event) (*Conn, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if e.Kind == machine.Closed || o.closed {
		o.machine.Close(o.socket.now(), id, 0)
		o.turn()
		return nil, failed(e.Fault)
	}
	return o.adopt(id, to), nil
}

func (o *own) stats() Stats {
	o.mu.Lock()
	defer o.mu.Unlock()
	m := o.machine.Stats()
	return Stats{Malformed: uint64(m.Malformed), Stray: uint64(m.Ignored), Resent: uint64(m.Resent), Timeouts: uint64(m.Timeouts),
		Lost: uint64(m.Lost), Flows: len(o.streams)}
}

// close ends all connections, gives what was written a moment to be delivered, and stops.
func (o *own) close() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for id, answer := range o.dialled {
		delete(o.dialled, id)
		answer <- machine.Event{Kind: machine.Closed, Fault: bt.Unreachable}
	}
	for id := range o.streams {
		o.leave(id)
	}
	o.turn()
	o.mu.Unlock()
	waitUntil(func() bool { return !o.delivering() })
	o.mu.Lock()
	o.closed = true
	o.timer.Stop()
}

// leave closes a connection.
func (o *own) leave(id machine.ID) {
	delete(o.streams, id)
	o.machine.Close(o.socket.now(), id, 0)
	o.leaving = append(slices.DeleteFunc(o.leaving, o.delivered), id)
}

// delivering tells whether something was written to a connection that is closed, and is not acknowledged.
func (o *own) delivering() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.leaving = slices.DeleteFunc(o.leaving, o.delivered)
	return len(o.leaving) > 0
}

// delivered tells whether all was acknowledged that was written to a connection, or it is over.
func (o *own) delivered(id machine.ID) bool {
	info, ok := o.machine.Info(id)
	return !ok || info.Unsent+info.Flying == 0
}

func (st *ownStream) read(bufs [][]byte) (n int, more bool, err error) {
	o := st.engine
	o.mu.Lock()
	defer o.mu.Unlock()
	for err == nil { // until there is nothing: only then an edge comes
		var k int
		k, err = o.machine.Read(o.socket.now(), st.id, bufs)
		n += k
		if bufs = skip(bufs, k); len(bufs) == 0 {
			break
		}
	}
	if n > 0 {
		o.turn() // the peer may have to be told of room
		return n, !errors.Is(err, machine.ErrWait), nil
	}
	return 0, !errors.Is(err, machine.ErrWait), translated(err)
}

// skip gives the buffers behind the first n bytes.
func skip(bufs [][]byte, n int) [][]byte {
	for len(bufs) > 0 && n >= len(bufs[0]) {
		n -= len(bufs[0])
		bufs = bufs[1:]
	}
	if n > 0 {
		return nil
	}
	return bufs
}

func (st *ownStream) write(bufs [][]byte) (n int, more bool, err error) {
	o := st.engine
	o.mu.Lock()
	defer o.mu.Unlock()
	n, err = o.machine.Write(o.socket.now(), st.id, bufs)
	if n > 0 {
		o.turn()
	}
	all := 0
	for _, b := range bufs {
		all += len(b)
	}
	return n, n == all || err != nil && !errors.Is(err, machine.ErrWait), translated(err)
}

// translated turns an error of the machine's into one of ours.
func translated(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, machine.ErrWait):
		return ErrWait
	case errors.Is(err, machine.ErrEnd):
		return io.EOF
	case errors.Is(err, machine.ErrTimeout):
		return failed(bt.TimedOut)
	}
	return failed(bt.Reset)
}

// allow does nothing: the machine holds its peers back.
func (st *ownStream) allow(int) {}

func (st *ownStream) close() {
	o := st.engine
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.streams[st.id] != st {
		return
	}
	o.leave(st.id)
	o.turn()
}
