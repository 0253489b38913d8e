package trace

import (
	"net/netip"
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/core/wire"
)

// Teller says in words what the records of a trace say. It remembers who is at the end of a connection and what a token stands for, so it is to be given all
// of them, in their order. The zero Teller is ready.
type Teller struct {
	sessions []*told
	names    map[netip.Addr]string // of the sessions, by where they listen
	lines    []Line
}

// told is what is known of a session.
type told struct {
	name  string
	conns map[bt.ConnID]*end
	works map[bt.Token]bt.Block
}

// end is what is known of a connection.
type end struct {
	addr        netip.AddrPort
	heard, said int      // bytes of its handshakes
	block       bt.Block // whose header came last
	missing     int      // bytes of it
}

// Tell gives the lines of a record, good until the next call.
func (t *Teller) Tell(r *Record) []Line {
	t.lines = t.lines[:0]
	if r.Kind == Begun {
		t.begin(r)
		return t.lines
	}
	s := t.sessions[r.Session]
	switch r.Kind {
	case Told:
		t.event(r, s)
	case Asked:
		t.say(r, s, r.Conn, "transmit", "room for "+strconv.Itoa(r.Room)).Inner = true
	case Ended:
		t.say(r, s, 0, "end", "")
		t.sessions[r.Session] = &told{name: s.name}
	case Moved:
		t.moved(r, s)
	case Said:
		t.said(r, s)
	case Effected:
		t.effect(r, s)
	case Due:
		text := "nothing"
		if r.Timer != bt.NoTimer {
			text = r.Timer.String() + " at " + r.At.String()
		}
		t.say(r, s, 0, "due", text).Inner = true
	}
	return t.lines
}

// say adds a line.
func (t *Teller) say(r *Record, s *told, conn bt.ConnID, what, text string) *Line {
	l := Line{Call: r.Call, Now: r.Now, Node: s.name, Conn: conn, What: what, Text: text, Piece: NoPiece}
	if e := s.conns[conn]; e != nil {
		l.Addr, l.Peer = e.addr, t.names[e.addr.Addr()]
	}
	t.lines = append(t.lines, l)
	return &t.lines[len(t.lines)-1]
}

func (t *Teller) begin(r *Record) {
	b := r.Begin
	s := &told{name: printed([]byte(b.Name)), conns: make(map[bt.ConnID]*end), works: make(map[bt.Token]bt.Block)}
	t.sessions = append(t.sessions, s)
	if t.names == nil {
		t.names = make(map[netip.Addr]string)
	}
	text := "seed " + strconv.FormatUint(b.Config.Seed, 10) + ", peer id " + printed(b.Config.PeerID[:])
	if b.Addr.IsValid() {
		t.names[b.Addr.Addr()] = s.name
		text += ", listens at " + b.Addr.String()
	}
	t.say(r, s, 0, "begin", text)
}

// end finds a connection, or takes note of it.
func (s *told) end(id bt.ConnID) *end {
	e := s.conns[id]
	if e == nil {
		e = new(end)
		s.conns[id] = e
	}
	return e
}

// event says what a session was told.
func (t *Teller) event(r *Record, s *told) {
	ev := &r.Event
	what := eventNames[ev.Kind]
	fault := ""
	if ev.Fault != bt.OK {
		fault = ev.Fault.String()
	}
	switch ev.Kind {
	case bt.Tick:
		t.say(r, s, 0, what, "").Inner = true
	case bt.AddTorrent:
		t.say(r, s, 0, what, specWords(ev.Spec))
	case bt.AddPeer:
		t.say(r, s, 0, what, ev.Addr.String()+" from "+ev.Source.String())
	case bt.Dialled:
		if fault == "" {
			fault = "connected from " + ev.Addr.String()
		}
		t.say(r, s, ev.Conn, what, fault)
	case bt.Accept:
		s.end(ev.Conn).addr = ev.Addr
		t.say(r, s, ev.Conn, what, ev.Addr.String()+" over "+ev.Transport.String())
	case bt.Received:
		t.heard(r, s)
	case bt.PayloadRead:
		t.payload(r, s)
	case bt.Closed:
		t.say(r, s, ev.Conn, what, fault)
	case bt.Stored, bt.Fetched:
		block, ok := s.works[ev.Token]
		delete(s.works, ev.Token)
		l := t.say(r, s, 0, what, strings.TrimSpace(block.String()+" "+fault))
		if l.Inner = fault == ""; ok {
			l.Piece = block.Piece
		}
	case bt.Verified:
		verdict := "wrong"
		if fault != "" {
			verdict = fault
		} else if ev.Good {
			verdict = "right"
		}
		t.say(r, s, 0, what, strconv.Itoa(int(ev.Piece))+" "+verdict).Piece = ev.Piece
	default:
		t.say(r, s, 0, what, "")
	}
}

