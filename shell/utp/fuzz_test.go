package utp

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"

	anacrolix "github.com/anacrolix/utp"

	"peerwire/core/bt"
)

// caged is a Socket of the library's with the guard under it, and no network: what it sends goes to a func.
type caged struct {
	*under
	lib   *anacrolix.Socket
	clock atomic.Int64 // a bt.Instant
	come  chan net.Conn
	ended chan struct{}
}

func newCaged(t testing.TB, port int, send func(to netip.AddrPort, datagram []byte)) *caged {
	t.Helper()
	c := &caged{come: make(chan net.Conn, 10_000), ended: make(chan struct{})}
	local := net.UDPAddrFromAddrPort(peer(0, port))
	c.under = newUnder(local, [32]byte{byte(port)}, func() bt.Instant { return bt.Instant(c.clock.Load()) }, send)
	var err error
	if c.lib, err = anacrolix.NewSocketFromPacketConn(c.under); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(c.ended)
		for {
			conn, err := c.lib.Accept()
			if err != nil {
				return
			}
			c.come <- conn
		}
	}()
	return c
}

func (c *caged) close() {
	c.lib.CloseNow()
	<-c.ended
}

// script is what a fuzzer makes its datagrams from.
type script struct{ bytes.Reader }

func (s *script) byte() byte {
	b, _ := s.ReadByte()
	return b
}

// datagram makes one: of bytes as they are, or a packet whose numbers lie near those that mean something.
func (s *script) datagram(known *knownNumbers) []byte {
	op := s.byte()
	if op&0x80 != 0 {
		raw := make([]byte, s.byte())
		n, _ := s.Read(raw)
		return raw[:n]
	}
	conn, ack := known.conn+uint16(int8(s.byte())>>5), known.seq+uint16(int8(s.byte())>>3)
	datagram := makePacket(kind(op%byte(kinds)), conn, known.ack+uint16(int8(s.byte())>>1), ack)
	for more := op >> 3; more > 0; more-- {
		datagram = append(datagram, s.byte())
	}
	if op&0x40 != 0 {
		datagram[1] = s.byte() % 4
	}
	return datagram
}

// knownNumbers are those of the last packet that went out: what a peer can know.
type knownNumbers struct {
	mu             sync.Mutex
	conn, seq, ack uint16
}

// FuzzLibrary gives the library, through the guard, any datagrams in any order, as a peer sends them that does know what it was sent. The
// library panics in goroutines of its own, where nobody could recover. And afterwards it still works.
func FuzzLibrary(f *testing.F) {
	hello := []byte{4, 0, 0, 0} // SYN
	talk := append(bytes.Clone(hello), 0x20, 0, 0, 0, 1, 2, 3, 4, 0x01, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0x48, 0, 0, 0, 9, 1)
	f.Add(false, hello)
	f.Add(true, talk)
	f.Add(true, append(bytes.Clone(talk), 0x62, 0, 0, 0, 0, 4, 255, 255, 255, 255, 0, 0, 0, 1, 0x80, 30, 0x01, 1))
	f.Fuzz(func(t *testing.T, dials bool, moves []byte) {
		known := &knownNumbers{conn: 4, seq: 1, ack: 1}
		answers := make(chan []byte, 1000)
		c := newCaged(t, 1, func(to netip.AddrPort, datagram []byte) {
			if to == honest {
				answers <- bytes.Clone(datagram)
				return
			}
			known.mu.Lock()
			defer known.mu.Unlock()
			h, _ := readHeader(datagram)
			known.conn, known.seq, known.ack = h.conn, h.seq, h.ack
		})
		defer c.close()
		from := peer(1, 1)
		if dials {
			defer c.dialInVain(from)()
		}
		s := &script{*bytes.NewReader(moves)}
		for s.Len() > 0 {
			known.mu.Lock()
			datagram := s.datagram(known)
			known.mu.Unlock()
			c.arrived(from, datagram)
			select {
			case conn := <-c.come:
				go conn.Write(make([]byte, 5000)) // ends with the Socket
			default:
			}
			c.clock.Add(int64(s.Len()) << 20)
			c.again()
		}
		c.wantAlive(t, answers)
	})
}

// dialInVain has the library dial somebody who does not answer by himself, until end is called.
func (c *caged) dialInVain(to netip.AddrPort) (end func()) {
	c.dial(to)
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() {
		defer close(over)
		if conn, err := c.lib.DialContext(ctx, "udp", to.String()); err == nil {
			go conn.Write(make([]byte, 5000)) // ends with the Socket
		}
	}()
	return func() {
		cancel()
		<-over
	}
}

// honest is the address of a peer that keeps to the rules.
var honest = peer(9, 9)

// wantAlive wants the library to be in order: somebody dials it, and is heard.
func (c *caged) wantAlive(t *testing.T, answers <-chan []byte) {
	t.Helper()
	c.arrived(honest, makePacket(syn, 100, 1, 0))
	h, _ := readHeader(<-answers)
	c.arrived(honest, makePacket(data, 101, 2, h.seq-1, []byte("hello")...))
	for conn := range c.come {
		if conn.RemoteAddr().String() != honest.String() {
			continue
		}
		var room [5]byte
		if n, err := conn.Read(room[:]); string(room[:n]) != "hello" {
			t.Fatal(n, err)
		}
		return
	}
}
