package sim

import (
	"slices"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim/model"
)

// socket is a connection as the shell of a node keeps it.
type socket struct {
	node  *Node
	end   *End   // nil while it is dialled
	voice *voice // nil when there is no journal

	in      inbox
	fetched row      // what was read to be sent here
	token   bt.Token // where the payload goes that the core needs next; 0 drops it
	size    int32    // bytes of that; 0 when the core needs messages
	ahead   int32    // bytes at the head of the inbox that were read, and that the core has not taken
	id      bt.ConnID
	fresh   bool // the core has not looked at what stands in the inbox
	paused  bool // the core wants nothing read
	wants   bool // the core wants to write
	gone    bool
}

// socket finds a connection. A node has few; only their ids are looked at.
func (n *Node) socket(id bt.ConnID) *socket {
	for i, have := range n.ids {
		if have == id {
			return n.sockets[i]
		}
	}
	return nil
}

// open adds a socket to the node's.
func (n *Node) open(id bt.ConnID) *socket {
	s := &socket{node: n, id: id}
	n.ids, n.sockets = append(n.ids, id), append(n.sockets, s)
	return s
}

func (s *socket) attach(end *End) { s.end, s.voice, end.sink = end, end.few.voice, s }

// label is what the journal calls the far end.
func (s *socket) label() string {
	if s.voice == nil {
		return ""
	}
	return s.voice.label
}

// forget takes the socket from its node: the core knows no such connection any more.
func (s *socket) forget() {
	s.gone = true
	s.part()
	n := s.node
	if i := slices.Index(n.ids, s.id); i >= 0 {
		n.ids, n.sockets = slices.Delete(n.ids, i, i+1), slices.Delete(n.sockets, i, i+1)
	}
	n.world.hangar.clear(&s.in.lane)
	n.world.buffers.move(&s.fetched, &n.buffers)
}

// execute does one thing that the core asks of the connection.
func (s *socket) execute(e *bt.Effect) {
	switch e.Kind {
	case bt.Need:
		s.need(e)
	case bt.WantWrite:
		if s.wants = true; !s.end.full {
			s.end.plan(s.node.world.now, writing, bt.OK)
		}
	case bt.PauseRead:
		s.paused = true
	case bt.ResumeRead:
		s.paused = false
		s.end.plan(s.node.world.now, reading, bt.OK)
	case bt.Close:
		s.forget()
		if s.end != nil {
			s.end.close(bt.EOF)
		}
	}
}

// need takes from the inbox what the core has taken, and notes what it needs next.
func (s *socket) need(e *bt.Effect) {
	if e.N > 0 {
		s.in.drop(s.hangar(), e.N)
		s.ahead -= int32(e.N)
		s.fresh = true
	}
	s.size, s.token = int32(e.Size), e.Token
	switch e.Want {
	case bt.WantBytes:
		s.size = 0
	case bt.WantPayload:
		s.node.world.buffers.hold(&s.node.buffers, e.Token, Run{})
	}
}

func (s *socket) host() Host { return s.node }

func (s *socket) hangar() *hangar { return &s.node.world.hangar }

// arrived takes a part of the stream.
func (s *socket) arrived(f *flight) {
	s.in.add(s.hangar(), f)
	s.fresh = true
	s.awake(hearing)
}

// awake does something now, or when the machine is not suspended any more.
func (s *socket) awake(k kind) {
	if n := s.node; n.world.now < n.asleep {
		s.end.plan(n.asleep, k, bt.OK)
		return
	}
	s.happen(k)
}

// happen does what was planned.
func (s *socket) happen(k kind) {
	switch k {
	case accepting:
		if s.gone {
			return
		}
		s.node.handle(bt.Event{Kind: bt.Accept, Conn: s.id, Addr: s.end.far.tell(), Transport: s.end.over})
		s.read()
	case hearing:
		s.read()
		s.bound()
	case reading:
		s.read()
	case writing:
		s.write()
	}
}

// bound ends a connection over uTP on which more waits than may. Over TCP the sender has to wait. [LIM-16]
func (s *socket) bound() {
	if !s.gone && s.end.over == bt.UTP && s.in.size()-int(s.ahead) > s.node.session.Allowance(s.id) {
		s.lose(bt.Overrun)
	}
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
	if fault, ok := s.in.ended(); ok {
		s.lose(fault)
		return false
	}
	if s.size > 0 {
		s.payload()
		return true
	}
	data := s.in.bytes(s.hangar())
	if len(data) == 0 || !s.fresh {
		if !s.in.flatten(s.hangar()) {
			return s.endNext()
		}
		s.fresh = true
		return true
	}
	s.fresh = false
	s.end.took(len(data) - int(s.ahead))
	s.ahead = int32(len(data))
	s.node.handle(bt.Event{Kind: bt.Received, Conn: s.id, Data: data})
	return true
}

