package utp

import (
	"net"
	"testing"
	"time"
)

// A SYN, data that acknowledges what it cannot know, and packets of no connection draw no more than three times their bytes, in the
// time in which the library by itself would send its answer four times.
func TestReflection(t *testing.T) { each(t, testReflection) }

func testReflection(t *testing.T, opt Options) {
	s := newStation(t, "127.0.0.1", opt)
	forger, err := net.Dial("udp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer forger.Close()
	sent := 0
	for _, datagram := range [][]byte{
		makePacket(syn, 7, 1, 0), makePacket(data, 8, 2, 0xdead, make([]byte, 48)...), makePacket(syn, 7, 1, 0),
		makePacket(fin, 8, 3, 0xdead), makePacket(state, 8, 2, 0xdead), makePacket(data, 9, 2, 1), makePacket(data, 9, 3, 1), makePacket(fin, 10, 2, 1),
	} {
		n, err := forger.Write(datagram)
		if err != nil {
			t.Fatal(err)
		}
		sent += n
	}
	got, room := 0, make([]byte, 2000)
	forger.SetReadDeadline(time.Now().Add(patience))
	for {
		n, err := forger.Read(room)
		if err != nil {
			break
		}
		if got += n; got == n { // the first of them: now it answers
			forger.SetReadDeadline(time.Now().Add(2 * time.Second))
		}
	}
	if got == 0 || got > 3*sent || got > 100 {
		t.Errorf("%d bytes for %d", got, sent)
	}
	select {
	case <-s.come:
		t.Error("somebody was accepted who has proved nothing")
	default:
	}
}
