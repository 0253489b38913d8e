package utp

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait. It is no measure of anything: a busy machine may stand still for long.
const patience = 3 * time.Minute

// station is a Socket that the test's goroutine drives.
type station struct {
	*Socket
	t    testing.TB
	wake chan struct{}
	tick *time.Ticker // to look again, whatever was not told; one, as a test counts what is allocated
	come chan *Conn   // accepted
}

func newStation(t testing.TB, host string, opt Options) *station {
	t.Helper()
	sock, err := Listen(netip.AddrPortFrom(netip.MustParseAddr(host), 0).String(), opt)
	if err != nil {
		t.Fatal(err)
	}
	s := &station{Socket: sock, t: t, wake: make(chan struct{}, 1), tick: time.NewTicker(time.Millisecond), come: make(chan *Conn, 1000)}
	s.Serve(func(c *Conn) { s.come <- c }, func() {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	})
	t.Cleanup(sock.Close)
	t.Cleanup(s.tick.Stop)
	return s
}

// await waits until something is so.
func (s *station) await(what string, so func() bool) {
	s.t.Helper()
	began := time.Now()
	for s.Tell(); !so(); s.Tell() {
		select {
		case <-s.wake:
		case <-s.tick.C:
		}
		if time.Since(began) > patience {
			s.t.Fatalf("in vain: %s; %+v", what, s.Stats())
		}
	}
}

// dial connects the station to another's socket, and gives both ends, watched.
func (s *station) dial(to *station) (*Conn, *Conn) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	near, err := s.Dial(ctx, to.Addr())
	if err != nil {
		s.t.Fatalf("%v; %+v; %+v", err, s.Stats(), to.Stats())
	}
	s.Watch(near, func() {})
	s.say(near, "hello") // a peer that says nothing is not accepted
	far := to.accept()
	to.expect(far, "hello")
	return near, far
}

// accept takes the next connection of a peer's.
func (s *station) accept() *Conn {
	s.t.Helper()
	select {
	case c := <-s.come:
		s.Watch(c, func() {})
		return c
	case <-time.After(patience):
		s.t.Fatalf("nobody comes; %+v", s.Stats())
		return nil
	}
}

// say writes all of a text.
func (s *station) say(c *Conn, text string) {
	s.t.Helper()
	for left := []byte(text); len(left) > 0; {
		s.await("room", c.Writable)
		n, err := c.Write([][]byte{left})
		if err != nil && !errors.Is(err, ErrWait) {
			s.t.Fatal(err)
		}
		left = left[n:]
	}
}

// expect reads a text.
func (s *station) expect(c *Conn, text string) {
	s.t.Helper()
	if got := s.read(c, len(text)); string(got) != text {
		s.t.Fatalf("read %q", got)
	}
}

// read reads n bytes.
func (s *station) read(c *Conn, n int) []byte {
	s.t.Helper()
	got := make([]byte, n)
	for have := 0; have < n; {
		s.await("bytes", c.Readable)
		k, err := c.Read([][]byte{got[have:min(n, have+100)], got[min(n, have+100):]})
		if err != nil && !errors.Is(err, ErrWait) {
			s.t.Fatalf("after %d of %d: %v", have, n, err)
		}
		have += k
	}
	return got
}

// end reads until an error, and gives it.
func (s *station) end(c *Conn) error {
	s.t.Helper()
	room := make([]byte, 1<<16)
	for {
		s.await("the end", c.Readable)
		if _, err := c.Read([][]byte{room}); err != nil && !errors.Is(err, ErrWait) {
			return err
		}
	}
}
