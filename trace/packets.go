package trace

import (
	"peerwire/core/bt"
	"peerwire/core/wire"
)

// Packet is a message that a connection has carried, or an end of it.
type Packet struct {
	Conn    bt.ConnID
	Now     bt.Instant
	Ours    bool   // we have sent it
	Act     Act    // what it does
	Data    []byte // the message, but for the payload of a block; it is not borrowed
	Payload int    // bytes of payload that follow it
}

// Act is what a Packet does to its connection.
type Act uint8

// The acts.
const (
	Asks    Act = iota // it asks for it, in vain
	Opens              // it opens it
	Carries            // it carries a message, or a part that is none
	Ends               // it ends it in order
	Breaks             // it breaks it, or refuses it
)

// Packets are the messages that the connections of one session carried, each whole, when its last byte had come or its first was to go.
type Packets struct {
	conns map[bt.ConnID]*carried
	list  []Packet
}

// carried is what is known of a connection.
type carried struct {
	heard, said int    // bytes of its handshakes
	rest        []byte // heard, and no whole message yet
	header      []byte // of the block that comes
	size        int    // of its payload
	came        int    // of that
	over        bool
}

// Of gives the packets of a record, good until the next call. It is to be given all records of the session, in their order.
func (p *Packets) Of(r *Record) []Packet {
	if p.conns == nil {
		p.conns = make(map[bt.ConnID]*carried)
	}
	p.list = p.list[:0]
	switch r.Kind {
	case Told:
		p.told(r)
	case Said:
		p.said(r)
	case Effected:
		if e := &r.Effect; e.Kind == bt.Close {
			p.end(r, e.Conn, true, Ends)
		}
	}
	return p.list
}

func (p *Packets) of(id bt.ConnID) *carried {
	c := p.conns[id]
	if c == nil {
		c = new(carried)
		p.conns[id] = c
	}
	return c
}

func (p *Packets) put(r *Record, id bt.ConnID, ours bool, act Act, data []byte, payload int) {
	p.list = append(p.list, Packet{Conn: id, Now: r.Now, Ours: ours, Act: act, Data: data, Payload: payload})
}

func (p *Packets) told(r *Record) {
	switch ev := &r.Event; ev.Kind {
	case bt.Dialled:
		switch ev.Fault {
		case bt.OK:
			p.put(r, ev.Conn, true, Opens, nil, 0)
		case bt.Refused, bt.Reset:
			p.put(r, ev.Conn, true, Asks, nil, 0)
			p.put(r, ev.Conn, false, Breaks, nil, 0)
		default:
			p.put(r, ev.Conn, true, Asks, nil, 0)
		}
	case bt.Accept:
		p.put(r, ev.Conn, false, Opens, nil, 0)
	case bt.Received:
		p.heard(r)
	case bt.PayloadRead:
		c := p.of(ev.Conn)
		if c.came += ev.N; c.header != nil && c.came >= c.size {
			p.put(r, ev.Conn, false, Carries, c.header, c.size)
			c.header = nil
		}
	case bt.Closed:
		act := Breaks
		if ev.Fault == bt.EOF {
			act = Ends
		}
		p.end(r, ev.Conn, false, act)
	}
}

// heard gives the messages that are whole. A block is when its payload has come.
func (p *Packets) heard(r *Record) {
	id, data := r.Event.Conn, r.Event.Data
	c := p.of(id)
	at := 0
	rest := parts(data, c.heard, func(m *part) {
		whole := append([]byte(nil), data[at:at+m.size]...)
		if at += m.size; m.message.ID == wire.Piece {
			c.header, c.size, c.came = whole, int(m.message.Block.Length), 0
		} else {
			p.put(r, id, false, Carries, whole, 0)
		}
		c.heard = min(c.heard+m.size, wire.HandshakeLen)
	})
	c.rest = append(c.rest[:0], data[len(data)-rest:]...)
}

// said gives the messages that were said. Payload follows the last.
func (p *Packets) said(r *Record) {
	c := p.of(r.Conn)
	at := 0
	parts(r.Bytes, c.said, func(m *part) {
		payload := 0
		if m.message.ID == wire.Piece {
			payload = r.Size
		}
		p.put(r, r.Conn, true, Carries, append([]byte(nil), r.Bytes[at:at+m.size]...), payload)
		at += m.size
		c.said = min(c.said+m.size, wire.HandshakeLen)
	})
}

// end ends a connection. What came of the last message, which never was whole, goes before.
func (p *Packets) end(r *Record, id bt.ConnID, ours bool, act Act) {
	c := p.of(id)
	if c.over {
		return
	}
	c.over = true
	if c.header != nil {
		p.put(r, id, false, Carries, c.header, min(c.came, c.size))
	} else if len(c.rest) > 0 {
		p.put(r, id, false, Carries, append([]byte(nil), c.rest...), 0)
	}
	p.put(r, id, ours, act, nil, 0)
}
