package tcp

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"testing"

	"peerwire/core/bt"
)

// noise is n random bytes.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{byte(n)}).Read(b)
	return b
}

// TestEcho sends a megabyte there and back, over both families, from both sides.
func TestEcho(t *testing.T) {
	for _, host := range []string{"127.0.0.1", "::1"} {
		for _, out := range []bool{true, false} {
			s := newStation(t)
			c, far := s.meet(host, out)
			if got := c.Remote(); got.String() != far.LocalAddr().String() {
				t.Errorf("the peer's end is %v, not %v", got, far.LocalAddr())
			}
			done := make(chan error, 1)
			go func() {
				_, err := io.CopyN(far, far, 1<<20)
				done <- err
			}()
			sent := noise(1 << 20)
			var got []byte
			for rest := sent; len(got) < len(sent); { // both at once: the echo must not stand still
				s.await("anything", func() bool { return c.Readable() || len(rest) > 0 && c.Writable() })
				if len(rest) > 0 && c.Writable() {
					n, err := c.Write([][]byte{rest[:1], nil, rest[1:]})
					if err != nil && !errors.Is(err, ErrWait) {
						t.Fatal(err)
					}
					rest = rest[n:]
				}
				if c.Readable() {
					room := make([]byte, 100<<10)
					n, err := c.Read([][]byte{room})
					if err != nil && !errors.Is(err, ErrWait) {
						t.Fatal(err)
					}
					got = append(got, room[:n]...)
				}
			}
			if err := <-done; err != nil || !bytes.Equal(got, sent) {
				t.Errorf("%s, out %v: the echo differs: %v", host, out, err)
			}
		}
	}
}

// TestUnmapped wants the IPv4 address of a peer that connects to a socket of both families.
func TestUnmapped(t *testing.T) {
	s := newStation(t)
	l, err := Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	accepted := make(chan *Conn, 1)
	l.Serve(func(c *Conn) { accepted <- c })
	defer l.Close()
	far, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", portOf(l)))
	if err != nil {
		t.Fatal(err)
	}
	defer far.Close()
	c := <-accepted
	s.watch(c)
	if a := c.Remote().Addr(); !a.Is4() {
		t.Errorf("the peer is %v", a)
	}
}

func portOf(l *Listener) string {
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// TestEdges is many small writes against a reader that stops wherever it likes: were one edge lost, it would wait
// for ever.
func TestEdges(t *testing.T) {
	const writes = 20_000
	s := newStation(t)
	c, far := s.meet("127.0.0.1", false)
	data := noise(writes * 40)
	go func() {
		r := rand.New(rand.NewPCG(1, 2))
		for rest := data; len(rest) > 0; {
			n, err := far.Write(rest[:min(len(rest), 1+r.IntN(80))])
			if err != nil {
				return // the test fails by itself
			}
			rest = rest[n:]
		}
	}()
	r := rand.New(rand.NewPCG(3, 4))
	got := s.readAll(c, len(data), func() (int, int) { return r.IntN(60), 1 + r.IntN(300) })
	if !bytes.Equal(got, data) {
		t.Error("what was read differs from what was written")
	}
	if _, err := c.Read([][]byte{make([]byte, 1)}); !errors.Is(err, ErrWait) || c.Readable() {
		t.Errorf("reading on gives %v", err)
	}
}

// TestEnd wants the end of the stream to be seen, though it came together with the last bytes and so with their edge.
func TestEnd(t *testing.T) {
	for _, room := range []int{4, 5, 100} {
		s := newStation(t)
		c, far := s.meet("127.0.0.1", true)
		far.Write([]byte("bytes"))
		far.CloseWrite()
		var got []byte
		var err error
		for err == nil {
			s.await("the end", c.Readable)
			b := make([]byte, room)
			var n int
			if n, err = c.Read([][]byte{b[:2], nil, b[2:]}); errors.Is(err, ErrWait) {
				err = nil
			}
			got = append(got, b[:n]...)
		}
		if !errors.Is(err, io.EOF) || string(got) != "bytes" {
			t.Errorf("room %d: %q and then %v", room, got, err)
		}
		// Half is still open.
		s.writeAll(c, []byte("answer"), func() int { return 3 })
		c.Close()
		if b, err := io.ReadAll(far); err != nil || string(b) != "answer" {
			t.Errorf("the peer reads %q, %v", b, err)
		}
	}
}

// TestReset wants a broken connection to be told as such, to whoever waits for it.
func TestReset(t *testing.T) {
	s := newStation(t)
	c, far := s.meet("127.0.0.1", true)
	s.await("nothing yet", c.Writable)
	far.SetLinger(0)
	far.Close()
	s.await("the reset", c.Readable)
	if _, err := c.Read([][]byte{make([]byte, 9)}); FaultOf(err) != bt.Reset {
		t.Errorf("reading gives %v", err)
	}
}

// TestPressure writes to a peer that does not read: that ends, and goes on when it reads.
func TestPressure(t *testing.T) {
	const most = 64 << 20 // far more than the buffers of both ends
	s := newStation(t)
	c, far := s.meet("127.0.0.1", false)
	block := noise(100_003)
	written := 0
	for c.Writable() && written < most {
		n, err := c.Write([][]byte{block[written%len(block):]})
		if err != nil && !errors.Is(err, ErrWait) {
			t.Fatal(err)
		}
		written += n
		if !c.Writable() {
			s.Wait(0) // an edge that came meanwhile
		}
	}
	if written == 0 || written >= most {
		t.Fatalf("%d bytes were written to a peer that reads none", written)
	}
	seen := make(chan int, 1)
	go func() {
		total := 0
		for b := make([]byte, len(block)); ; {
			n, err := far.Read(b)
			for i := range n {
				if b[i] != block[(total+i)%len(block)] {
					n, err = 0, io.ErrUnexpectedEOF
					break
				}
			}
			if total += n; err != nil {
				seen <- total
				return
			}
		}
	}()
	for end := written + 10*len(block); written < end; {
		s.await("room", c.Writable)
		n, err := c.Write([][]byte{block[written%len(block):]})
		if err != nil && !errors.Is(err, ErrWait) {
			t.Fatal(err)
		}
		written += n
	}
	s.await("all written", c.Writable)
	c.Close()
	if n := <-seen; n != written {
		t.Errorf("%d bytes were written, and %d of them arrived right", written, n)
	}
}

// TestManyBuffers writes more buffers than one call takes, empty ones among them.
func TestManyBuffers(t *testing.T) {
	s := newStation(t)
	c, far := s.meet("127.0.0.1", true)
	data := noise(5 * MaxBuffers)
	i := 0
	s.writeAll(c, data, func() int { i++; return i % 3 })
	c.Close()
	if got, err := io.ReadAll(far); err != nil || !bytes.Equal(got, data) {
		t.Errorf("%d bytes arrived of %d: %v", len(got), len(data), err)
	}
}
