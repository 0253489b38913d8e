package wire

import (
	"encoding/binary"
	"slices"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// AppendKeepAlive appends the frame that says nothing (BEP 3).
func AppendKeepAlive(b []byte) []byte { return append(b, 0, 0, 0, 0) }

// AppendChoke appends a choke.
func AppendChoke(b []byte) []byte { return appendPlain(b, Choke) }

// AppendUnchoke appends an unchoke.
func AppendUnchoke(b []byte) []byte { return appendPlain(b, Unchoke) }

// AppendInterested appends an interested.
func AppendInterested(b []byte) []byte { return appendPlain(b, Interested) }

// AppendNotInterested appends a not interested.
func AppendNotInterested(b []byte) []byte { return appendPlain(b, NotInterested) }

// AppendHaveAll appends a have all (BEP 6).
func AppendHaveAll(b []byte) []byte { return appendPlain(b, HaveAll) }

// AppendHaveNone appends a have none (BEP 6).
func AppendHaveNone(b []byte) []byte { return appendPlain(b, HaveNone) }

// AppendHave appends a have of piece i.
func AppendHave(b []byte, i uint32) []byte { return appendIndex(b, Have, i) }

// AppendSuggest appends a suggestion of piece i (BEP 6).
func AppendSuggest(b []byte, i uint32) []byte { return appendIndex(b, Suggest, i) }

// AppendAllowedFast appends an allowed fast of piece i (BEP 6).
func AppendAllowedFast(b []byte, i uint32) []byte { return appendIndex(b, AllowedFast, i) }

// AppendRequest appends a request of k.
func AppendRequest(b []byte, k bt.Block) []byte { return appendBlock(b, Request, k) }

// AppendCancel appends a cancel of the request of k.
func AppendCancel(b []byte, k bt.Block) []byte { return appendBlock(b, Cancel, k) }

// AppendReject appends a reject of the request of k (BEP 6).
func AppendReject(b []byte, k bt.Block) []byte { return appendBlock(b, Reject, k) }

// AppendPieceHeader appends the first PieceHeaderLen bytes of the piece message of k; k.Length
// bytes of payload must follow.
func AppendPieceHeader(b []byte, k bt.Block) []byte {
	b = append(b, 0, 0, 0, 0, byte(Piece), 0, 0, 0, 0, 0, 0, 0, 0)
	f := b[len(b)-PieceHeaderLen:]
	binary.BigEndian.PutUint32(f, k.Length+PieceHeaderLen-prefixLen)
	binary.BigEndian.PutUint32(f[5:], k.Piece)
	binary.BigEndian.PutUint32(f[9:], k.Begin)
	return b
}

// AppendPort appends the port of our DHT node (BEP 5).
func AppendPort(b []byte, port uint16) []byte {
	return append(b, 0, 0, 0, 3, byte(Port), byte(port>>8), byte(port))
}

// AppendBitfield appends a bitfield of n pieces, of which we have those in have.
func AppendBitfield(b []byte, have *bitset.BitSet, n uint32) []byte {
	size := BitfieldLen(n)
	b = appendHeader(b, Bitfield, size)
	b = slices.Grow(b, size)[:len(b)+size]
	ToWire(b[len(b)-size:], have, n)
	return b
}

// AppendExtended appends a message of the extension that the peer numbered extID (BEP 10). At most
// MaxExtended bytes of payload.
func AppendExtended(b []byte, extID uint8, payload []byte) []byte {
	if len(payload) > MaxExtended {
		panic("BUG: extension message too long to be sent")
	}
	b = append(appendHeader(b, Extended, 1+len(payload)), extID)
	return append(b, payload...)
}

// Append appends m, or its header when it is a piece message. Its ID must be a known one.
func Append(b []byte, m *Message) []byte {
	switch m.ID {
	case KeepAlive:
		return AppendKeepAlive(b)
	case Choke, Unchoke, Interested, NotInterested, HaveAll, HaveNone:
		return appendPlain(b, m.ID)
	case Have, Suggest, AllowedFast:
		return appendIndex(b, m.ID, m.Block.Piece)
	case Request, Cancel, Reject:
		return appendBlock(b, m.ID, m.Block)
	case Piece:
		return AppendPieceHeader(b, m.Block)
	case Port:
		return AppendPort(b, m.Port)
	case Bitfield:
		return append(appendHeader(b, Bitfield, len(m.Body)), m.Body...)
	case Extended:
		return AppendExtended(b, m.ExtID, m.Body)
	}
	panic("BUG: no such message to encode: " + m.ID.String())
}

// appendHeader appends the length field and the id of a message with size bytes after its id.
func appendHeader(b []byte, id ID, size int) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(1+size)), byte(id))
}

// appendPlain appends a message that is nothing but its id.
func appendPlain(b []byte, id ID) []byte { return append(b, 0, 0, 0, 1, byte(id)) }

// appendIndex appends a message that names a piece.
func appendIndex(b []byte, id ID, i uint32) []byte {
	return append(b, 0, 0, 0, 5, byte(id), byte(i>>24), byte(i>>16), byte(i>>8), byte(i))
}

// appendBlock appends a message that names a block.
func appendBlock(b []byte, id ID, k bt.Block) []byte {
	b = append(b, 0, 0, 0, 13, byte(id), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	f := b[len(b)-12:]
	binary.BigEndian.PutUint32(f, k.Piece)
	binary.BigEndian.PutUint32(f[4:], k.Begin)
	binary.BigEndian.PutUint32(f[8:], k.Length)
	return b
}
