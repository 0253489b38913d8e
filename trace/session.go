package trace

import (
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
)

// Session is a core.Session that may be listened to: what it is told, and what it answers, goes into a trace.
type Session struct {
	*core.Session
	tape *tape // nil when nobody listens
}

// NewSession is a session that nobody listens to.
func NewSession(s *core.Session) Session { return Session{Session: s} }

// Handle is core.Session's.
func (s *Session) Handle(now bt.Instant, ev bt.Event) {
	if s.tape == nil {
		s.Session.Handle(now, ev)
		return
	}
	s.tape.told(now, &ev)
	defer s.tape.fallen()
	s.Session.Handle(now, ev)
	s.tape.under = false
}

// Transmit is core.Session's.
func (s *Session) Transmit(now bt.Instant, id bt.ConnID, buf []byte) bt.Transmission {
	if s.tape == nil {
		return s.Session.Transmit(now, id, buf)
	}
	s.tape.asked(now, id, len(buf))
	defer s.tape.fallen()
	t := s.Session.Transmit(now, id, buf)
	s.tape.under = false
	s.tape.said(id, buf[:t.N], &t)
	if len(buf) == 0 { // nothing can follow from it that had to be polled
		s.tape.due()
	}
	return t
}

// Poll is core.Session's.
func (s *Session) Poll(e *bt.Effect) bool {
	more := s.Session.Poll(e)
	if s.tape == nil {
		return more
	}
	if more {
		s.tape.effect(e)
	} else {
		s.tape.due()
	}
	return more
}

// End says that the session is no more.
func (s *Session) End(now bt.Instant) {
	if s.tape != nil {
		s.tape.begin(Ended, now)
		s.tape.to.put()
		s.tape.session.Watch(nil)
		s.tape = nil
	}
}

// tape is where a session is recorded.
type tape struct {
	to      *Writer
	session *core.Session
	streams streams
	now     bt.Instant
	at      bt.Instant // the deadline that was recorded last
	number  int
	timer   bt.Timer
	under   bool // a call is under way
}

// begin begins the record of a call.
func (t *tape) begin(k Kind, now bt.Instant) *Record {
	t.to.call(now)
	t.now = now
	r := &t.to.rec
	r.Kind, r.Session, r.Now = k, t.number, now
	return r
}

// told records an event. Of the bytes of Received it leaves out the payload, and what is recorded already.
func (t *tape) told(now bt.Instant, ev *bt.Event) {
	t.under = true
	r := t.begin(Told, now)
	r.Event = *ev
	t.to.put()
	r.Event.Data, r.Event.Sums, r.Event.Spec = nil, nil, nil
	if ev.Kind != bt.Received || t.to.err != nil {
		return
	}
	s := t.streams.of(ev.Conn)
	s.last = ev.Data[:s.control(ev.Data)]
	t.to.heard(s.again(s.last), s.last, len(ev.Data)-len(s.last))
}

// heard records the bytes of Received: how many are known, those that are not, and how many of payload followed.
func (w *Writer) heard(again int, data []byte, leftOut int) {
	fresh := data[again:]
	w.c.count(&again, MaxData, "a number of bytes told before")
	w.c.bytes(&fresh, MaxData, "a number of bytes")
	w.c.count(&leftOut, MaxLeftOut, "an amount of payload")
	w.err = w.c.err
}

func (t *tape) asked(now bt.Instant, id bt.ConnID, room int) {
	t.under = true
	r := t.begin(Asked, now)
	r.Conn, r.Room = id, room
	t.to.put()
}

// fallen sees to it that the call is in the trace that ends in a panic.
func (t *tape) fallen() {
	if t.under {
		t.to.write()
	}
}

// said records what Transmit gave, if it gave anything. If it did not it was the last, unless there was no room.
func (t *tape) said(id bt.ConnID, b []byte, g *bt.Transmission) {
	if g.N == 0 && g.Token == 0 {
		return
	}
	r := &t.to.rec
	r.Kind, r.Conn, r.Bytes, r.Token, r.Size, r.Last = Said, id, b, g.Token, g.Size, g.Last
	t.to.put()
	r.Bytes = nil
}

func (t *tape) effect(e *bt.Effect) {
	t.streams.answered(e)
	t.to.rec.Kind = Effected
	t.to.rec.Effect = *e
	t.to.put()
}

// moved records a transition.
func (t *tape) moved(p *peerfsm.Peer, before peerfsm.Flags) {
	r := &t.to.rec
	r.Kind, r.Conn = Moved, p.ID()
	m := &r.Move
	m.Flags, m.Closed, m.Banned = p.Flags(), p.Closed(), p.Banned()
	m.Changed = m.Flags ^ before
	if m.Changed == 0 && !m.Closed && !m.Banned {
		return
	}
	for f := range peerfsm.NumFlags {
		if m.explains(f) {
			m.Whys[f] = p.Why(f)
		}
	}
	t.to.put()
	if m.Closed {
		delete(t.streams, r.Conn)
	}
}

// due records the next deadline, if it is another than before.
func (t *tape) due() {
	at, timer := t.session.NextDeadline()
	if at == t.at && timer == t.timer {
		return
	}
	t.at, t.timer = at, timer
	r := &t.to.rec
	r.Kind, r.Now, r.At, r.Timer = Due, t.now, at, timer
	t.to.put()
}