func specWords(s *bt.TorrentSpec) string {
	text := s.InfoHash.String() + ", " + strconv.Itoa(int(s.Geometry.NumPieces())) + " pieces of " + strconv.Itoa(int(s.Geometry.PieceLength)) + " bytes"
	if s.Have != nil {
		text += ", has " + strconv.Itoa(int(s.Have.Count()))
	}
	return text
}

// heard says what a peer said. What was told before and is not whole yet is not said again.
func (t *Teller) heard(r *Record, s *told) {
	e := s.end(r.Event.Conn)
	l := t.say(r, s, r.Event.Conn, "hear", "")
	rest := parts(r.Event.Data, e.heard, func(p *part) {
		l.parts = append(l.parts, *p)
		e.heard = min(e.heard+p.size, wire.HandshakeLen)
		if p.message.ID == wire.Piece {
			e.block, e.missing = p.message.Block, int(p.message.Block.Length)
		}
	})
	l.join(rest)
}

// join puts the text of a line together.
func (l *Line) join(rest int) {
	l.Text = strings.Join(l.Messages(), ", ")
	switch {
	case rest > 0 && l.Text != "":
		l.Text += ", and " + strconv.Itoa(rest) + " bytes"
	case rest > 0:
		l.Text = strconv.Itoa(rest) + " bytes"
	}
}

// payload says that a part of a block came, and when all of it has.
func (t *Teller) payload(r *Record, s *told) {
	e := s.end(r.Event.Conn)
	l := t.say(r, s, r.Event.Conn, "payload", strconv.Itoa(r.Event.N)+" bytes")
	if l.Inner = true; e.missing > 0 {
		l.Piece = e.block.Piece
		if e.missing -= r.Event.N; e.missing <= 0 {
			t.say(r, s, r.Event.Conn, "receive", e.block.String()).Piece = e.block.Piece
		}
	}
}

// said says what is said to a peer.
func (t *Teller) said(r *Record, s *told) {
	e := s.end(r.Conn)
	l := t.say(r, s, r.Conn, "say", "")
	rest := parts(r.Bytes, e.said, func(p *part) {
		l.parts = append(l.parts, *p)
		e.said = min(e.said+p.size, wire.HandshakeLen)
	})
	l.join(rest)
	if r.Last {
		t.say(r, s, r.Conn, "last", "").Inner = true
	}
}

// effect says what a session asks of its shell.
func (t *Teller) effect(r *Record, s *told) {
	e := &r.Effect
	what := effectNames[e.Kind]
	switch e.Kind {
	case bt.Dial:
		s.end(e.Conn).addr = e.Addr
		t.say(r, s, e.Conn, what, e.Addr.String()+" over "+e.Transport.String())
	case bt.Need:
		text := "took " + strconv.Itoa(e.N) + ", wants " + wantNames[e.Want] + " " + strconv.Itoa(e.Size)
		t.say(r, s, e.Conn, what, text).Inner = true
	case bt.WantWrite:
		t.say(r, s, e.Conn, what, "").Inner = true
	case bt.Close:
		t.say(r, s, e.Conn, what, e.Reason.String())
	case bt.Store, bt.Fetch:
		s.works[e.Token] = e.Block
		l := t.say(r, s, e.Conn, what, e.Block.String())
		l.Inner, l.Piece = true, e.Block.Piece
	case bt.Release:
		delete(s.works, e.Token)
		t.say(r, s, 0, what, "").Inner = true
	case bt.Verify:
		l := t.say(r, s, 0, what, strconv.Itoa(int(e.Piece)))
		l.Inner, l.Piece = true, e.Piece
	case bt.Passed:
		t.say(r, s, 0, what, strconv.Itoa(int(e.Piece))).Piece = e.Piece
	case bt.Stalled:
		t.say(r, s, 0, what, e.Fault.String())
	case bt.Banned:
		t.say(r, s, 0, what, e.Addr.Addr().String()+" until t="+e.Until.String()+": "+e.Reason.String()).Addr = e.Addr
	case bt.Noticed:
		t.say(r, s, e.Conn, what, e.Reason.String())
	default:
		t.say(r, s, e.Conn, what, "")
	}
}

// moved says which flags have changed, and why.
func (t *Teller) moved(r *Record, s *told) {
	m := &r.Move
	for f := range peerfsm.NumFlags {
		if !m.explains(f) {
			continue
		}
		why := m.Whys[f]
		is := m.Flags&(1<<f) != 0
		what, text := "flag", f.String()+" "+strconv.FormatBool(is)
		if m.Changed&(1<<f) == 0 {
			what, text = "condemned", ""
		} else {
			text += ": "
		}
		l := t.say(r, s, r.Conn, what, text+why.Text()+" ["+why.Because.Clause().String()+"]")
		l.Flag = &FlagChange{Name: f.String(), Is: is, Why: why}
		for i, q := range why.Because.Numbers() {
			if q.Unit == bt.Index {
				l.Piece = uint32(why.Number(i))
			}
		}
	}
	if m.Closed {
		t.say(r, s, r.Conn, "ended", "")
	}
}
