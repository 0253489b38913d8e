package utp

import (
	"io"
	"net"
	"sync"
	"time"

	"peerwire/core/bt"
)

// What a pipe holds, bytes.
const (
	pipeChunk = 16 << 10  // read from the library at one time
	pipeOut   = 256 << 10 // written by the owner, and not by the library
	keepIn    = 64 << 10  // kept when it is empty
	firstIn   = 1 << 20   // that wait for the owner, until it allows more
)

// pipe is a connection of the library's with a goroutine that reads ahead, and one that writes behind. The library must always be
// read: once it holds 1 MiB that nobody has read its stream stands still for ever.
type pipe struct {
	lib  *library
	conn net.Conn
	flow *flow
	told *Conn // who is told of edges

	mu      sync.Mutex
	changed *sync.Cond
	in      []byte // read from the library
	taken   int    // of it, by the owner
	inErr   error
	limit   int  // of what is in
	starved bool // the owner has found nothing
	first   int  // bytes that the owner wrote first
	begun   bool // these are written; belongs to the goroutine that writes
	out     []byte
	spare   []byte // what out was before
	outErr  error
	full    bool // the owner has found no room
	shut    bool
}

// start begins to read and write.
func (p *pipe) start() {
	p.changed, p.limit = sync.NewCond(&p.mu), firstIn
	p.lib.running.Go(p.readAhead)
	p.lib.running.Go(p.writeBehind)
}

func (p *pipe) read(bufs [][]byte) (n int, more bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, b := range bufs {
		k := copy(b, p.in[p.taken:])
		p.taken += k
		n += k
	}
	left := p.taken < len(p.in)
	if !left {
		p.in, p.taken = p.in[:0], 0
		if cap(p.in) > keepIn {
			p.in = nil
		}
	}
	if n == 0 && p.inErr != nil {
		return 0, true, p.inErr
	}
	p.starved = !left && p.inErr == nil
	if n == 0 {
		return 0, false, ErrWait
	}
	return n, !p.starved, nil
}

func (p *pipe) write(bufs [][]byte) (n int, more bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.outErr != nil {
		return 0, true, p.outErr
	}
	for _, b := range bufs {
		part := b[:min(len(b), pipeOut-len(p.out))]
		p.out = append(p.out, part...)
		n += len(part)
		if len(part) < len(b) {
			p.full = true
			break
		}
	}
	if n == 0 {
		return 0, false, ErrWait
	}
	if p.first == 0 {
		p.first = n
	}
	p.changed.Signal()
	return n, !p.full, nil
}

// allow sets how many bytes may wait for the owner.
func (p *pipe) allow(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = n
}

// close has the connection end when what was written is sent, or soon.
func (p *pipe) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return
	}
	p.shut = true
	p.in, p.taken = nil, 0
	p.lib.under.release(p.flow)
	p.changed.Signal()
	now := time.Now()
	p.conn.SetReadDeadline(now)
	p.conn.SetWriteDeadline(now.Add(linger))
}

// readAhead reads whatever comes.
func (p *pipe) readAhead() {
	room := make([]byte, pipeChunk)
	for {
		n, err := p.conn.Read(room)
		if !p.came(room[:n], err) {
			return
		}
		p.lib.under.drained(p.flow)
	}
}

// came takes what was read, and tells whether to go on.
func (p *pipe) came(b []byte, err error) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shut {
		return false
	}
	if p.taken > 0 && len(p.in)+len(b) > cap(p.in) {
		p.in, p.taken = p.in[:copy(p.in, p.in[p.taken:])], 0
	}
	switch {
	case err != nil:
		p.inErr = p.fault(err)
		if err != io.EOF { // nothing can be written any more, but for a peer that has only finished
			p.lib.under.release(p.flow)
		}
	case len(p.in)-p.taken+len(b) > p.limit:
		p.lib.under.overrun()
		p.in, p.taken, p.inErr = nil, 0, failed(bt.Overrun)
	default:
		p.in = append(p.in, b...)
	}
	if p.starved || p.inErr != nil {
		p.starved = false
		p.told.tell(true, false)
	}
	return p.inErr == nil
}

// fault turns an error of the library's into one of ours. But for the peer's FIN and its RESET it ends a connection only when it hears
// nothing.
func (p *pipe) fault(err error) error {
	switch {
	case err == io.EOF:
		return io.EOF
	case p.lib.under.broken(p.flow):
		return failed(bt.Reset)
	}
	return failed(bt.TimedOut)
}

// writeBehind writes what the owner left, and closes the connection in the end.
func (p *pipe) writeBehind() {
	for out := p.next(); out != nil; out = p.next() {
		if err := p.deliver(out); err != nil {
			p.mu.Lock()
			p.outErr = p.fault(err)
			p.told.tell(false, true)
			p.mu.Unlock()
			p.awaitClose()
			break
		}
	}
	p.conn.Close()
	p.lib.ended(p)
}

// deliver gives bytes to the library. What was written first goes in a packet of its own, as the owner wrote it.
func (p *pipe) deliver(out []byte) error {
	if !p.begun {
		p.begun = true
		if err := p.give(out[:p.first]); err != nil {
			return err
		}
		out = out[p.first:]
	}
	return p.give(out)
}

// give gives bytes to the library as the peer has room for them.
func (p *pipe) give(out []byte) error {
	for len(out) > 0 {
		n, err := p.conn.Write(out[:p.lib.under.takes(p.flow, len(out))])
		if err != nil {
			return err
		}
		out = out[n:]
	}
	return nil
}

// next gives what is to be written; nil when the Conn is closed and there is nothing any more.
func (p *pipe) next() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.out) == 0 {
		if p.shut {
			return nil
		}
		p.changed.Wait()
	}
	p.out, p.spare = p.spare[:0], p.out
	if p.full {
		p.full = false
		p.told.tell(false, true)
	}
	return p.spare
}

func (p *pipe) awaitClose() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.shut {
		p.changed.Wait()
	}
}
