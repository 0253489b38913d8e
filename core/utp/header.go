package utp

import (
	"encoding/binary"

	"peerwire/core/bt"
)

// kind is the type of a packet, as it stands in the first four bits.
type kind uint8

const (
	kindData kind = iota
	kindFin
	kindState
	kindReset
	kindSyn
	numKinds
)

// The numbers of extensions. Those that we do not know are passed over.
const (
	extEnd     = 0
	extSack    = 1  // selective acknowledgement: bit i is packet ack + 2 + i
	extBits    = 2  // nothing any more: 8 bytes
	extReason  = 3  // libtorrent's: why the connection ends
	extLargest = 80 // ours: the largest datagram that the sender takes
	extPad     = 81 // ours: nothing, to make a probe as large as it has to be
)

const (
	version      = 1
	headerSize   = 20
	sackLimit    = 252 // [UTP-14] bytes: the most that are a multiple of 4
	extHead      = 2   // number of the next and length, before the body
	largestSize  = extHead + 2
	reasonSize   = extHead + 4
	bitsSize     = extHead + 8
	padPiece     = extHead + 255
	noDifference = 1<<31 - 1 // old clients mean by it that they have measured nothing
)

// packet is a datagram taken apart. Its slices borrow from the datagram.
type packet struct {
	kind       kind
	id         uint16 // connection id, the receiver's but in a SYN
	stamp      uint32 // when it was sent, in microseconds of the sender's clock
	difference uint32 // how long the last packet took the other way, in microseconds, with the clocks' difference in it
	window     uint32 // bytes that the sender has room for
	seq, ack   uint16
	sack       []byte
	largest    uint16
	bits       bool // libutp begins a connection with them
	reason     uint16
	payload    []byte
}

// belongs tells whether a datagram is uTP. [UTP-1]
func belongs(b []byte) bool {
	return len(b) >= headerSize && b[0]&15 == version && kind(b[0]>>4) < numKinds
}

// parse takes a datagram apart; it is not ok when an extension runs over the end. [UTP-2]
func (p *packet) parse(b []byte) (ok bool) {
	*p = packet{
		kind: kind(b[0] >> 4), id: binary.BigEndian.Uint16(b[2:]), stamp: binary.BigEndian.Uint32(b[4:]),
		difference: binary.BigEndian.Uint32(b[8:]), window: binary.BigEndian.Uint32(b[12:]),
		seq: binary.BigEndian.Uint16(b[16:]), ack: binary.BigEndian.Uint16(b[18:]),
	}
	next, rest := b[1], b[headerSize:]
	for next != extEnd {
		if len(rest) < extHead || len(rest) < extHead+int(rest[1]) {
			return false
		}
		p.extension(next, rest[extHead:extHead+int(rest[1])])
		next, rest = rest[0], rest[extHead+int(rest[1]):]
	}
	p.payload = rest
	return true
}

// extension notes what an extension says, if it is one that we know.
func (p *packet) extension(number uint8, body []byte) {
	switch {
	case number == extSack:
		p.sack = body
	case number == extBits && len(body) == bitsSize-extHead:
		p.bits = true
	case number == extReason && len(body) == 4:
		p.reason = binary.BigEndian.Uint16(body[2:])
	case number == extLargest && len(body) == 2:
		p.largest = binary.BigEndian.Uint16(body)
	}
}

// put writes the header into b, and says where its extensions begin.
func (p *packet) put(b []byte) writer {
	b[0], b[1] = uint8(p.kind)<<4|version, extEnd
	binary.BigEndian.PutUint16(b[2:], p.id)
	binary.BigEndian.PutUint32(b[4:], p.stamp)
	binary.BigEndian.PutUint32(b[8:], p.difference)
	binary.BigEndian.PutUint32(b[12:], p.window)
	binary.BigEndian.PutUint16(b[16:], p.seq)
	binary.BigEndian.PutUint16(b[18:], p.ack)
	return writer{b: b, n: headerSize, link: 1}
}

// writer adds extensions to a header.
type writer struct {
	b    []byte
	n    int // bytes written
	link int // where the number of the next extension goes
}

// extension begins one of size bytes, and gives its body to be filled.
func (w *writer) extension(number uint8, size int) []byte {
	if number > extBits {
		w.lead()
	}
	w.b[w.link] = number
	w.link = w.n
	w.b[w.n], w.b[w.n+1] = extEnd, uint8(size)
	w.n += extHead + size
	return w.b[w.n-size : w.n]
}

// lead begins a chain that has none of the old extensions in it with an empty one of them, and tells how long that is. libutp takes a
// packet whose first extension is a newer one for one of version 0, and answers it as such. [UTP-38]
func (w *writer) lead() int {
	if w.link != 1 {
		return 0
	}
	clear(w.extension(extBits, bitsSize-extHead))
	return bitsSize
}

// largest says how large a datagram we take.
func (w *writer) largest(size int) {
	binary.BigEndian.PutUint16(w.extension(extLargest, 2), uint16(size))
}

// reason says why the connection ends.
func (w *writer) reason(code uint16) {
	body := w.extension(extReason, 4)
	body[0], body[1] = 0, 0
	binary.BigEndian.PutUint16(body[2:], code)
}

// pad writes so many bytes of padding, at least bitsSize, or one less where no extension is so small.
func (w *writer) pad(size int) {
	size -= w.lead()
	for size >= extHead {
		body := min(size, padPiece) - extHead
		if rest := size - body - extHead; rest == 1 {
			body-- // or a single byte were left, in which no extension fits
		}
		clear(w.extension(extPad, max(body, 0)))
		size -= extHead + max(body, 0)
	}
}

// micros is an instant as packets carry it.
func micros(t bt.Instant) uint32 { return uint32(int64(t) / 1000) }

// before tells whether sequence number a comes before b, in the half of the circle around them.
func before(a, b uint16) bool { return int16(a-b) < 0 }
