//go:build !linux || portable

package tcp

import (
	"net"
	"sync"
	"time"
)

// linger is how long what was written may take to be sent when the Conn is closed.
const linger = time.Second

// The bytes that are read, or written, ahead of the owner.
const (
	readSize  = 16 << 10
	writeSize = 256 << 10
)

// socket is a net.Conn with a goroutine that reads ahead, and one that writes behind once there was something to write.
type socket struct {
	sock *net.TCPConn

	mu       sync.Mutex
	changed  *sync.Cond
	in       []byte // read, and not taken
	inErr    error
	out      []byte // taken, and not written
	outErr   error
	writes   bool // the goroutine that writes was started
	shut     bool
	canRead  bool // to be told to the owner
	canWrite bool
}

// take keeps the socket.
func (s *socket) take(sock *net.TCPConn) error {
	s.sock, s.changed = sock, sync.NewCond(&s.mu)
	return nil
}

// Read reads what is there into the buffers, one after the other, without waiting: ErrWait when there is nothing, io.EOF at
// the end. No more than MaxBuffers of them are looked at, and they are not all empty.
func (c *Conn) Read(bufs [][]byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, b := range bufs[:min(len(bufs), MaxBuffers)] {
		k := copy(b, c.in)
		c.in = c.in[k:]
		n += k
	}
	if n > 0 {
		c.readable = len(c.in) > 0 || c.inErr != nil
		c.changed.Broadcast()
		return n, nil
	}
	if c.inErr != nil {
		return 0, c.inErr
	}
	c.readable = false
	return 0, ErrWait
}

// Write takes the buffers one after the other, as far as there is room, without waiting, and tells how many bytes that
// was; ErrWait when there was no room at all. No more than MaxBuffers of them are looked at, and they are not all empty.
func (c *Conn) Write(bufs [][]byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.outErr != nil {
		return 0, c.outErr
	}
	total, fits := 0, len(c.out) == 0
	for i := 0; fits && i < min(len(bufs), MaxBuffers); i++ {
		part := bufs[i][:min(len(bufs[i]), writeSize-total)]
		c.out = append(c.out, part...)
		total += len(part)
		fits = len(part) == len(bufs[i])
	}
	c.writable = fits
	if total == 0 {
		return 0, ErrWait
	}
	if !c.writes {
		c.writes = true
		c.poller.running.Go(c.writeBehind)
	}
	c.changed.Broadcast()
	return total, nil
}

// Close closes the connection. What was written is still delivered, unless that takes long. Closing again does nothing.
func (c *Conn) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shut {
		return
	}
	c.shut = true
	c.changed.Broadcast()
	now := time.Now()
	c.sock.SetReadDeadline(now)
	c.sock.SetWriteDeadline(now.Add(linger))
	if !c.writes {
		c.sock.Close()
	}
}

// readAhead reads whenever the owner has taken all that was read before.
func (c *Conn) readAhead() {
	room := make([]byte, readSize)
	taken := func() bool { return len(c.in) == 0 }
	for c.await(taken) {
		n, err := c.sock.Read(room)
		c.mu.Lock()
		c.in, c.inErr, c.canRead = room[:n], err, true
		c.mu.Unlock()
		c.poller.tell(c)
		if err != nil {
			return
		}
	}
}

// writeBehind writes what the owner left, and closes the socket in the end.
func (c *Conn) writeBehind() {
	left := func() bool { return len(c.out) > 0 }
	for c.await(left) {
		_, err := c.sock.Write(c.out) // the owner adds nothing before it is empty
		c.mu.Lock()
		c.out, c.outErr, c.canWrite = c.out[:0], err, true
		c.mu.Unlock()
		c.poller.tell(c)
	}
	c.sock.Close()
}

// await waits until something is so, and tells whether it became so before the Conn was closed.
func (c *Conn) await(so func() bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.shut && !so() {
		c.changed.Wait()
	}
	return so()
}
