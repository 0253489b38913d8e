package loop

import (
	"errors"

	"peerwire/core/bt"
	"peerwire/shell/disk"
	"peerwire/shell/tcp"
)

// The size of one gathering write: so many blocks, with the control bytes before and between them.
const (
	gatherBlocks  = 16
	gatherControl = 4 << 10
)

// outgoing is what a link has taken from the session and not written yet.
type outgoing struct {
	control []byte                     // room for the control bytes, made at the first write
	parts   [2*gatherBlocks + 1][]byte // in order, pieces of control and blocks
	first   int                        // part that is not written yet
	count   int                        // parts
	bufs    [gatherBlocks]*disk.Buffer // that blocks lie in, to be freed when all is written
	blocks  int
}

func (o *outgoing) empty() bool { return o.first == o.count }

// drop frees the blocks.
func (o *outgoing) drop() {
	for i, b := range o.bufs[:o.blocks] {
		b.Free()
		o.bufs[i] = nil
	}
	clear(o.parts[:o.count])
	o.first, o.count, o.blocks = 0, 0, 0
}

// advance notes that n bytes were written.
func (o *outgoing) advance(n int) {
	for o.first < o.count && n >= len(o.parts[o.first]) {
		n -= len(o.parts[o.first])
		o.first++
	}
	if o.first < o.count {
		o.parts[o.first] = o.parts[o.first][n:]
	}
}

// enqueueWrite has a link written to at the end of the turn.
func (l *Loop) enqueueWrite(k *link) {
	if !k.queued && k.sock != nil {
		k.queued = true
		l.writers = append(l.writers, k)
	}
}

// write writes what the session has for a peer, as far as the socket takes it and a turn goes.
func (l *Loop) write(k *link) {
	for budget := writeTurn; !k.gone; {
		if k.out.empty() && !l.gather(k) {
			return
		}
		n, err := k.sock.Write(k.out.parts[k.out.first:k.out.count])
		if errors.Is(err, tcp.ErrWait) {
			k.sock.AwaitWrite()
			return
		}
		if err != nil {
			l.lost(k, err)
			return
		}
		if k.out.advance(n); k.out.empty() {
			k.out.drop()
		}
		if budget -= n; budget <= 0 {
			l.enqueueWrite(k)
			return
		}
	}
}

// gather takes from the session what the next write is to carry. It tells whether that is anything.
func (l *Loop) gather(k *link) bool {
	o := &k.out
	o.drop()
	if o.control == nil {
		o.control = make([]byte, gatherControl)
	}
	room := o.control
	for o.blocks < gatherBlocks && len(room) >= core64 {
		t := l.session.Transmit(l.now, k.id, room)
		l.drain()
		if k.gone {
			return false
		}
		if t.N == 0 && t.Token == 0 {
			break
		}
		o.add(room[:t.N])
		room = room[t.N:]
		if t.Token != 0 {
			o.addBlock(l.claim(t.Token), t.Size)
		}
	}
	return !o.empty()
}

// core64 is the least room that Transmit needs.
const core64 = 64

func (o *outgoing) add(part []byte) {
	if len(part) > 0 {
		o.parts[o.count] = part
		o.count++
	}
}

func (o *outgoing) addBlock(b *disk.Buffer, size int) {
	o.add(b.Data[:size])
	o.bufs[o.blocks] = b
	o.blocks++
}

// claim takes over the block behind a token: it is the loop's alone from now on.
func (l *Loop) claim(t bt.Token) *disk.Buffer {
	b := l.blocks[t]
	delete(l.blocks, t)
	return b.buf
}
