package wire

import (
	"encoding/binary"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// Decode reads the message at the start of b into m: all of it, or of a piece message the header. [FRM-1] [FRM-6]
//
//   - n > 0: the message is m and takes n bytes. A violation beside it does not end the
//     connection: the message is passed over, or taken as far as the violation's clause says.
//   - n = 0 and need > 0: it is not whole. There is no use in calling again before need bytes stand
//     ready, which is more than len(b) and at most MaxNeed.
//   - n = 0 and need = 0: the frame is refused; v says why, and closes the connection.
//
// Only with n > 0 does m hold something. It is written through a pointer since to return 48 bytes by value costs
// more than to decode them: the caller's copy waits for the stores it has just made.
func Decode(b []byte, r *Rules, m *Message) (n, need int, v clause.Violation) {
	if len(b) < prefixLen {
		return 0, prefixLen, 0
	}
	size := binary.BigEndian.Uint32(b)
	if size == 0 {
		*m = Message{ID: KeepAlive}
		return KeepAliveLen, 0, 0
	}
	if size > MaxFrame {
		return 0, 0, clause.MessageTooLarge
	}
	if len(b) < headLen {
		return 0, headLen, 0
	}
	id := ID(b[prefixLen])
	f := &forms[id]
	if !f.fits(size, r) {
		return 0, 0, f.misfit(size, r)
	}
	n = prefixLen + int(size)
	if f.layout == payload {
		n = PieceHeaderLen
	}
	if len(b) < n {
		return 0, n, 0
	}
	*m = Message{ID: id}
	if v = m.fill(b[headLen:n:n], f, size, r); v != 0 && v.Consequence() >= clause.Close {
		return 0, 0, v
	}
	return n, 0, v
}

// fill sets what m holds from b, the bytes behind the id, and judges it.
func (m *Message) fill(b []byte, f *form, size uint32, r *Rules) clause.Violation {
	switch f.layout {
	case index:
		m.Block.Piece = binary.BigEndian.Uint32(b)
		if m.Block.Piece >= r.End() {
			return outOfRange(m.ID, r)
		}
	case block:
		m.Block = blockAt(b, binary.BigEndian.Uint32(b[8:]))
	case payload:
		m.Block = blockAt(b, size-emptyPiece)
	case port:
		m.Port = binary.BigEndian.Uint16(b)
	case pieces:
		m.Body = b
		if b[len(b)-1]&spareBits(r.Pieces) != 0 {
			return clause.BitfieldSpareBits
		}
	case tagged:
		m.ExtID, m.Body = b[0], b[1:]
	}
	return 0
}

// blockAt is the block whose piece and begin stand at the start of b.
func blockAt(b []byte, length uint32) bt.Block {
	return bt.Block{Piece: binary.BigEndian.Uint32(b), Begin: binary.BigEndian.Uint32(b[4:]), Length: length}
}

// outOfRange is what it means that a message names a piece which does not exist. While their number is not
// known, only an index that no torrent can have is one. [MSG-2] [FST-11] [FST-14] [LIM-6]
func outOfRange(id ID, r *Rules) clause.Violation {
	switch {
	case id == Suggest:
		return clause.SuggestOutOfRange
	case id == AllowedFast:
		return clause.AllowedFastOutOfRange
	case r.Pieces == 0:
		return clause.TooManyPieces
	}
	return clause.HaveOutOfRange
}
