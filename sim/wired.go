package sim

import (
	"errors"

	"peerwire/core/bt"
	"peerwire/core/utp"
)

// nothing is what datagrams carry.
var nothing [64 << 10]byte

// post gives the socket of the end a segment, or has it wait.
func (e *End) post(s segment) {
	e.unsent += int32(s.size())
	f := e.world().hangar.flight(s)
	e.strip(e.world().hangar.data(f))
	e.out.push(f)
	e.feed()
	e.owner().(*Node).sock.stir()
}

// tend gives the socket of the end what waits, and takes what has arrived.
func (e *End) tend() {
	e.feed()
	e.draw()
	e.owner().(*Node).sock.stir()
}

// unplug takes the end from its socket.
func (e *End) unplug() {
	if e.wired {
		e.owner().(*Node).sock.drop(e)
	}
}

// feed gives the socket of the end what it takes of what waits.
func (e *End) feed() {
	if e == nil || !e.wired {
		return
	}
	u := e.owner().(*Node).sock
	id := e.few.stream
	if id == 0 {
		return
	}
	w, full := e.world(), e.room() == 0
	if e.few.held > w.now && !e.out.empty() {
		e.plan(e.few.held, tending, bt.OK)
		return
	}
	for !e.out.empty() {
		f := e.out.first()
		n := f.size()
		if n > 0 {
			n, _ = u.socket.Write(w.now, id, [][]byte{nothing[:min(n, len(nothing))]})
			if n == 0 {
				break
			}
		}
		e.unsent -= int32(n)
		if n < f.size() {
			e.far.way.push(w.hangar.split(f, n))
			continue
		}
		e.far.way.push(e.out.shift())
	}
	if full && e.room() > 0 && !e.closed {
		e.wake(w.now)
	}
	if e.closed && e.out.empty() {
		u.drop(e)
	}
}

// draw takes from the socket of the end what has arrived, and hands over the segments that it stands for.
func (e *End) draw() {
	if e == nil || !e.wired {
		return
	}
	e.refs++
	defer e.release()
	u := e.owner().(*Node).sock
	for !e.closed && !e.few.stuck && (!e.far.stopped || e.far.few.spare > 0) {
		id := e.few.stream
		if id == 0 {
			return
		}
		var room [4 << 10]byte
		n, err := u.socket.Read(e.world().now, id, [][]byte{room[:]})
		if e.far.stopped {
			e.far.own().spare = max(0, e.far.few.spare-n)
		}
		for n > 0 && !e.way.empty() { // it is when the connection ended meanwhile
			n -= e.take(n)
		}
		if errors.Is(err, utp.ErrEnd) {
			e.hear(e.world().hangar.flight(segment{end: true, fault: bt.EOF}))
		}
		if err != nil {
			return
		}
	}
}

// take hands over up to n bytes of the first segment on its way, and tells how many.
func (e *End) take(n int) int {
	f := e.way.shift()
	if f.size() > n {
		head := e.world().hangar.split(f, n)
		e.way.unshift(f)
		f = head
	}
	n = f.size()
	e.deliver(f)
	return n
}
