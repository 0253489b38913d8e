package sim

import (
	"slices"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
)

// socket is a connection as the shell of a node keeps it.
type socket struct {
	node  *Node
	id    bt.ConnID
	label string
	end   *End // nil while it is dialled

	in     inbox
	fresh  bool     // the core has not looked at what stands in the inbox
	ahead  int      // bytes at the head of the inbox that were read, and that the core has not taken
	want   bt.Want  // what the core needs next
	size   int      // how many bytes of it
	token  bt.Token // where they go
	paused bool     // the core wants nothing read
	wants  bool     // the core wants to write
	gone   bool
}

func (n *Node) socket(id bt.ConnID) *socket {
	for _, s := range n.sockets {
		if s.id == id {
			return s
		}
	}
	return nil
}

func (s *socket) attach(end *End) {
	s.end, s.label, end.sink = end, end.label, s
}

// forget takes the socket from its node: the core knows no such connection any more.
func (s *socket) forget() {
	s.gone = true
	s.node.sockets = slices.DeleteFunc(s.node.sockets, func(o *socket) bool { return o == s })
}

// execute does one thing that the core asks of the connection.
func (s *socket) execute(e *bt.Effect) {
	switch e.Kind {
	case bt.Need:
		s.need(e)
	case bt.WantWrite:
		s.node.tell("wants to write to " + s.label)
		s.wants = true
		s.node.world.after(0, s.writable)
	case bt.PauseRead:
		s.node.tell("reads no more from " + s.label)
		s.paused = true
	case bt.ResumeRead:
		s.node.tell("reads again from " + s.label)
		s.paused = false
		s.node.world.after(0, s.read)
	case bt.Close:
		s.node.tell("closes " + s.label + ": " + e.Reason.String())
		s.forget()
		if s.end != nil {
			s.end.close(bt.EOF)
		}
	}
}

// need takes from the inbox what the core has taken, and notes what it needs next.
func (s *socket) need(e *bt.Effect) {
	if e.N > 0 {
		s.in.drop(e.N)
		s.ahead -= e.N
		s.fresh = true
	}
	s.want, s.size, s.token = e.Want, e.Size, e.Token
	if e.Want == bt.WantPayload {
		s.node.buffers[e.Token] = &buffer{}
	}
}

// arrived takes a part of the stream.
func (s *socket) arrived(part segment) {
	s.in.add(part)
	s.fresh = true
	s.node.awake(func() {
		s.read()
		s.bound()
	})
}

// bound ends a connection over uTP on which more waits than may. Over TCP the sender has to wait. [LIM-16]
func (s *socket) bound() {
	if !s.gone && s.end.over == bt.UTP && s.in.size()-s.ahead > s.node.session.Allowance(s.id) {
		s.lose(bt.Overrun)
	}
}

// lose takes the end of the connection.
func (s *socket) lose(f bt.Fault) {
	s.node.tell("loses " + s.label + ": " + f.String())
	s.end.close(bt.EOF)
	s.node.handle(bt.Event{Kind: bt.Closed, Conn: s.id, Fault: f})
	s.forget() // only now: what was due before it was heard of may ask for it still
}

// read hands over to the core what stands in the inbox, until it can do nothing with it.
func (s *socket) read() {
	for !s.gone && !s.paused && s.step() {
	}
}

// step is one event for the core; false when there is none.
func (s *socket) step() bool {
	if s.node.world.now < s.node.asleep || s.in.empty() {
		return false
	}
	if end, ok := s.in.ended(); ok {
		s.lose(end.fault)
		return false
	}
	if s.want != bt.WantBytes {
		s.payload()
		return true
	}
	data := s.in.bytes()
	if len(data) == 0 || !s.fresh {
		if !s.in.flatten() {
			return s.endNext()
		}
		s.fresh = true
		return true
	}
	s.fresh = false
	s.end.took(len(data) - s.ahead)
	s.ahead = len(data)
	s.node.handle(bt.Event{Kind: bt.Received, Conn: s.id, Data: data})
	return true
}

// endNext drops bytes that no message will ever be made of, when the stream ends behind them.
func (s *socket) endNext() bool {
	if len(s.in.segments) < 2 {
		return false
	}
	s.in.segments = s.in.segments[1:]
	return true
}

// payload hands over bytes of a block: what they are is noted, and how many the core is told.
func (s *socket) payload() {
	n := min(s.size, s.in.segments[0].size())
	part := s.in.drop(n)
	known := min(n, s.ahead)
	s.ahead -= known
	s.end.took(n - known)
	if buf := s.node.buffers[s.token]; s.want == bt.WantPayload && buf != nil {
		run := part.run
		run.Bad = run.Bad || !part.isRun()
		buf.runs = append(buf.runs, run)
	}
	s.size -= n
	if s.size == 0 {
		s.want, s.token, s.fresh = bt.WantBytes, 0, true
	}
	s.node.handle(bt.Event{Kind: bt.PayloadRead, Conn: s.id, N: n})
}

// writable says that the transport takes bytes. Writing is never done at once, but after all that arrived at one time was
// read: so what is announced does not depend on how it was cut.
func (s *socket) writable() {
	s.node.awake(func() {
		for s.wants && !s.gone && s.end.room() > 0 {
			s.transmit()
			s.node.drain()
		}
	})
}

// maxTransmit is how many control bytes are written at once.
const maxTransmit = 4096

// transmit lets the core write, as much as the transport takes.
func (s *socket) transmit() {
	var buf [maxTransmit]byte
	room := buf[:]
	if s.node.world.options.Tight {
		room = buf[:core.MinTransmit]
	}
	t := s.node.session.Transmit(s.node.world.now, s.id, room)
	if t.N == 0 && t.Token == 0 {
		s.wants = false
		return
	}
	s.speak(room[:t.N])
	if t.Token == 0 {
		return
	}
	run, ok := s.node.fetched[t.Token]
	if !ok || int(run.Range.Length) != t.Size {
		panic("BUG: the core sends a block that was not read")
	}
	delete(s.node.fetched, t.Token)
	s.end.tap.pass(t.Size)
	s.end.write(segment{run: run})
}

// speak writes control bytes, and puts in the journal what they say.
func (s *socket) speak(b []byte) {
	s.end.tap.read(b, func(_ wire.Message, text string) { s.node.world.tell(s.node.name, s.label, text) })
	s.end.write(segment{data: append([]byte(nil), b...)})
}
