package tcp

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait. It is no measure of anything.
const patience = 30 * time.Second

// station is a Poller that the test's goroutine drives.
type station struct {
	*Poller
	t     testing.TB
	until time.Time
}

func newStation(t testing.TB) *station {
	t.Helper()
	p, err := NewPoller()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close) // after the connections' own, which come later and so run before
	return &station{Poller: p, t: t, until: time.Now().Add(patience)}
}

// await waits until something is so.
func (s *station) await(what string, so func() bool) {
	s.t.Helper()
	for !so() {
		left := time.Until(s.until)
		if left <= 0 {
			s.t.Fatal("in vain: ", what)
		}
		s.Wait(left)
	}
}

// watch has the station watch a connection until the test ends, and counts what it is told.
func (s *station) watch(c *Conn) *int {
	s.t.Helper()
	told := new(int)
	if err := s.Watch(c, func() { *told++ }); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	return told
}

// meet connects a Conn that s watches with a plain connection to it. The Conn dialled when out is true, and was accepted
// otherwise.
func (s *station) meet(host string, out bool) (*Conn, *net.TCPConn) {
	s.t.Helper()
	var c *Conn
	var far net.Conn
	if out {
		l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			s.t.Fatal(err)
		}
		defer l.Close()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if c, err = Dial(ctx, l.Addr().(*net.TCPAddr).AddrPort()); err != nil {
			s.t.Fatal(err)
		}
		if far, err = l.Accept(); err != nil {
			s.t.Fatal(err)
		}
	} else {
		l, err := Listen(net.JoinHostPort(host, "0"))
		if err != nil {
			s.t.Fatal(err)
		}
		accepted := make(chan *Conn, 1)
		l.Serve(func(c *Conn) { accepted <- c })
		defer l.Close()
		if far, err = net.Dial("tcp", l.Addr().String()); err != nil {
			s.t.Fatal(err)
		}
		c = <-accepted
	}
	s.watch(c)
	s.t.Cleanup(func() { far.Close() })
	return c, far.(*net.TCPConn)
}

// readAll reads n bytes, in portions that pick says, waiting whenever there is nothing.
func (s *station) readAll(c *Conn, n int, pick func() (head, tail int)) []byte {
	s.t.Helper()
	var all []byte
	for len(all) < n {
		s.await("bytes", c.Readable)
		h, t := pick()
		head, tail := make([]byte, h), make([]byte, t)
		got, err := c.Read([][]byte{head, tail})
		if errors.Is(err, ErrWait) {
			continue
		}
		if err != nil {
			s.t.Fatalf("after %d bytes of %d: %v", len(all), n, err)
		}
		all = append(all, head[:min(got, h)]...)
		all = append(all, tail[:max(got-h, 0)]...)
	}
	return all
}

// writeAll writes data, in buffers that pick says the size of, waiting whenever there is no room.
func (s *station) writeAll(c *Conn, data []byte, pick func() int) {
	s.t.Helper()
	for len(data) > 0 {
		s.await("room", c.Writable)
		var bufs [][]byte
		for rest := data; len(rest) > 0 && len(bufs) < 2*MaxBuffers; {
			n := min(pick(), len(rest))
			bufs, rest = append(bufs, rest[:n]), rest[n:]
		}
		n, err := c.Write(bufs)
		if err != nil && !errors.Is(err, ErrWait) {
			s.t.Fatal(err)
		}
		data = data[n:]
	}
}
