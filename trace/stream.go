package trace

import (
	"bytes"
	"encoding/binary"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// stream is what comes from a peer on a connection. Bytes that a session has not taken are told to it again with those that came
// since; a trace has them once. Whoever writes a trace and whoever reads it keep a stream each, and so agree on what that is.
type stream struct {
	taken   int    // bytes of the handshake, and then more than it has
	pending []byte // told, and not taken
	last    []byte // told by the call under way; borrowed
}

// control is how many of the bytes are control bytes: all, up to the end of the first header of a block.
func (s *stream) control(data []byte) int {
	const prefix, head = 4, 5
	at := max(0, wire.HandshakeLen-s.taken)
	for at+head <= len(data) {
		size := binary.BigEndian.Uint32(data[at:])
		if size > wire.MaxFrame {
			break // no message at all: the session takes no more
		}
		if size > wire.PieceHeaderLen-prefix && wire.ID(data[at+prefix]) == wire.Piece {
			return min(len(data), at+wire.PieceHeaderLen)
		}
		at += prefix + int(size)
	}
	return len(data)
}

// again is how many bytes of data are known.
func (s *stream) again(data []byte) int {
	if bytes.HasPrefix(data, s.pending) {
		return len(s.pending)
	}
	return 0
}

// needs takes what the session says of the bytes that it was told last.
func (s *stream) needs(e *bt.Effect) {
	s.taken = min(s.taken+e.N, wire.HandshakeLen)
	if s.pending = s.pending[:0]; e.Want == bt.WantBytes && e.N < len(s.last) {
		s.pending = append(s.pending, s.last[e.N:]...)
	}
	s.last = nil
}

// streams are those of a session.
type streams map[bt.ConnID]*stream

// of finds the stream of a connection, or begins it.
func (all streams) of(id bt.ConnID) *stream {
	s := all[id]
	if s == nil {
		s = new(stream)
		all[id] = s
	}
	return s
}

// answered takes what a session answered.
func (all streams) answered(e *bt.Effect) {
	if e.Kind == bt.Need {
		all.of(e.Conn).needs(e)
	}
}
