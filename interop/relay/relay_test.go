package relay_test

import (
	"encoding/binary"
	"net"
	"net/netip"
	"testing"
	"time"

	"peerwire/interop/relay"
	"peerwire/sim/packet"
)

var (
	front = netip.MustParseAddrPort("127.0.0.1:0")
	back  = netip.MustParseAddrPort("127.0.0.2:0")
)

func listen(t testing.TB, host string) *net.UDPConn {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(host)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func addr(c *net.UDPConn) netip.AddrPort { return c.LocalAddr().(*net.UDPAddr).AddrPort() }

// Datagrams come whole, in their order, and not before their time, both ways.
func TestRelay(t *testing.T) {
	a, b := listen(t, "127.0.0.3"), listen(t, "127.0.0.4")
	const delay = 20 * time.Millisecond
	line := packet.Line{Delay: delay}
	r, err := relay.Start(relay.Options{Front: front, Back: back, To: addr(b), There: line, Here: line})
	if err != nil {
		t.Fatal(err)
	}
	const n = 100 // the kernel's own buffer holds no more for sure
	buf := make([]byte, 2000)
	sent := make([]time.Time, n)
	for i := range uint32(n) {
		binary.BigEndian.PutUint32(buf, i)
		sent[i] = time.Now()
		if _, err := a.WriteToUDPAddrPort(buf[:100+i], r.Front()); err != nil {
			t.Fatal(err)
		}
	}
	read := func(c *net.UDPConn, want uint32) (from netip.AddrPort) {
		if err := c.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		got, at, err := c.ReadFromUDPAddrPort(buf)
		if err != nil || got != int(100+want) || binary.BigEndian.Uint32(buf) != want {
			t.Fatalf("%d bytes from %v, number %d: %v", got, at, binary.BigEndian.Uint32(buf), err)
		}
		if early := delay - time.Since(sent[want]); early > 0 {
			t.Errorf("datagram %d is %v early", want, early)
		}
		return at
	}
	var at netip.AddrPort
	for i := range uint32(n) {
		at = read(b, i)
	}
	binary.BigEndian.PutUint32(buf, 7)
	sent[7] = time.Now()
	if _, err := b.WriteToUDPAddrPort(buf[:107], at); err != nil {
		t.Fatal(err)
	}
	if from := read(a, 7); from != r.Front() {
		t.Errorf("the answer is from %v, not from %v", from, r.Front())
	}
	report, err := r.Close()
	if err != nil || report.There.Passed != n || report.Here.Passed != 1 || report.Overrun != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// What the queue has no room for is lost, and what the rate lets through takes its time.
func TestRelayQueue(t *testing.T) {
	a, b := listen(t, "127.0.0.3"), listen(t, "127.0.0.4")
	line := packet.Line{Rate: 1 << 20, Queue: 64 << 10}
	r, err := relay.Start(relay.Options{Front: front, Back: back, To: addr(b), There: line, Here: line})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	buf := make([]byte, 2000)
	for range 1000 {
		if _, err := a.WriteToUDPAddrPort(buf[:996], r.Front()); err != nil {
			t.Fatal(err)
		}
	}
	got := 0
	for {
		if err := b.SetReadDeadline(time.Now().Add(3 * time.Second)); err != nil {
			t.Fatal(err)
		}
		if _, _, err := b.ReadFromUDPAddrPort(buf); err != nil {
			break
		}
		if got++; time.Since(began) < time.Duration(got)<<10*time.Second>>20 {
			t.Fatalf("%d datagrams after %v", got, time.Since(began))
		}
	}
	report, err := r.Close()
	if err != nil || got < 64 || report.There.Passed != int64(got) || report.There.Dropped != int64(1000-got) {
		t.Errorf("%d came: %+v, %v", got, report, err)
	}
}
