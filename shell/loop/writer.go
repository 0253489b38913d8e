package loop

import (
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/shell/disk"
)

// The size of one gathering write: so many blocks, with the control bytes before and between them.
const (
	gatherBlocks  = 32
	gatherControl = 4 << 10 // bytes
	maxSpare      = 8       // unused outgoings that are kept
)

// outgoing is what was taken from the session and not written yet. Only a link that is being written to, or whose socket
// has no room, has one.
type outgoing struct {
	control [gatherControl]byte
	parts   [2*gatherBlocks + 1][]byte // in order, pieces of control and blocks
	first   int                        // part that is not written yet
	count   int                        // parts
	bufs    [gatherBlocks]*disk.Buffer // that blocks lie in, to be freed when all is written
	blocks  int
}

// drop frees the blocks.
func (o *outgoing) drop() {
	for i, b := range o.bufs[:o.blocks] {
		b.Free()
		o.bufs[i] = nil
	}
	clear(o.parts[:o.count])
	o.first, o.count, o.blocks = 0, 0, 0
}

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

// advance notes that n bytes were written, and tells whether that was all.
func (o *outgoing) advance(n int) bool {
	for o.first < o.count && n >= len(o.parts[o.first]) {
		n -= len(o.parts[o.first])
		o.first++
	}
	if o.first == o.count {
		return true
	}
	o.parts[o.first] = o.parts[o.first][n:]
	return false
}

// wantWrite notes that the session has something to say to a peer. It is asked what, and told it, at the end of the turn.
func (l *Loop) wantWrite(e *bt.Effect) {
	if k := l.links[e.Conn]; k != nil {
		k.wants = true
		if k.sock != nil && k.sock.Writable() {
			l.writers.add(k)
		}
	}
}

// write writes what the session has for a peer, as far as the socket takes it and a turn goes.
func (l *Loop) write(k *link) {
	for budget := l.turnSize; !k.gone && k.sock.Writable(); {
		if budget <= 0 {
			l.writers.add(k)
			return
		}
		if k.out == nil && !l.gather(k) {
			return
		}
		l.allow(k)
		n, err := k.sock.Write(k.out.parts[k.out.first:k.out.count])
		if waits(err) {
			continue
		}
		if err != nil {
			l.lost(k, err)
			return
		}
		budget -= n
		if k.out.advance(n) {
			l.putSpare(k)
		} else if k.wants {
			l.session.Transmit(l.now, k.id, nil) // the peer reads, if slowly
		}
	}
}

// gather takes from the session what the next write is to carry. It tells whether that is anything.
func (l *Loop) gather(k *link) bool {
	if !k.wants {
		return false
	}
	o := l.getSpare()
	k.out = o
	for room := k.opening(o.control[:]); k.wants && o.blocks < gatherBlocks && len(room) >= core.MinTransmit; {
		t := l.session.Transmit(l.now, k.id, room)
		o.add(room[:t.N])
		room = room[t.N:]
		if t.Token != 0 {
			o.addBlock(l.store.claim(t.Token), t.Size)
		}
		k.wants = !t.Last
		if l.drain(); k.gone {
			return false
		}
	}
	if o.count == 0 {
		l.putSpare(k)
		return false
	}
	return true
}

// opening is the room for what is next: over uTP the handshake goes by itself, in a packet of its own. Transmission 3.00 leaves what comes in
// the same packet until there is another, which would be our keep-alive after a minute.
func (k *link) opening(room []byte) []byte {
	if k.bounded == nil || k.opened {
		return room
	}
	k.opened = true
	return room[:wire.HandshakeLen]
}

// getSpare gives an empty outgoing.
func (l *Loop) getSpare() *outgoing {
	if len(l.spare) == 0 {
		return new(outgoing)
	}
	o := l.spare[len(l.spare)-1]
	l.spare = l.spare[:len(l.spare)-1]
	return o
}

// putSpare takes a link's outgoing back, and frees what is in it.
func (l *Loop) putSpare(k *link) {
	k.out.drop()
	if len(l.spare) < maxSpare {
		l.spare = append(l.spare, k.out)
	}
	k.out = nil
}
