package trace

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strconv"

	"peerwire/core/bt"
)

// Reader reads a trace. It takes nothing on trust: what is not as it must be is a FormatError, what ends too early a TornError.
type Reader struct {
	Maker string // the program that wrote the trace

	from     io.Reader
	c        codec
	dict     dictionary
	last     bt.Instant
	calls    uint64
	answerer int // the session that was called last; -1 when nobody can answer
	sessions []streams
	data     []byte
	err      error
}

// NewReader reads the head of a trace.
func NewReader(from io.Reader) (*Reader, error) {
	r := &Reader{from: from, answerer: -1}
	r.c.read = true
	head := make([]byte, len(magic)+1)
	n, err := io.ReadFull(from, head)
	switch {
	case err != nil && !ends(err):
		return nil, err
	case n < len(magic) || string(head[:len(magic)]) != magic:
		return nil, &FormatError{0, "it is no trace: it does not begin as one"}
	case n < len(head):
		return nil, &TornError{int64(n)}
	}
	r.c.version = head[len(magic)]
	if r.c.version != version && r.c.version != silent {
		return nil, &FormatError{int64(len(magic)), "it is a trace of version " + strconv.Itoa(int(r.c.version)) +
			", and this program reads versions " + strconv.Itoa(silent) + " and " + strconv.Itoa(version)}
	}
	r.c.base = int64(n)
	if err := r.chunk(); err != nil {
		return nil, unexpected(err, r.c.base)
	}
	r.c.text(&r.Maker, "the name of the program")
	r.c.names(&r.dict)
	if r.c.err != nil {
		return nil, r.c.err
	}
	r.dict.translate()
	r.c.dict = &r.dict
	return r, nil
}

func ends(err error) bool { return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) }

// unexpected makes a torn trace of the end of one.
func unexpected(err error, at int64) error {
	if err == io.EOF {
		return &TornError{at}
	}
	return err
}

// chunk reads the next chunk, or as much of it as there is. At the end of the trace it is io.EOF.
func (r *Reader) chunk() error {
	c := &r.c
	if c.torn {
		return io.EOF
	}
	c.base += int64(len(c.buf))
	c.buf, c.at = c.buf[:0], 0
	var head [chunkHead]byte
	switch _, err := io.ReadFull(r.from, head[:]); {
	case err == io.EOF:
		return io.EOF
	case err == io.ErrUnexpectedEOF:
		return &TornError{c.base}
	case err != nil:
		return err
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size == 0 || size > MaxChunk {
		return &FormatError{c.base, "a chunk is " + strconv.FormatUint(uint64(size), 10) + " bytes long, of at least 1 and at most " + strconv.Itoa(MaxChunk)}
	}
	c.base += chunkHead
	if err := r.fill(int(size)); err != nil {
		return err
	}
	if sum := binary.LittleEndian.Uint32(head[4:]); !c.torn && crc32.Checksum(c.buf, castagnoli) != sum {
		return &FormatError{c.base, "the chunk is not what was written: its checksum is wrong"}
	}
	return nil
}

// step is how much memory is taken at once for what a trace says that follows.
const step = 1 << 20

// fill reads so many bytes, or fewer when there are no more. What a trace says that follows costs no memory before it does.
func (r *Reader) fill(size int) error {
	for c := &r.c; len(c.buf) < size; {
		from := len(c.buf)
		c.buf = append(c.buf, make([]byte, min(step, size-from))...)
		n, err := io.ReadFull(r.from, c.buf[from:])
		if c.buf = c.buf[:from+n]; err == nil {
			continue
		}
		c.torn = ends(err)
		if c.torn {
			return nil
		}
		return err
	}
	return nil
}

// Next reads a record. It is io.EOF at the end of the trace. What was read before is given back.
func (r *Reader) Next(rec *Record) error {
	if r.err == nil {
		r.err = r.next(rec)
	}
	return r.err
}

func (r *Reader) next(rec *Record) error {
	c := &r.c
	for c.at == len(c.buf) {
		if c.torn {
			return &TornError{c.base + int64(c.at)}
		}
		if err := r.chunk(); err != nil {
			return err
		}
	}
	at := c.at
	*rec = Record{Offset: c.base + int64(at), Now: r.last, Call: r.calls, Session: max(0, r.answerer)}
	c.record(rec, &r.last)
	if rec.Kind == Told && rec.Event.Kind == bt.Received {
		r.heard(rec, at)
	}
	if c.err == nil {
		r.judge(rec, at)
	}
	if torn, ok := c.err.(*TornError); ok {
		torn.Offset = rec.Offset
	}
	return c.err
}

// heard puts together the bytes of Received.
func (r *Reader) heard(rec *Record, at int) {
	c := &r.c
	s := r.streamOf(rec, at)
	var again int
	var fresh []byte
	c.count(&again, MaxData, "a number of bytes told before")
	c.bytes(&fresh, MaxData, "a number of bytes")
	c.count(&rec.LeftOut, MaxLeftOut, "an amount of payload")
	if c.err != nil {
		return
	}
	if again > len(s.pending) || again+len(fresh) > MaxData {
		c.fail(at, "more bytes were told before than wait on the connection")
		return
	}
	r.data = append(append(r.data[:0], s.pending[:again]...), fresh...)
	s.last = r.data
	rec.Event.Data = r.data
}

// streamOf is the stream of the connection that a call is about.
func (r *Reader) streamOf(rec *Record, at int) *stream {
	if rec.Session >= len(r.sessions) || r.sessions[rec.Session] == nil {
		r.c.fail(at, "a call of a session that there is not")
		return new(stream)
	}
	return r.sessions[rec.Session].of(rec.Event.Conn)
}

// judge sees to it that a record follows those before it.
func (r *Reader) judge(rec *Record, at int) {
	if rec.Kind.answers() {
		rec.Call--
		switch {
		case r.answerer < 0:
			r.c.fail(at, "an answer, and nobody was called")
		case rec.Kind == Effected:
			r.sessions[r.answerer].answered(&rec.Effect)
		case rec.Kind == Moved && rec.Move.Closed:
			delete(r.sessions[r.answerer], rec.Conn)
		}
		return
	}
	r.calls++
	switch {
	case rec.Kind == Begun && rec.Session != len(r.sessions):
		r.c.fail(at, "the next session is "+strconv.Itoa(len(r.sessions))+", not "+strconv.Itoa(rec.Session))
		return
	case rec.Kind == Begun:
		r.sessions = append(r.sessions, make(streams))
	case rec.Session >= len(r.sessions) || r.sessions[rec.Session] == nil:
		r.c.fail(at, "a call of a session that there is not")
		return
	}
	r.answerer = rec.Session
	if rec.Kind == Ended {
		r.sessions[rec.Session], r.answerer = nil, -1
	}
}
