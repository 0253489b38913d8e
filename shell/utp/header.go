package utp

import "encoding/binary"

// headerLen is the length of a packet without extensions and payload, bytes.
const headerLen = 20

// kind is what a packet is.
type kind uint8

const (
	data kind = iota
	fin
	state
	reset
	syn
	kinds
)

// version is the only one that there is.
const version = 1

// header is what the guard looks at of a packet.
type header struct {
	kind kind
	conn uint16 // connection id
	seq  uint16
	ack  uint16
}

// The extensions of a packet, as many and as long as are taken.
const (
	maxExtensions = 8
	selective     = 1   // the extension that acknowledges single packets
	maxSelective  = 128 // bytes of it: a packet each bit
)

// isUTP tells whether a datagram can be uTP. What cannot is somebody else's.
func isUTP(datagram []byte) bool {
	return len(datagram) >= headerLen && datagram[0]&0xf == version && kind(datagram[0]>>4) < kinds
}

// readHeader reads what isUTP; false when its extensions are not in order.
func readHeader(datagram []byte) (header, bool) {
	h := header{
		kind: kind(datagram[0] >> 4),
		conn: binary.BigEndian.Uint16(datagram[2:]),
		seq:  binary.BigEndian.Uint16(datagram[16:]),
		ack:  binary.BigEndian.Uint16(datagram[18:]),
	}
	return h, extensionsInOrder(datagram[1], datagram[headerLen:])
}

// extensionsInOrder walks the chain of extensions. One that acknowledges single packets may come once: the library counts for each
// how often a packet was skipped, and sends it again for a few of these.
func extensionsInOrder(next byte, rest []byte) bool {
	selectives := 0
	for n := 0; next != 0; n++ {
		if n == maxExtensions || len(rest) < 2 || len(rest) < 2+int(rest[1]) {
			return false
		}
		if next == selective {
			if selectives++; selectives > 1 || rest[1] > maxSelective {
				return false
			}
		}
		next, rest = rest[0], rest[2+int(rest[1]):]
	}
	return true
}

// setConn, setSeq, setAck change a packet's numbers where it lies.
func setConn(datagram []byte, id uint16) { binary.BigEndian.PutUint16(datagram[2:], id) }
func setSeq(datagram []byte, seq uint16) { binary.BigEndian.PutUint16(datagram[16:], seq) }
func setAck(datagram []byte, ack uint16) { binary.BigEndian.PutUint16(datagram[18:], ack) }

// bare is a packet without extensions and payload.
type bare [headerLen]byte

// makeBare makes a packet that answers another.
func makeBare(h header, micros, window uint32) (b bare) {
	b[0] = byte(h.kind)<<4 | version
	binary.BigEndian.PutUint16(b[2:], h.conn)
	binary.BigEndian.PutUint32(b[4:], micros)
	binary.BigEndian.PutUint32(b[12:], window)
	setSeq(b[:], h.seq)
	setAck(b[:], h.ack)
	return b
}
