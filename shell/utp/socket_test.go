package utp

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"

	"peerwire/core/bt"
)

var hosts = []string{"127.0.0.1", "::1"}

// each runs a test with each engine.
func each(t *testing.T, f func(t *testing.T, opt Options)) {
	for _, e := range []Engine{Anacrolix, Own} {
		t.Run(e.String(), func(t *testing.T) { f(t, Options{Engine: e}) })
	}
}

// Two sockets talk, over both families, and the one that closes is heard by the other.
func TestTalk(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		for _, host := range hosts {
			a, b := newStation(t, host, opt), newStation(t, host, opt)
			near, far := a.dial(b)
			if near.Remote() != b.Addr() || far.Remote() != a.Addr() || near.Local() != a.Addr() {
				t.Errorf("%v to %v, %v to %v", near.Local(), near.Remote(), far.Local(), far.Remote())
			}
			b.say(far, "good day")
			a.expect(near, "good day")
			b.say(far, "and good bye")
			far.Close()
			far.Close()
			a.expect(near, "and good bye")
			if err := a.end(near); FaultOf(err) != bt.EOF {
				t.Error(err)
			}
			near.Close()
		}
	})
}

// A socket for all addresses tells its own as a peer sees it.
func TestLocal(t *testing.T) {
	each(t, testLocal)
}

func testLocal(t *testing.T, opt Options) {
	a, err := Listen(":0", opt)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	a.Serve(func(*Conn) {}, func() {})
	b := newStation(t, "127.0.0.1", opt)
	c, err := a.Dial(t.Context(), b.Addr())
	if err != nil {
		t.Fatal(err)
	}
	if c.Local().Addr().String() != "127.0.0.1" || c.Local().Port() != a.Addr().Port() {
		t.Error(c.Local())
	}
	c.Close()
}

// Much passes in both directions at one time.
func TestMuch(t *testing.T) {
	each(t, testMuch)
}

func testMuch(t *testing.T, opt Options) {
	a, b := newStation(t, "127.0.0.1", opt), newStation(t, "127.0.0.1", opt)
	near, far := a.dial(b)
	text := make([]byte, 8<<20)
	rand.NewChaCha8([32]byte{}).Read(text)
	far.Allow(len(text))
	near.Allow(len(text))
	done := make(chan []byte)
	go func() {
		b.say(far, string(text[:1<<20]))
		done <- b.read(far, len(text))
	}()
	a.say(near, string(text))
	if got := a.read(near, 1<<20); !bytes.Equal(got, text[:1<<20]) {
		t.Error("other bytes come back")
	}
	if got := <-done; !bytes.Equal(got, text) {
		t.Error("other bytes come")
	}
	near.Close()
	far.Close()
}

// What was written is delivered, though the connection and the socket are closed at once.
func TestLastWords(t *testing.T) { each(t, testLastWords) }

func testLastWords(t *testing.T, opt Options) {
	a, b := newStation(t, "127.0.0.1", opt), newStation(t, "127.0.0.1", opt)
	near, far := a.dial(b)
	text := make([]byte, 200<<10)
	rand.NewChaCha8([32]byte{}).Read(text)
	a.say(near, string(text))
	near.Close()
	a.Close()
	if got := b.read(far, len(text)); !bytes.Equal(got, text) {
		t.Error("other bytes come")
	}
	if err := b.end(far); FaultOf(err) != bt.EOF {
		t.Error(err)
	}
	far.Close()
}

// A dial that nobody answers ends with its time, one that is refused at once.
func TestDialInVain(t *testing.T) {
	each(t, testDialInVain)
}