// lose takes the end of the connection.
func (s *socket) lose(f bt.Fault) {
	if s.node.talks() {
		s.node.tell("loses " + s.label() + ": " + f.String())
	}
	s.end.close(bt.EOF)
	s.node.handle(bt.Event{Kind: bt.Closed, Conn: s.id, Fault: f})
	s.forget() // only now: what was due before it was heard of may ask for it still
}

// endNext drops bytes that no message will ever be made of, when the stream ends behind them.
func (s *socket) endNext() bool {
	if s.in.after(s.in.first()) == nil {
		return false
	}
	s.hangar().land(s.in.shift())
	return true
}

// payload hands over bytes of a block: what they are is noted, and how many the core is told.
func (s *socket) payload() {
	n, run := s.in.drop(s.hangar(), int(s.size))
	known := min(n, int(s.ahead))
	s.ahead -= int32(known)
	s.end.took(n - known)
	if s.token != 0 {
		if run.Range.Length == 0 { // bytes where payload should be
			run.Lie = 1
		}
		s.node.world.buffers.fill(&s.node.buffers, s.token, run)
	}
	s.size -= int32(n)
	if s.size == 0 {
		s.token, s.fresh = 0, true
	}
	s.node.handle(bt.Event{Kind: bt.PayloadRead, Conn: s.id, N: n})
}

// writable says that the transport takes bytes. Writing is never done at once, but after all that arrived at one time was
// read: so what is announced does not depend on how it was cut.
func (s *socket) writable() { s.awake(writing) }

func (s *socket) write() {
	for s.wants && !s.gone && s.end.room() > 0 {
		s.transmit(s.room())
	}
	s.end.full = s.end.room() == 0
}

// room is where the core may write next.
func (s *socket) room() []byte {
	room := s.node.world.room[:]
	switch {
	case s.node.world.options.Tight:
		return room[:core.MinTransmit]
	case s.end.stopped:
		return room[:min(max(core.MinTransmit, s.end.few.spare), len(room))]
	}
	return room
}

// maxTransmit is how many control bytes are written at once.
const maxTransmit = 4096

// transmit lets the core write, as much as there is room for.
func (s *socket) transmit(room []byte) {
	n := s.node
	t := n.session.Transmit(n.Clock(), s.id, room)
	if n.watcher != nil {
		n.watcher.Wrote(s.id, room[:t.N], t.Size)
	}
	if n.judge == nil {
		s.say(&t, room)
		n.drain(nil)
		return
	}
	said := slices.Clone(room[:t.N]) // what is said may be something else
	s.say(&t, room)
	n.drain(&model.Step{Now: n.Clock(), Conn: s.id, Room: len(room), Said: said, Token: t.Token, Size: t.Size, Last: t.Last})
}

// say writes what the core gave.
func (s *socket) say(t *bt.Transmission, room []byte) {
	n := s.node
	s.wants = !t.Last || n.world.options.Heedless && t.N > 0
	if t.N == 0 {
		return
	}
	if t.Token == 0 {
		if n.ills.misbehaves() {
			s.distort(room[:t.N], Run{})
		} else {
			s.speak(room[:t.N], Run{})
		}
		return
	}
	run, ok := n.world.buffers.take(&s.fetched, t.Token)
	if !ok || int(run.Range.Length) != t.Size {
		panic("BUG: the core sends a block that was not read")
	}
	if n.ills.misbehaves() {
		s.distort(room[:t.N], run)
		return
	}
	s.speak(room[:t.N], run)
}

// speak writes control bytes, and a block behind them if the last of them are the head of its message; and puts in the journal what they say.
func (s *socket) speak(b []byte, block Run) {
	size := int(block.Range.Length)
	if v := s.voice; v != nil {
		v.tap.read(b, func(_ wire.Message, text string) { s.node.world.tell(s.node.name, v.label, text) })
		v.tap.pass(size)
	}
	if w := s.node.witness; w != nil {
		w.Says(s.end.opened, s.end.far.owner(), b, size)
	}
	s.end.write(segment{data: b, run: block, says: messages(b)})
}

// messages is how many messages stand in what a core has written at once; it begins with a whole one, or with a handshake.
func messages(b []byte) (n int32) {
	if len(b) > 0 && b[0] != 0 { // no message of ours is so long
		b, n = b[min(len(b), wire.HandshakeLen):], 1
	}
	for ; len(b) >= 4; n++ {
		b = b[min(len(b), 4+int(b[2])<<8+int(b[3])+int(b[1])<<16):]
	}
	return n
}
