package utp

import (
	"encoding/binary"
	"net"
	"testing"
	"time"
)

// by is a peer whose packets the test writes by hand.
type by struct {
	t    *testing.T
	conn net.Conn
	in   uint16 // id of its packets
	ack  uint16 // the last of the other's that it has
}

// byHand dials a station.
func byHand(t *testing.T, to *station) *by {
	t.Helper()
	conn, err := net.Dial("udp", to.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	conn.SetDeadline(time.Now().Add(patience))
	b := &by{t: t, conn: conn, in: 8}
	b.send(makePacket(syn, 7, 1, 0))
	h, _, _ := b.next()
	b.ack = h.seq - 1
	return b
}

func (b *by) send(datagram []byte) {
	b.t.Helper()
	if _, err := b.conn.Write(datagram); err != nil {
		b.t.Fatal(err)
	}
}

// tell sends a packet that tells of a window.
func (b *by) tell(k kind, seq uint16, window uint32, payload ...byte) {
	b.t.Helper()
	head := makeBare(header{kind: k, conn: b.in, seq: seq, ack: b.ack}, 1, window)
	b.send(append(head[:], payload...))
}

// next is the next packet that comes.
func (b *by) next() (header, uint32, []byte) {
	b.t.Helper()
	room := make([]byte, 2000)
	n, err := b.conn.Read(room)
	if err != nil {
		b.t.Fatal(err)
	}
	h, ok := readHeader(room[:n])
	if !ok {
		b.t.Fatal("it is malformed")
	}
	return h, windowOf(room), room[headerLen:n]
}

// The library is given nothing that the peer has no room for: it would send it, and give the peer up after 15 s. The peer is asked again
// and again, by a packet that it has already, and what waits goes out when it tells of room.
func TestNoRoom(t *testing.T) {
	s := newStation(t, "127.0.0.1", Options{Engine: Anacrolix})
	b := byHand(t, s)
	b.tell(data, 2, 3, 'a')
	c := s.accept()
	s.expect(c, "a")
	s.say(c, "once upon a time")
	for questions := 0; questions < 1; {
		switch h, _, payload := b.next(); {
		case h.kind == data && h.seq == b.ack: // which it has
			questions++
		case h.kind == data && h.seq == b.ack+1 && string(payload) == "onc":
			b.ack++
			b.tell(state, 3, 0)
		case h.kind != state && h.seq != b.ack:
			t.Fatalf("%+v %q", h, payload)
		}
	}
	b.tell(state, 3, 1000)
	for {
		if h, _, payload := b.next(); h.kind == data && h.seq == b.ack+1 {
			if string(payload) != "e upon a time" {
				t.Errorf("%q", payload)
			}
			break
		}
	}
	c.Close()
}

// A peer that was told of little room is told of more when there is more, though it says nothing: the library would not. And it is told
// again until it sends something.
func TestRoomIsTold(t *testing.T) {
	s := newStation(t, "127.0.0.1", Options{Engine: Anacrolix})
	b := byHand(t, s)
	b.tell(data, 2, 1<<20, 'a')
	c := s.accept()
	s.expect(c, "a")
	c.Allow(4 << 20)
	p := c.stream.(*pipe)
	p.mu.Lock() // nobody reads the library
	seq, payload := uint16(3), make([]byte, maxPayload)
	for window := uint32(window); window >= 2*maxPayload; {
		b.tell(data, seq, 1<<20, payload...)
		for {
			h, w, _ := b.next()
			if h.ack == seq {
				window = w
				break
			}
		}
		seq++
	}
	p.mu.Unlock()
	for times := 0; times < 2; {
		if h, w, _ := b.next(); h.kind == state && w > littleRoom {
			times++
		}
	}
	c.Close()
}

// The guard lets the library be given as much as the peer has room for beyond what flies.
func TestMayTake(t *testing.T) {
	for _, tt := range []struct {
		window        uint32
		last, acked   uint16
		n, want       int
		free, unknown bool
	}{
		{window: 100, n: 1000, want: 100},
		{window: 0, n: 1000, want: 0},
		{window: 1 << 20, n: 1000, want: 1000},
		{window: maxPayload, last: 1, n: 1, want: 0},
		{window: maxPayload + 1, last: 1, n: 1, want: 1},
		{window: 2*maxPayload - 1, last: 1, n: 5000, want: 0},
		{window: 2 * maxPayload, last: 1, n: 5000, want: maxPayload},
		{window: 3 * maxPayload, last: 1, acked: 65535, n: 5000, want: maxPayload},
		{window: 0, last: 10, n: 5, free: true, want: 5},
		{window: 0, last: 10, n: 5, unknown: true, want: 5},
	} {
		f := &flow{stage: open, last: tt.last}
		f.window, f.acked, f.free = tt.window, tt.acked, tt.free
		if tt.unknown {
			f.stage = closing
		}
		if got := f.mayTake(tt.n); got != tt.want {
			t.Errorf("%+v: %d", tt, got)
		}
	}
}

// A question is a packet of ours that was acknowledged, with what we would say now; it comes less and less often.
func TestQuestions(t *testing.T) {
	g := newGate(t)
	from := peer(1, 1)
	first := g.open(from, 10, 20, 500)
	g.now = g.now.Add(time.Second)
	g.leaves(from, makePacket(data, 10, 500, 21, 'x'))
	g.say(from, delivered, makePacket(state, 11, 22, first))
	f := g.flows[flowKey{from, 11}]
	f.window, f.waits = 0, make(chan struct{})
	f.ask.begin(g.now)
	var at []time.Duration
	start := g.now
	for g.now < start.Add(100*time.Second) {
		g.now = g.now.Add(100 * time.Millisecond)
		for _, q := range g.again(g.now) {
			at = append(at, g.now.Sub(start))
			h, ok := readHeader(q.datagram)
			if !ok || h != (header{kind: data, conn: 10, seq: first, ack: 21}) || len(q.datagram) != headerLen+1 {
				t.Errorf("%+v", h)
			}
			if stamp := binary.BigEndian.Uint32(q.datagram[4:]); stamp != 1+micros(g.now)-micros(start) {
				t.Error(stamp)
			}
		}
	}
	if len(at) != 8 || at[0] != firstPause || at[1] != 3*firstPause || at[7]-at[6] != mostPause {
		t.Error(at)
	}
	waits := f.waits
	g.delivered = nil
	g.say(from, delivered, makePacket(state, 11, 22, first))
	select {
	case <-waits:
	default:
		t.Error("it still waits, and there is room")
	}
	if len(g.again(g.now.Add(time.Hour))) > 0 {
		t.Error("it asks for what it knows")
	}
}

// The library is reminded of its peer when that knows of little room.
func TestReminders(t *testing.T) {
	g := newGate(t)
	from := peer(1, 1)
	first := g.open(from, 10, 20, 500)
	f := g.flows[flowKey{from, 11}]
	tell := func(window uint32) {
		b := makeBare(header{kind: state, conn: 10, seq: 500, ack: 21}, 1, window)
		g.leaves(from, b[:])
	}
	reminded := func() int {
		g.now = g.now.Add(mostPause)
		g.again(g.now)
		n := len(g.delivered)
		for _, h := range g.delivered {
			if h != (header{kind: data, conn: 11, seq: 21, ack: 499}) {
				t.Errorf("%+v", h)
			}
		}
		g.delivered = nil
		return n
	}
	g.remind(f)
	if reminded() > 0 {
		t.Error("there is much room")
	}
	tell(littleRoom - 1)
	g.remind(f)
	g.remind(f) // it has not answered yet
	if n := reminded(); n != 2 {
		t.Errorf("%d times", n)
	}
	tell(littleRoom)
	g.remind(f)
	if n := reminded(); n != 1 {
		t.Errorf("what it said may be lost, but it was reminded %d times", n)
	}
	g.say(from, delivered, makePacket(state, 11, 22, first-1))
	g.delivered = nil
	if reminded() != 1 {
		t.Error("a STATE says nothing of what the peer knows")
	}
	g.say(from, delivered, makePacket(data, 11, 22, first-1))
	g.delivered = nil
	if reminded() > 0 {
		t.Error("the peer knows")
	}
}
