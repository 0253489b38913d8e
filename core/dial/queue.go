package dial

import (
	"slices"

	"peerwire/core/bt"
)

// Ticket is a connection's right to be dialled: it waits in a Queue, and later holds a half-open place. Zero
// is no ticket. No ticket is given out twice.
type Ticket uint32

// Queue gives out the half-open places of a Session. Those who wait are served first in, first out within a
// torrent, and the torrents in turn; urgent ones before all others. [DIA-1]
type Queue struct {
	limit   int
	last    Ticket       // the last one given out
	served  bt.TorrentID // the torrent that had its turn last
	waiting []waiter     // in the order they joined
	open    []waiter     // those that hold a place, in the order they were given it
}

// waiter is a connection in the queue.
type waiter struct {
	ticket  Ticket
	conn    bt.ConnID
	torrent bt.TorrentID
	urgent  bool
}

// NewQueue has so many places; none if limit is 0 or less.
func NewQueue(limit int) *Queue { return &Queue{limit: limit} }

// Join puts a connection into the queue.
func (q *Queue) Join(torrent bt.TorrentID, conn bt.ConnID, urgent bool) Ticket {
	q.last++
	q.waiting = append(q.waiting, waiter{q.last, conn, torrent, urgent})
	return q.last
}

// Urge lets a ticket that waits or holds a place be an urgent one from now on.
func (q *Queue) Urge(t Ticket) {
	for _, list := range [...][]waiter{q.waiting, q.open} {
		for i := range list {
			list[i].urgent = list[i].urgent || list[i].ticket == t
		}
	}
}

// Next gives the next connection in turn a half-open place, if one is free and somebody waits. The place is
// free again when the ticket leaves.
func (q *Queue) Next() (bt.ConnID, bool) {
	if len(q.open) >= q.limit || len(q.waiting) == 0 {
		return 0, false
	}
	first := 0
	for i := range q.waiting {
		if q.before(&q.waiting[i], &q.waiting[first]) {
			first = i
		}
	}
	w := q.waiting[first]
	q.waiting = without(q.waiting, w.ticket)
	q.open = append(q.open, w)
	q.served = w.torrent
	return w.conn, true
}

// before tells whether w goes before v, which joined earlier.
func (q *Queue) before(w, v *waiter) bool {
	if w.urgent != v.urgent {
		return w.urgent
	}
	return q.turn(w.torrent) < q.turn(v.torrent)
}

// turn is how many ids lie between the torrent that was served last and t, going up and around. So the
// torrents are served in a circle, and the one that was served last comes last.
func (q *Queue) turn(t bt.TorrentID) bt.TorrentID { return t - q.served - 1 }

// Leave takes a ticket back, whether it waits or holds a place: the connection is made, failed or
// is withdrawn. A ticket that was taken back before, or zero, does nothing.
func (q *Queue) Leave(t Ticket) {
	q.open, q.waiting = without(q.open, t), without(q.waiting, t)
}

// without is a list without a ticket. An empty one takes no memory: most sessions dial at first, and then hardly ever.
func without(list []waiter, t Ticket) []waiter {
	list = slices.DeleteFunc(list, func(w waiter) bool { return w.ticket == t })
	if len(list) == 0 {
		return nil
	}
	return list
}

// Ahead is how many of those who wait will be served before a ticket that waits too, if nobody joins or leaves.
func (q *Queue) Ahead(t Ticket) int {
	rest := Queue{limit: len(q.waiting), served: q.served, waiting: append([]waiter(nil), q.waiting...)}
	for {
		if _, ok := rest.Next(); !ok || rest.open[len(rest.open)-1].ticket == t {
			return max(0, len(rest.open)-1)
		}
	}
}

// Newest is who joined last of those who wait without being urgent; of a torrent, or of all when it is zero.
func (q *Queue) Newest(of bt.TorrentID) (bt.ConnID, bool) {
	for i := len(q.waiting) - 1; i >= 0; i-- {
		if w := &q.waiting[i]; !w.urgent && (of == 0 || w.torrent == of) {
			return w.conn, true
		}
	}
	return 0, false
}

// Longest is who has held a place longest of those who are not urgent, of a torrent, or of all when it is zero.
func (q *Queue) Longest(of bt.TorrentID) (bt.ConnID, bool) {
	for i := range q.open {
		if w := &q.open[i]; !w.urgent && (of == 0 || w.torrent == of) {
			return w.conn, true
		}
	}
	return 0, false
}

// HalfOpen is how many hold a place, of a torrent, or of all when it is zero.
func (q *Queue) HalfOpen(of bt.TorrentID) (n int) {
	for i := range q.open {
		if of == 0 || q.open[i].torrent == of {
			n++
		}
	}
	return n
}

// Waiting is how many wait for one without being urgent. [DIA-16]
func (q *Queue) Waiting() (n int) {
	for i := range q.waiting {
		if !q.waiting[i].urgent {
			n++
		}
	}
	return n
}
