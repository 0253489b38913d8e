package trace

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"

	"peerwire/core"
	"peerwire/core/bt"
)

// Difference is that a session answered otherwise than a trace says.
type Difference struct {
	Node   string
	Call   Record  // what it was told
	Want   *Record // what the trace says that it answered; nil when it says nothing more
	Got    *Record // what it answered now; nil when it answered nothing more
	Panics string  // what the core panicked with; empty when it did not
}

// Tally is what a replay went through.
type Tally struct {
	Sessions, Calls, Answers, Bytes int // Bytes were said to peers, payload not counted
}

// Replay tells new sessions all that a trace says that sessions were told, and compares what they answer, to the byte. It gives the
// first difference; nil when there is none. An error is that the trace cannot be read further: what was before it was the same; or that it cannot
// be replayed at all.
func Replay(r *Reader) (*Difference, Tally, error) {
	if r.c.version == silent {
		return nil, Tally{}, &FormatError{int64(len(magic)), "it is a trace of version " + strconv.Itoa(silent) +
			", which can be shown and not replayed: cores did not say yet when they had nothing more to say, and were asked"}
	}
	p := &player{reader: r, writer: NewWriter(io.Discard, "")}
	d, err := p.play()
	return d, p.tally, err
}

// player replays a trace. Its sessions write a trace of their own, whose records are compared with those that are read.
type player struct {
	reader *Reader
	writer *Writer
	live   []*Session // nil where one is gone
	begun  []Begin
	call   Record
	out    codec // what the session has answered, to be read
	room   []byte
	padded []byte
	tally  Tally
}

func (p *player) play() (*Difference, error) {
	var rec Record
	for {
		if err := p.reader.Next(&rec); err != nil {
			if err != io.EOF { // what would have followed is not known
				return nil, err
			}
			return p.surplus(), nil
		}
		if rec.Kind.answers() {
			if d := p.compare(&rec); d != nil {
				return d, nil
			}
			continue
		}
		if d := p.surplus(); d != nil {
			return d, nil
		}
		if d := p.tell(&rec); d != nil {
			return d, nil
		}
	}
}

// surplus is the first answer that the trace does not have; nil when there is none.
func (p *player) surplus() *Difference {
	if got := p.next(); got != nil {
		return p.differs(nil, got)
	}
	return nil
}

// next is what the session answered next; nil when there is nothing more.
func (p *player) next() *Record {
	if p.out.at == len(p.out.buf) {
		return nil
	}
	rec := &Record{Session: p.call.Session, Now: p.call.Now}
	last := p.call.Now
	p.out.record(rec, &last)
	return rec
}

func (p *player) differs(want, got *Record) *Difference {
	d := &Difference{Call: p.call, Want: want, Got: got}
	if n := p.call.Session; n < len(p.begun) {
		d.Node = p.begun[n].Name
	}
	return d
}

// compare compares an answer of the trace with what came: their records must be the same bytes.
func (p *player) compare(want *Record) *Difference {
	p.tally.Answers++
	p.tally.Bytes += len(want.Bytes)
	from := p.out.at
	got := p.next()
	if got != nil && bytes.Equal(canonical(want), p.out.buf[from:p.out.at]) {
		return nil
	}
	return p.differs(want, got)
}

// canonical is how a record is written here.
func canonical(r *Record) []byte {
	var c codec
	last := r.Now
	c.record(r, &last)
	return c.buf
}

// tell tells a session what the trace says, and keeps what it answers.
func (p *player) tell(rec *Record) (d *Difference) {
	p.call = *rec
	p.out = codec{read: true, buf: p.out.buf[:0]}
	defer func() {
		if r := recover(); r != nil {
			d = p.differs(nil, nil)
			d.Panics = fmt.Sprint(r)
		}
	}()
	switch rec.Kind {
	case Begun:
		p.tally.Sessions++
		s := p.writer.Session(rec.Begin.Name, rec.Begin.Addr, rec.Begin.Config, rec.Now, core.New(rec.Begin.Config, nil))
		p.live, p.begun = append(p.live, &s), append(p.begun, *rec.Begin)
		return nil
	case Ended:
		p.live[rec.Session] = nil
		return nil
	}
	p.tally.Calls++
	p.writer.clear()
	s := p.live[rec.Session]
	s.tape.now = rec.Now
	p.hand(s, rec)
	for e := (bt.Effect{}); s.Poll(&e); {
	}
	if err := p.writer.err; err != nil {
		panic("BUG: what a core answers does not fit into a trace: " + err.Error())
	}
	p.out.buf = append(p.out.buf, p.writer.c.buf[chunkHead:]...)
	return nil
}

// hand hands the core of a session what it was told. The call itself is not recorded again.
func (p *player) hand(s *Session, rec *Record) {
	if rec.Kind == Asked {
		p.room = slices.Grow(p.room[:0], rec.Room)[:rec.Room]
		t := s.Session.Transmit(rec.Now, rec.Conn, p.room)
		s.tape.said(rec.Conn, p.room[:t.N], &t)
		return
	}
	ev := rec.Event
	if ev.Kind == bt.Received && rec.LeftOut > 0 {
		ev.Data = append(append(p.padded[:0], ev.Data...), make([]byte, rec.LeftOut)...) // which bytes these were, no core looks at
		p.padded = ev.Data
	}
	s.Session.Handle(rec.Now, ev)
}
