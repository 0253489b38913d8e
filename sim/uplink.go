package sim

import (
	"time"

	"peerwire/core/bt"
)

// uplink is what all connections of a host send through, each in its turn. Who has little to say, and says it seldom, need not wait behind
// the blocks of others: as with the fair queues of today's routers.
type uplink struct {
	node  *Node
	rate  int64         // bytes a second
	full  int64         // the same when nothing is wrong with it
	owed  int64         // what division left over, in billionths of a byte
	busy  bt.Instant    // when what was sent is through
	sent  int64         // bytes
	spent time.Duration // of the time that it was busy
	first *End          // of those that wait for their turn
	last  *End
	armed bool // its next turn is planned
}

const (
	sendBuffer = 32 << 10 // bytes that a connection may have waiting for its turn
	sparse     = 256      // bytes that go ahead when the connection has nothing else to say
)

// uplinkOf is the uplink of a host; nil when it has none.
func uplinkOf(h Host) *uplink {
	if n, ok := h.(*Node); ok {
		return n.uplink
	}
	return nil
}

// take gives the uplink something that an end sends.
func (u *uplink) take(e *End, f *flight) {
	now := e.world().now
	if idle := u.busy <= now && u.first == nil; e.out.empty() && (idle || f.size() <= sparse) {
		e.launch(f, now.Add(u.pass(now, f.size())))
		return
	}
	u.follow(e, f)
}

// pass lets bytes through, and tells how long they take by themselves.
func (u *uplink) pass(now bt.Instant, n int) time.Duration {
	if u.busy < now {
		u.busy, u.owed = now, 0
	}
	work := int64(n)*int64(time.Second) + u.owed
	took := time.Duration(work / u.rate)
	u.owed = work % u.rate
	u.busy = u.busy.Add(took)
	u.sent += int64(n)
	u.spent += took
	return took
}

// follow lets a flight wait for the end's turn.
func (u *uplink) follow(e *End, f *flight) {
	e.unsent += int32(f.size())
	if e.out.empty() {
		u.join(e)
	}
	e.out.push(f)
	u.arm()
}

// join puts an end behind all that wait.
func (u *uplink) join(e *End) {
	if e.next = nil; u.first == nil {
		u.first = e
	} else {
		u.last.next = e
	}
	u.last = e
}

// arm plans the next turn.
func (u *uplink) arm() {
	if u.armed || u.first == nil {
		return
	}
	u.armed = true
	u.node.plan(max(u.busy, u.node.world.now), turning)
}

// turn lets the end that waits longest send: up to a block, and what goes ahead of it.
func (u *uplink) turn() {
	u.armed = false
	e := u.first
	if u.first = e.next; u.first == nil {
		u.last = nil
	}
	e.next = nil
	full := e.room() == 0
	now := e.world().now
	for block := false; !block && !e.out.empty(); {
		f := e.out.shift()
		block = f.hasRun()
		e.unsent -= int32(f.size())
		u.pass(now, f.size())
		e.launch(f, u.busy)
	}
	if !e.out.empty() {
		u.join(e)
	}
	if full && e.room() > 0 {
		e.wake(now)
	}
	u.arm()
	e.retire()
}