func testDialInVain(t *testing.T, opt Options) {
	a := newStation(t, "127.0.0.1", opt)
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	ctx, cancel := context.WithCancel(t.Context())
	refused := make(chan error)
	go func() {
		_, err := a.Dial(t.Context(), plain(silent.LocalAddr()))
		refused <- err
	}()
	var room [1500]byte
	n, from, err := silent.ReadFrom(room[:])
	if err != nil || n < headerLen {
		t.Fatal(n, err)
	}
	h, _ := readHeader(room[:n])
	no := makeBare(header{kind: reset, conn: h.conn, ack: h.seq}, 0, 0)
	silent.WriteTo(no[:], from)
	if err := <-refused; FaultOf(err) != bt.Refused {
		t.Error(err)
	}
	go func() {
		silent.ReadFrom(room[:])
		cancel()
	}()
	if _, err := a.Dial(ctx, plain(silent.LocalAddr())); FaultOf(err) != bt.TimedOut {
		t.Error(err)
	}
}

// A RESET is told as such, if it is one that the peer can have sent.
func TestReset(t *testing.T) {
	a, b := newStation(t, "127.0.0.1", Options{Engine: Anacrolix}), newStation(t, "127.0.0.1", Options{Engine: Anacrolix})
	near, far := a.dial(b)
	f := near.stream.(*pipe).flow
	for _, ack := range []uint16{f.last + 1000, f.last} {
		end := makeBare(header{kind: reset, conn: f.key.id, ack: ack}, 0, 0)
		b.WriteTo(end[:], a.Addr())
	}
	if err := a.end(near); FaultOf(err) != bt.Reset {
		t.Error(err)
	}
	if s := a.Stats(); s.Implausible != 1 {
		t.Errorf("%+v", s)
	}
	near.Close()
	far.Close()
}

// Whoever goes on with a connection that we have lost is told so, and takes our word.
func TestStray(t *testing.T) {
	each(t, func(t *testing.T, opt Options) {
		a, b := newStation(t, "127.0.0.1", opt), newStation(t, "127.0.0.1", Options{Engine: Anacrolix})
		near, far := a.dial(b)
		b.engine.(*library).under.forget(far.stream.(*pipe).flow, false) // as if it had been restarted
		a.say(near, "are you there?")
		if err := a.end(near); FaultOf(err) != bt.Reset {
			t.Error(err)
		}
		if s := b.Stats(); s.Resets != 1 || s.Stray != s.Silenced+1 {
			t.Errorf("%+v", s)
		}
		near.Close()
		far.Close()
	})
}

// Others may use the socket, and every datagram is shown.
func TestOthers(t *testing.T) {
	type seen struct {
		out  bool
		text string
	}
	other, shown := make(chan string, 10), make(chan seen, 10)
	a := newStation(t, "127.0.0.1", Options{
		Other:   func(_ netip.AddrPort, datagram []byte) { other <- string(datagram) },
		Capture: func(out bool, _ netip.AddrPort, datagram []byte) { shown <- seen{out, string(datagram)} },
	})
	b, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	a.WriteTo([]byte("d1:q4:ping"), plain(b.LocalAddr()))
	var room [100]byte
	n, from, err := b.ReadFrom(room[:])
	if err != nil || string(room[:n]) != "d1:q4:ping" {
		t.Fatal(n, err)
	}
	b.WriteTo([]byte("d1:r"), from)
	if text := <-other; text != "d1:r" {
		t.Error(text)
	}
	if one, two := <-shown, <-shown; one != (seen{true, "d1:q4:ping"}) || two != (seen{false, "d1:r"}) {
		t.Error(one, two)
	}
	if s := a.Stats(); s.Foreign != 1 || s.In != 1 || s.Out != 1 {
		t.Errorf("%+v", s)
	}
}

// A peer that sends what nobody asked for loses its connection.
func TestOverrun(t *testing.T) {
	a, b := newStation(t, "127.0.0.1", Options{Engine: Anacrolix}), newStation(t, "127.0.0.1", Options{Engine: Anacrolix})
	near, far := a.dial(b)
	far.Allow(1000)
	go func() { // nobody watches for room: there is a goroutine of the library's that takes all in the end
		near.stream.(*pipe).conn.Write(make([]byte, 4<<20))
	}()
	b.await("the overrun", func() bool { return b.Stats().Overrun == 1 })
	if _, err := far.Read([][]byte{make([]byte, 100)}); FaultOf(err) != bt.Overrun {
		t.Error(err)
	}
	far.Close()
	near.Close()
}
