package core

import (
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/table"
)

// schedule is a heap of connections by deadline. A connection's entry may be earlier than its true
// deadline, never later: deadlines move on with every block, and are looked at only when they seem due.
type schedule struct {
	heap    []entry
	own     [bt.NumTimers]bt.Instant // deadlines of the session itself
	soonest bt.Instant               // in the heap, or bt.Never
}

// entry is a connection in the schedule. The time stands in it, so that a connection is looked at only where two have the same.
type entry struct {
	deadline bt.Instant // never later than the peer's own
	conn     *conn
}

func (h *schedule) less(i, j int) bool {
	a, b := &h.heap[i], &h.heap[j]
	if a.deadline != b.deadline {
		return a.deadline < b.deadline
	}
	return a.conn.peer.ID() < b.conn.peer.ID()
}

func (h *schedule) swap(i, j int) {
	h.heap[i], h.heap[j] = h.heap[j], h.heap[i]
	h.heap[i].conn.place, h.heap[j].conn.place = int32(i), int32(j)
}

func (h *schedule) up(i int) {
	for i > 0 {
		parent := (i - 1) / 2
		if !h.less(i, parent) {
			return
		}
		h.swap(i, parent)
		i = parent
	}
}

func (h *schedule) down(i int) {
	for {
		least := i
		for c := 2*i + 1; c <= 2*i+2 && c < len(h.heap); c++ {
			if h.less(c, least) {
				least = c
			}
		}
		if least == i {
			return
		}
		h.swap(i, least)
		i = least
	}
}

func (h *schedule) add(c *conn) {
	at, _ := c.peer.Reckon()
	c.place = int32(len(h.heap))
	h.heap = append(table.Spacious(h.heap), entry{at, c})
	h.up(int(c.place))
	h.note()
}

// note notes what comes first.
func (h *schedule) note() {
	h.soonest = bt.Never
	if len(h.heap) > 0 {
		h.soonest = h.heap[0].deadline
	}
}

func (h *schedule) remove(c *conn) {
	i, last := int(c.place), len(h.heap)-1
	h.swap(i, last)
	h.heap[last] = entry{}
	h.heap = h.heap[:last]
	if i < last {
		h.down(i)
		h.up(i)
	}
	c.place = -1
	h.note()
}

// touch keeps the entry of a connection no later than its deadline.
func (h *schedule) touch(c *conn) {
	if !c.peer.Sooner() || c.place < 0 { // as it is after most messages
		return
	}
	if at, _ := c.peer.Reckon(); at < h.heap[c.place].deadline {
		h.heap[c.place].deadline = at
		h.up(int(c.place))
		h.note()
	}
}

// first is the connection with the earliest true deadline, that deadline, and its name; nil when there is none.
func (h *schedule) first() (*conn, bt.Instant, bt.Timer) {
	for len(h.heap) > 0 {
		e := &h.heap[0]
		at, name := e.conn.peer.Reckon()
		if at == e.deadline {
			if at == bt.Never {
				break
			}
			return e.conn, at, name
		}
		e.deadline = at
		h.down(0)
		h.note()
	}
	return nil, bt.Never, bt.NoTimer
}

// before is a time before which nothing is due: next, or earlier. It looks at no connection, and is asked for with every event.
func (h *schedule) before() bt.Instant {
	at := h.soonest
	for k := bt.TimerRechoke; k < bt.NumTimers; k++ {
		if own := h.own[k]; own != 0 && own < at {
			at = own
		}
	}
	return at
}

// next is the earliest of all deadlines: of a connection, or of the session itself when c is nil. Of equals the
// session's come first. [TMR-2]
func (h *schedule) next() (at bt.Instant, c *conn, name bt.Timer) {
	at = bt.Never
	for k := bt.TimerRechoke; k < bt.NumTimers; k++ {
		if h.own[k] != 0 && h.own[k] < at {
			at, name = h.own[k], k
		}
	}
	if first, due, timer := h.first(); due < at {
		return due, first, timer
	}
	return at, nil, name
}

// start lets a deadline of the session itself run, unless it does.
func (h *schedule) start(name bt.Timer, at bt.Instant) {
	if h.own[name] == 0 {
		h.own[name] = at
	}
}

// NotBefore is a time before which nothing is due: that of NextDeadline, or an earlier one. It is for who asks after every event, and costs
// less.
func (s *Session) NotBefore() bt.Instant { return s.schedule.before() }

// NextDeadline is when Handle must be called at the latest, and what for; Never when there is nothing to wait for.
func (s *Session) NextDeadline() (bt.Instant, bt.Timer) {
	at, _, name := s.schedule.next()
	return at, name
}

// fallDue lets happen what is due, when something seems to be. gap is the time since the session was called last.
func (s *Session) fallDue(now bt.Instant, gap time.Duration) {
	if at, _, _ := s.schedule.next(); at <= now {
		s.forgive(now.Sub(at), gap)
		s.fire(now)
	}
}

// fire lets all happen that is due: in the order of time, connection, kind. [TMR-2]
func (s *Session) fire(now bt.Instant) {
	for {
		at, c, name := s.schedule.next()
		if at > now {
			return
		}
		s.hit(clause.TMR1)
		s.hit(clause.TMR2)
		if c == nil {
			s.fireOwn(now, name)
			continue
		}
		if cause := c.peer.Fire(now, name); cause != bt.NoCause {
			s.hitTimeout(c, cause)
			s.close(now, c, bt.Reason{Cause: cause})
			continue
		}
		s.tend(now, c, name)
	}
}

// hitTimeout records which of its two times a dial has used up. [TMR-3] [TMR-21]
func (s *Session) hitTimeout(c *conn, cause bt.Cause) {
	switch {
	case cause != bt.ConnectTimeout:
	case s.yields(c):
		s.hit(clause.TMR21)
	default:
		s.hit(clause.TMR3)
	}
}

// tend lets a connection act on what a timer changed.
func (s *Session) tend(now bt.Instant, c *conn, name bt.Timer) {
	if t := c.torrent; t != nil {
		switch name {
		case bt.TimerRequest:
			t.GiveBack(&c.peer)
		case bt.TimerSuperSeed:
			t.ShowAnother(&c.peer)
		}
		t.Pump(&c.peer)
	}
	s.schedule.touch(c)
}

func (s *Session) fireOwn(now bt.Instant, name bt.Timer) {
	s.schedule.own[name] = 0
	switch name {
	case bt.TimerRechoke:
		s.rechoke(now)
	case bt.TimerOptimistic:
		s.rotate(now)
	case bt.TimerDial:
		s.dialling.due = true
	case bt.TimerNoInterest:
		s.makeRoom(now)
	case bt.TimerTwin:
		s.execute(now)
	case bt.TimerTurnover:
		s.turnover(now)
		s.armTurnover(now)
	case bt.TimerEndGame:
		s.retry()
	case bt.TimerHaves:
		s.tellHaves()
	}
}

// maxLateness is how long after a deadline Handle may be called without the time between being taken for a jump.
const maxLateness = 5 * time.Second // [TMR-14]

// forgive moves the blame timers on when time has jumped: the machine was suspended, and no peer did that. They stand where they
// stood when we last looked: what the peers have sent meanwhile is still to be read. [TMR-14]
func (s *Session) forgive(lateness, gap time.Duration) {
	if lateness <= maxLateness {
		return
	}
	s.hit(clause.TMR14)
	for i := range s.schedule.heap {
		s.schedule.heap[i].conn.peer.Forgive(gap)
	}
	for i := range s.sentences {
		s.sentences[i].at = s.sentences[i].at.Add(gap)
	}
	s.nextSentence()
}
