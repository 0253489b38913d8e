//go:build !unix

package tcp

import "sync/atomic"

// MaxBuffers is how many buffers one Write looks at.
const MaxBuffers = 64

// aheadSize is how many bytes are read, or written, ahead of the owner where a socket cannot be used without waiting.
const aheadSize = 64 << 10

// transfers holds what the goroutines of the Conn have read, and are to write.
type transfers struct {
	in, out       []byte // read and not taken; taken and not written
	inErr, outErr error
	writing       atomic.Bool // out is the goroutine's
	room          [aheadSize]byte
}

func (t *transfers) init() {}

// Read reads what is there, at most len(b) bytes, without waiting: ErrWait when there is nothing, io.EOF at
// the end. b is not empty.
func (c *Conn) Read(b []byte) (int, error) {
	if len(c.io.in) == 0 {
		if c.io.inErr != nil {
			return 0, c.io.inErr
		}
		return 0, ErrWait
	}
	n := copy(b, c.io.in)
	c.io.in = c.io.in[n:]
	return n, nil
}

// Write takes the buffers one after the other, as far as there is room, without waiting, and tells how many bytes that
// was; ErrWait when there was no room at all. No more than MaxBuffers of them are looked at.
func (c *Conn) Write(bufs [][]byte) (total int, err error) {
	if c.io.writing.Load() {
		return 0, ErrWait
	}
	if c.io.outErr != nil {
		return 0, c.io.outErr
	}
	for _, b := range bufs[:min(len(bufs), MaxBuffers)] {
		if total += len(b); total > aheadSize {
			total -= len(b)
			break
		}
		c.io.out = append(c.io.out, b...)
	}
	c.io.writing.Store(true)
	c.AwaitWrite()
	return total, nil
}

// awaitReadable reads ahead, once the owner has taken all that was read before.
func (c *Conn) awaitReadable() {
	if len(c.io.in) > 0 || c.io.inErr != nil {
		return
	}
	var n int
	n, c.io.inErr = c.sock.Read(c.io.room[:])
	c.io.in = c.io.room[:n]
}

// awaitWritable writes what the owner left.
func (c *Conn) awaitWritable() {
	if c.io.writing.Load() {
		_, c.io.outErr = c.sock.Write(c.io.out)
		c.io.out = c.io.out[:0]
		c.io.writing.Store(false)
	}
}
