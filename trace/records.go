package trace

import "peerwire/core/bt"

// record is a record, but for the bytes of Received. Calls tell the time since the call before, in last.
func (c *codec) record(r *Record, last *bt.Instant) {
	at := c.at
	c.uint8((*uint8)(&r.Kind), "the kind of a record")
	switch r.Kind {
	case Begun, Told, Asked, Ended:
		c.call(r, last)
	case Moved:
		c.conn(&r.Conn)
		c.move(&r.Move)
	case Said:
		c.conn(&r.Conn)
		c.bytes(&r.Bytes, MaxData, "a number of bytes")
		c.token(&r.Token)
		c.count(&r.Size, MaxLeftOut, "the length of a block")
		if c.version != silent {
			c.flag(&r.Last, "that this was the last")
		}
	case Effected:
		c.effect(&r.Effect)
	case Due:
		c.due(r)
	default:
		c.fail(at, "there is no such kind of record")
	}
}

// call is the head of a record that says what a session was told.
func (c *codec) call(r *Record, last *bt.Instant) {
	c.count(&r.Session, MaxSessions, "the number of a session")
	since := int64(r.Now - *last)
	c.signed(&since, "a time")
	if r.Now = *last + bt.Instant(since); r.Now < 0 || r.Now > MaxTime {
		c.fail(c.at, "a time is not from 0 to "+bt.Instant(MaxTime).String())
	}
	*last = r.Now
	switch r.Kind {
	case Begun:
		if c.read {
			r.Begin = new(Begin)
		}
		c.begin(r.Begin)
	case Told:
		c.event(&r.Event)
	case Asked:
		c.conn(&r.Conn)
		c.count(&r.Room, MaxRoom, "room")
	}
}

// due is a deadline: its timer, and if there is one how long it is after the call.
func (c *codec) due(r *Record) {
	name(c, timers, &r.Timer)
	if r.Timer == bt.NoTimer {
		r.At = bt.Never
		return
	}
	in := int64(r.At - r.Now)
	c.signed(&in, "a time")
	r.At = r.Now + bt.Instant(in)
}
