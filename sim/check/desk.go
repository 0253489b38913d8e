package check

import (
	"slices"

	"peerwire/core/bt"
)

// desk is what the node's core has asked its disk for, and what that keeps it from.
type desk struct {
	reads   []read                 // in the order in which they were asked for; read or not, until the block is sent or let go
	writes  map[bt.Token]bt.Block  // not answered
	from    map[bt.Token]bt.ConnID // of payload that is being received
	waiting int                    // bytes of writes
	paused  []bt.ConnID            // of which nothing is read
	fresh   []bt.ConnID            // of them those that the core has just stopped
}

// read is a block that is read to be sent.
type read struct {
	token bt.Token
	conn  bt.ConnID
	block bt.Block
}

// tellDesk takes the disk's answers.
func (n *nodeWatch) tellDesk(ev *bt.Event) {
	switch ev.Kind {
	case bt.Stored:
		if b, ok := n.desk.writes[ev.Token]; ok {
			delete(n.desk.writes, ev.Token)
			n.desk.waiting -= int(b.Length)
			n.stored(ev.Token, b, ev.Fault)
		}
	case bt.Fetched:
		i := slices.IndexFunc(n.desk.reads, func(r read) bool { return r.token == ev.Token })
		if i >= 0 && ev.Fault != bt.OK {
			n.lose(n.desk.reads[i].block.Piece)
			n.desk.reads = slices.Delete(n.desk.reads, i, i+1)
		}
	}
}

// askDesk takes what the core asks its disk for, and what it has read for in vain. [PCK-11] [MSG-27]
func (n *nodeWatch) askDesk(e *bt.Effect) {
	switch e.Kind {
	case bt.Fetch:
		if !n.ours.Test(uint(e.Block.Piece)) {
			n.fail(Reads, "%v is to be sent %v, of a piece that is not verified", e.Conn, e.Block)
		}
		n.desk.reads = append(n.desk.reads, read{e.Token, e.Conn, e.Block})
	case bt.Release:
		n.desk.reads = slices.DeleteFunc(n.desk.reads, func(r read) bool { return r.token == e.Token })
		delete(n.desk.from, e.Token)
	case bt.Store:
		n.desk.writes[e.Token] = e.Block
		n.desk.waiting += int(e.Block.Length)
		n.receive(e.Token, e.Block, n.desk.from[e.Token])
		delete(n.desk.from, e.Token)
	case bt.PauseRead:
		n.desk.paused, n.desk.fresh = append(n.desk.paused, e.Conn), append(n.desk.fresh, e.Conn)
	case bt.ResumeRead:
		n.resumed(e.Conn)
	}
}

// sent takes it that a block is on its way.
func (n *nodeWatch) sent(id bt.ConnID, b bt.Block) {
	if i := slices.IndexFunc(n.desk.reads, func(r read) bool { return r.conn == id && r.block == b }); i >= 0 {
		n.desk.reads = slices.Delete(n.desk.reads, i, i+1)
	}
}

// resumed takes it that a connection is read again, or is no more.
func (n *nodeWatch) resumed(id bt.ConnID) {
	is := func(other bt.ConnID) bool { return other == id }
	n.desk.paused, n.desk.fresh = slices.DeleteFunc(n.desk.paused, is), slices.DeleteFunc(n.desk.fresh, is)
}

// A connection is not read when so much waits for the disk, or so many answers for the peer. [LIM-7] [LIM-9]
const (
	maxWaiting = 16 << 20 // bytes
	maxAnswers = 1000
)

// clogged tells whether so many answers may wait for a peer that it is not read: not all that it awaits need wait for it.
func (n *nodeWatch) clogged(id bt.ConnID) bool {
	t := n.talks[id]
	return t != nil && len(t.asked) >= maxAnswers
}

// doneDesk wants reading to stop for a reason, and to go on when that is gone; and nothing to be kept for who is to be choked. [ANN-7]
func (n *nodeWatch) doneDesk() {
	for _, id := range n.desk.fresh {
		if n.desk.waiting <= maxWaiting && !n.clogged(id) {
			n.fail(Pauses, "%v is not read, and %d bytes wait for the disk", id, n.desk.waiting)
		}
	}
	n.desk.fresh = n.desk.fresh[:0]
	for _, id := range n.desk.paused {
		if n.desk.waiting == 0 && !n.clogged(id) {
			n.fail(Pauses, "%v is not read any more, and nothing waits for the disk", id)
		}
	}
	for _, r := range n.desk.reads {
		t := n.talks[r.conn]
		if t == nil || t.choking || t.allowed[r.block.Piece] {
			continue
		}
		if s, ok := n.node.Session().State(r.conn); ok && s.Choked() {
			n.fail(Reads, "%v is to be choked, and %v is kept for it", r.conn, r.block)
		}
	}
}
