package trace

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"net/netip"

	"peerwire/core"
	"peerwire/core/bt"
)

// Writer writes a trace, of the sessions that are made with it. It belongs to the goroutine that owns them. When it cannot write it
// records nothing more, and Flush tells why: no session is disturbed by it.
type Writer struct {
	to       io.Writer
	c        codec
	last     bt.Instant // time of the last call
	written  bt.Instant // time of the first call that is not written
	sessions int
	err      error
	rec      Record // that is being written
}

// NewWriter begins a trace. maker is the name of the program, for people.
func NewWriter(to io.Writer, maker string) *Writer {
	w := &Writer{to: to}
	w.c.buf = append(w.c.buf, magic...)
	w.c.buf = append(w.c.buf, version)
	_, w.err = to.Write(w.c.buf)
	w.c.base = int64(len(w.c.buf))
	w.clear()
	var d dictionary
	for of := range numVocabularies {
		d.names[of] = vocabularies[of].names
	}
	w.c.text(&maker, "the name of the program")
	w.c.names(&d)
	return w
}

// clear leaves room for the head of the next chunk.
func (w *Writer) clear() { w.c.buf = append(w.c.buf[:0], make([]byte, chunkHead)...) }

// Session begins the record of a session, which was just made with cfg. at is where it listens, as far as that is known.
func (w *Writer) Session(name string, at netip.AddrPort, cfg bt.Config, now bt.Instant, s *core.Session) Session {
	t := &tape{to: w, session: s, number: w.sessions, streams: make(streams)}
	w.sessions++
	w.rec = Record{Kind: Begun, Session: t.number, Now: now, Begin: &Begin{Name: name[:min(len(name), MaxName)], Addr: at, Config: cfg}}
	w.call(now)
	w.put()
	s.Watch(t.moved)
	return Session{Session: s, tape: t}
}

// call begins a call: what was before is whole, and may be written.
func (w *Writer) call(now bt.Instant) {
	if len(w.c.buf) >= fullChunk || now-w.written >= chunkSpan {
		w.write()
		w.written = now
	}
}

// put writes the record.
func (w *Writer) put() {
	if w.err == nil {
		w.c.record(&w.rec, &w.last)
		w.err = w.c.err
	}
}

// write writes a chunk, if there is anything in it.
func (w *Writer) write() {
	body := w.c.buf[chunkHead:]
	if w.err != nil || len(body) == 0 {
		return
	}
	if len(body) > MaxChunk {
		w.err = errTooLong
		return
	}
	binary.LittleEndian.PutUint32(w.c.buf, uint32(len(body)))
	binary.LittleEndian.PutUint32(w.c.buf[4:], crc32.Checksum(body, castagnoli))
	_, w.err = w.to.Write(w.c.buf)
	w.c.base += int64(len(w.c.buf))
	w.clear()
}

var errTooLong = errors.New("trace: a call is longer than a trace may have it")

// Flush writes what was not written yet; no call is under way. It tells what was wrong with the trace ever since it began.
func (w *Writer) Flush() error {
	w.write()
	return w.err
}
