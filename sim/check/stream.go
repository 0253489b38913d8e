package check

import (
	"encoding/binary"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// stream cuts one direction of a connection into messages, by their lengths alone. It does not look at what the core makes of them.
type stream struct {
	shaken  bool // the handshake is through
	pending []byte
	opaque  int // bytes of payload to come
}

// message is one of them; a handshake when shake is set.
type message struct {
	shake bool
	id    wire.ID
	body  []byte // behind the id; of a piece message the first eight bytes
	size  int    // of the body, with the payload of a piece message
}

// pieceHead is how much of a piece message is no payload.
const pieceHead = 4 + 1 + 8

// feed takes bytes, and calls f with each message that they make whole.
func (s *stream) feed(data []byte, f func(m *message)) {
	s.pending = append(s.pending, data...)
	for {
		m, n := s.next()
		if n == 0 {
			return
		}
		f(&m)
		s.pending = s.pending[:copy(s.pending, s.pending[n:])]
	}
}

// pass takes bytes of which it is not said what they are.
func (s *stream) pass(n int, f func(m *message)) {
	if known := min(n, s.opaque); known > 0 {
		s.opaque -= known
		n -= known
	}
	if n > 0 {
		s.feed(make([]byte, n), f)
	}
}

// next is the message at the head, and how long it is; 0 when it is not whole.
func (s *stream) next() (m message, n int) {
	b := s.pending
	switch {
	case !s.shaken:
		if len(b) < wire.HandshakeLen {
			return m, 0
		}
		s.shaken = true
		return message{shake: true, id: wire.KeepAlive, body: b[:wire.HandshakeLen]}, wire.HandshakeLen
	case len(b) < 4:
		return m, 0
	}
	n = 4 + int(binary.BigEndian.Uint32(b))
	if n == 4 {
		return message{id: wire.KeepAlive}, n
	}
	if len(b) > 4 && wire.ID(b[4]) == wire.Piece && n > pieceHead {
		if len(b) < pieceHead {
			return m, 0
		}
		s.opaque = n - pieceHead
		return message{id: wire.Piece, body: b[5:pieceHead], size: n - 5}, pieceHead
	}
	if len(b) < n {
		return m, 0
	}
	return message{id: wire.ID(b[4]), body: b[5:n], size: n - 5}, n
}

// word is the i-th number of the body; a length in a piece message is that of its payload.
func (m *message) word(i int) uint32 {
	if len(m.body) < 4*i+4 {
		return 0
	}
	return binary.BigEndian.Uint32(m.body[4*i:])
}

// block is which one the message is about.
func (m *message) block() bt.Block {
	b := bt.Block{Piece: m.word(0), Begin: m.word(1), Length: m.word(2)}
	if m.id == wire.Piece {
		b.Length = uint32(m.size - 8)
	}
	return b
}
