package loop

import (
	"peerwire/core/bt"
)

// The memory of reading, bytes.
const (
	roomSize = 512 << 10 // what one read can bring, beside the rest of a block
	fewBytes = 32 << 10  // read at one time when there are hardly any buffers left
	keepSize = 64        // what a link may hold for the beginning of a message, however short
)

// read takes what a socket has, as far as a turn goes.
func (l *Loop) read(k *link) {
	if k.halted && !k.starving() {
		l.goOn(k)
	}
	for budget := l.turnSize; k.reads(); {
		if budget <= 0 {
			l.readers.add(k)
			return
		}
		n, err := k.sock.Read(l.scatter(k))
		if waits(err) {
			continue
		}
		if err != nil {
			l.lost(k, err)
			return
		}
		budget -= n
		l.moved += n
		l.digest(k, n)
		l.allow(k)
	}
}

// reads tells whether the link is to be read and its socket has something. Whoever changes that puts the link in line.
func (k *link) reads() bool {
	return !k.gone && !k.paused && !k.halted && k.sock != nil && k.sock.Readable()
}

// starving tells whether a block arrives and there is no buffer for it.
func (k *link) starving() bool { return k.want == bt.WantPayload && k.buf == nil }

// roomNow is how much of the room is read into: no more than there are buffers for, roughly, so that little has to be
// kept aside for a link that starves.
func (l *Loop) roomNow() int {
	return min(len(l.room), max(l.freeBytes(), fewBytes))
}

// freeBytes is the memory that blocks which arrive can still have.
func (l *Loop) freeBytes() int { return l.opt.Arriving - l.store.arriving.Out() }

// head is where the next bytes belong when something has begun, a block or a message, and they are the rest of it.
func (k *link) head() []byte {
	if k.want == bt.WantPayload {
		return k.buf.Data[k.got:k.size]
	}
	if len(k.left) == 0 {
		return nil
	}
	k.makeGap()
	return k.left[len(k.left):min(cap(k.left), max(k.size, len(k.left)))]
}

// makeGap makes room for the rest of the message, but never much more than what has come of it: how long it
// is, only the peer says.
func (k *link) makeGap() {
	if n := len(k.left); n == cap(k.left) && n < k.size {
		k.left = append(make([]byte, 0, min(k.size, max(keepSize, 2*n))), k.left...)
	}
}

// fill takes n bytes that were read into the head.
func (l *Loop) fill(k *link, n int) {
	if n == 0 {
		return
	}
	if k.want == bt.WantPayload {
		l.came(k, n)
		return
	}
	k.left = k.left[:len(k.left)+n]
	l.complete(k)
}

// feed gives the session what was read, in the portions that it wants.
func (l *Loop) feed(k *link, data []byte) {
	for !k.gone {
		switch {
		case k.starving():
			k.halted = true
			k.keep(data)
			return
		case len(data) == 0:
			return
		case k.want != bt.WantBytes:
			n := min(len(data), k.size-k.got)
			if k.buf != nil {
				copy(k.buf.Data[k.got:], data[:n]) // the one copy that a block costs
			}
			data = data[n:]
			l.came(k, n)
		case len(k.left) > 0:
			n := min(len(data), max(k.size-len(k.left), 1))
			k.left = append(k.left, data[:n]...)
			data = data[n:]
			l.complete(k)
		default:
			l.receive(k, data)
			data = data[k.taken:]
			if k.want == bt.WantBytes && !k.gone {
				k.keep(data)
				return
			}
		}
	}
}

// goOn gives the session what was kept while there was no buffer.
func (l *Loop) goOn(k *link) {
	data := k.left
	k.halted, k.left = false, nil
	l.feed(k, data)
}

// receive gives the session bytes to take messages from.
func (l *Loop) receive(k *link, data []byte) {
	k.taken, k.size = 0, 0
	l.handle(bt.Event{Kind: bt.Received, Conn: k.id, Data: data})
}

// complete gives the session a message that had begun and may be whole now. It was given no more than it lacked, so
// all of it is taken, or nothing.
func (l *Loop) complete(k *link) {
	l.receive(k, k.left)
	if k.taken > 0 || k.gone {
		k.keep(nil)
	}
}

// came tells the session that n bytes of payload are where they belong.
func (l *Loop) came(k *link, n int) {
	if k.got += n; k.got == k.size {
		k.want, k.size, k.got, k.buf = bt.WantBytes, 0, 0, nil
	}
	l.handle(bt.Event{Kind: bt.PayloadRead, Conn: k.id, N: n})
}

// keep remembers what was read and not taken. Memory for more than the beginning of a short message is not held when
// there is no use for it.
func (k *link) keep(data []byte) {
	if cap(k.left) > keepSize && len(data) <= cap(k.left)/4 {
		k.left = nil
	}
	k.left = append(k.left[:0], data...)
}

// need takes what the session wants next of a connection.
func (l *Loop) need(e *bt.Effect) {
	k := l.links[e.Conn]
	if k == nil {
		return
	}
	k.taken, k.want, k.size, k.got, k.token = e.N, e.Want, e.Size, 0, e.Token
	if k.want == bt.WantPayload {
		l.supply(k)
	}
}

// pause stops the reading of a link, or has it go on.
func (l *Loop) pause(e *bt.Effect) {
	if k := l.links[e.Conn]; k != nil {
		k.paused = e.Kind == bt.PauseRead
		l.readers.add(k)
	}
}
