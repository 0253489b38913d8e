package utp

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"peerwire/core/bt"
)

// Calls on what is not there, or not there any more, say so.
func TestCallsInVain(t *testing.T) {
	w := newWorld(t, 1, path{delay: time.Millisecond}, [2]Config{{Conns: 1}, {Conns: 1}})
	s, some := w.ends[0].s, [][]byte{{1}}
	for _, addr := range []netip.AddrPort{{}, netip.MustParseAddrPort("10.0.0.1:0"), netip.MustParseAddrPort("[::]:6881")} {
		if _, err := s.Dial(0, addr); !errors.Is(err, ErrAddress) {
			t.Errorf("a dial of %s gives %v", addr, err)
		}
	}
	id, err := s.Dial(0, w.ends[1].addr)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Dial(0, address(7)); !errors.Is(err, ErrFull) {
		t.Errorf("a dial too many gives %v", err)
	}
	if _, err := s.Read(0, id+1, some); !errors.Is(err, ErrUnknown) {
		t.Errorf("a read of nothing gives %v", err)
	}
	if n, err := s.Write(0, id, some); n != 1 || err != nil { // it is sent when the peer has answered
		t.Errorf("a write before the answer gives %d, %v", n, err)
	}
	s.Finish(0, id)
	if _, err := s.Write(0, id, some); !errors.Is(err, ErrFinished) {
		t.Errorf("a write after the end gives %v", err)
	}
	var from ID
	w.ends[1].on = func(e Event) { from = e.ID }
	w.run(time.Second, func() bool { return false })
	if n, err := w.ends[1].s.Read(w.now, from, some); n != 1 || err != nil {
		t.Errorf("%d bytes came, %v", n, err)
	}
	w.ends[1].s.Close(w.now, from, 0)
	w.ends[1].s.Close(w.now, from, 0)
	s.Close(w.now, id, 0)
	w.run(time.Minute, func() bool { return false })
	for _, s := range []*Socket{s, w.ends[1].s} {
		if len(s.find) > 0 || s.pool.lent > 0 || s.NextDeadline() != bt.Never {
			t.Errorf("%d connections are left, %d bytes, and a deadline at %s", len(s.find), s.pool.lent, s.NextDeadline())
		}
	}
	if _, err := s.Read(w.now, id, some); !errors.Is(err, ErrUnknown) {
		t.Errorf("a read after the close gives %v", err)
	}
}

// A dial ends when the answer is a reset, and when its owner does not want it any more; a socket that is full answers nobody. [UTP-11]
func TestDialsThatFail(t *testing.T) {
	s := New(Config{}, 1)
	var buf [2048]byte
	id, err := s.Dial(0, address(1))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := s.Transmit(0, buf[:]); !ok {
		t.Fatal("no SYN")
	}
	var syn, no packet
	syn.parse(buf[:headerSize])
	no = packet{kind: kindReset, id: syn.id, ack: syn.seq}
	no.put(buf[:])
	s.Arrived(0, address(1), buf[:headerSize])
	var e Event
	if !s.Poll(&e) || e != (Event{Kind: Closed, Fault: bt.Refused, ID: id}) {
		t.Errorf("have %+v", e)
	}
	if _, err := s.Write(0, id, [][]byte{{1}}); !errors.Is(err, ErrReset) {
		t.Errorf("a write gives %v", err)
	}
	s.Close(0, id, 0)
	if id, err = s.Dial(0, address(1)); err != nil {
		t.Fatal(err)
	}
	s.Transmit(0, buf[:])
	s.Close(0, id, 0)
	if d, ok := s.Transmit(0, buf[:]); ok || len(s.find) > 0 || s.Poll(&e) {
		t.Errorf("after the close: %+v, %d connections", d, len(s.find))
	}
	full := New(Config{Conns: 1}, 1)
	if _, err := full.Dial(0, address(1)); err != nil {
		t.Fatal(err)
	}
	full.Transmit(0, buf[:])
	no = packet{kind: kindSyn, id: 7}
	no.put(buf[:])
	full.Arrived(0, address(2), buf[:headerSize])
	if d, ok := full.Transmit(0, buf[:]); ok {
		t.Errorf("a full socket sends %+v", d)
	}
}

// Whatever was dialled from the same address with the same ids before, a SYN on a connection that lives changes nothing. [UTP-6]
func TestSynOnALiveConnection(t *testing.T) {
	w := newWorld(t, 1, path{delay: time.Millisecond}, [2]Config{})
	_, dst := transfer(w, 1<<20)
	w.run(time.Second, func() bool { return dst.got > 1000 })
	for k := range w.ends[1].s.find {
		var b [headerSize]byte
		p := packet{kind: kindSyn, id: k.id - 1, seq: 9}
		p.put(b[:])
		w.ends[1].s.Arrived(w.now, k.from, b[:])
	}
	if !w.run(time.Minute, func() bool { return dst.ended }) || dst.got != 1<<20 {
		t.Errorf("%d bytes, %v", dst.got, dst.err)
	}
}

// A system without room for datagrams is given time, and nothing is thought lost; IPv6 takes what its Ethernet takes. [UTP-35]
func TestSystemWithoutRoom(t *testing.T) {
	w := newWorld(t, 1, path{delay: 5 * time.Millisecond}, [2]Config{})
	for i, e := range w.ends {
		e.addr = netip.AddrPortFrom(netip.AddrFrom16([16]byte{0x20, 0x01, 15: byte(i + 1)}), 6881)
	}
	src, dst := transfer(w, 4<<20)
	at, n, refused := bt.Instant(0), 0, 0
	w.unsent = func(e *end, d Datagram) bool { // it takes five datagrams a millisecond
		if now := w.now / bt.Instant(time.Millisecond); now != at {
			at, n = now, 0
		}
		if n++; n > 5 && e == w.ends[0] {
			refused++
			e.s.Unsent(w.now, d, NoRoom)
			return true
		}
		return false
	}
	if !w.run(time.Minute, func() bool { return dst.ended }) || dst.err != ErrEnd {
		t.Fatalf("%d bytes, %v", dst.got, dst.err)
	}
	info, _ := w.ends[0].s.Info(src.id)
	if s := w.ends[0].s.Stats(); refused == 0 || s.Lost > 0 || s.Timeouts > 0 || info.Datagram != ordinaryDatagram6 {
		t.Errorf("%d refused, datagrams of %d, %+v", refused, info.Datagram, s)
	}
}
