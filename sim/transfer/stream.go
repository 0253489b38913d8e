package transfer

import (
	"bytes"
	"errors"

	"peerwire/core/bt"
	"peerwire/core/utp"
)

// Stream is bytes that one peer writes to another, over a connection that it dials for them.
type Stream struct {
	from, to *Peer
	begins   bt.Instant
	size     int64 // 0 is without end
	dialled  bool

	out, in       utp.ID // the connection at either end
	written, read int64
	err           error // why it ended before its end
	done          bt.Instant
}

// pattern is what streams carry. Its length has no factor in common with that of anything a packet or a buffer may be long.
var pattern = func() []byte {
	p := make([]byte, 2*patternLength)
	x := uint32(1)
	for i := range patternLength {
		x = x*1664525 + 1013904223
		p[i] = byte(x >> 24)
	}
	copy(p[patternLength:], p)
	return p
}()

const patternLength = 65521

// Bytes is how much has been read, all of it right.
func (s *Stream) Bytes() int64 { return s.read }

// Done is when the last byte was read, and the end with it; Never when that has not been yet.
func (s *Stream) Done() bt.Instant { return s.done }

// Err is why the stream ended before its end, nil while it goes on or when it went well.
func (s *Stream) Err() error { return s.err }

var (
	errWrong = errors.New("transfer: other bytes arrive than were written")
	errShort = errors.New("transfer: the stream ends early")
	errLong  = errors.New("transfer: more arrives than was written")
)

// write gives the socket what it takes.
func (s *Stream) write(now bt.Instant) error {
	for s.size == 0 || s.written < s.size {
		at := s.written % patternLength
		chunk := pattern[at : at+patternLength]
		if s.size > 0 {
			chunk = chunk[:min(int64(len(chunk)), s.size-s.written)]
		}
		n, err := s.from.socket.Write(now, s.out, [][]byte{chunk})
		s.written += int64(n)
		if err != nil {
			return waits(err)
		}
	}
	s.from.socket.Finish(now, s.out)
	return nil
}

// readAll takes what is there.
func (s *Stream) readAll(now bt.Instant) error {
	for {
		n, err := s.to.socket.Read(now, s.in, [][]byte{s.to.room})
		at := s.read % patternLength
		if !bytes.Equal(s.to.room[:n], pattern[at:][:n]) {
			return errWrong
		}
		s.read += int64(n)
		switch {
		case errors.Is(err, utp.ErrEnd):
			return s.end(now)
		case err != nil:
			return waits(err)
		case s.size > 0 && s.read > s.size:
			return errLong
		}
	}
}

// end takes that nothing more comes.
func (s *Stream) end(now bt.Instant) error {
	if s.read != s.size {
		return errShort
	}
	s.done = s.to.net.Now()
	s.to.socket.Close(now, s.in, 0)
	return nil
}

// waits is the error but for the one that only asks for patience.
func waits(err error) error {
	if errors.Is(err, utp.ErrWait) {
		return nil
	}
	return err
}
