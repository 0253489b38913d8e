package tcp

import (
	"io"
	"sync/atomic"
	"testing"
	"time"
)

// TestWake wants no call of Wake to be lost, whenever it comes.
func TestWake(t *testing.T) {
	s := newStation(t)
	var asked atomic.Int64
	const times = 20_000
	go func() {
		for range times {
			asked.Add(1)
			s.Wake()
		}
	}()
	for seen := int64(0); seen < times; {
		if now := asked.Load(); now > seen {
			seen = now
			continue
		}
		s.Wait(-1)
	}
	s.Wake()
	s.Wake()
	s.Wait(-1) // one for both
	s.Close()
	s.Wake()
}

// TestLimit wants no Wait to end early.
func TestLimit(t *testing.T) {
	s := newStation(t)
	for _, limit := range []time.Duration{0, 1, time.Microsecond, 1500 * time.Microsecond, 7 * time.Millisecond} {
		start := time.Now()
		s.Wait(limit)
		if took := time.Since(start); took < limit {
			t.Errorf("waited %v of %v", took, limit)
		}
	}
}

// TestClosed wants a connection that is closed not to be told of again, and its place to be used by others.
func TestClosed(t *testing.T) {
	s := newStation(t)
	for range 50 {
		c, far := s.meet("127.0.0.1", true)
		stays, other := s.meet("127.0.0.1", false)
		s.await("room", func() bool { return c.Writable() && stays.Writable() })
		told := s.retell(c)
		other.Write([]byte("x"))
		far.Write([]byte("x"))
		c.Close()
		c.Close()
		s.await("the other's bytes", stays.Readable)
		if *told != 0 {
			t.Fatal("a closed connection was told of")
		}
		if b, err := io.ReadAll(far); len(b) > 0 {
			t.Fatalf("the peer reads %q, %v", b, err)
		}
		stays.Close()
	}
}

// retell has what is said of c from now on counted anew.
func (s *station) retell(c *Conn) *int {
	told := new(int)
	c.ready = func() { *told++ }
	return told
}
