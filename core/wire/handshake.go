package wire

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// protocol is how every handshake begins: a length and a name (BEP 3).
const protocol = "\x13BitTorrent protocol"

// Sizes of the handshake and its two parts, bytes. Whoever accepts a connection answers after the head,
// before the peer id has come. [HSK-4]
const (
	HandshakeLen     = 68 // [HSK-1]
	PeerIDLen        = 20
	HandshakeHeadLen = HandshakeLen - PeerIDLen // protocol, reserved bits, info-hash
)

// Bits of the reserved bytes (BEP 4).
const (
	extensionsByte, extensionsBit = 5, 0x10 // BEP 10
	dhtByte, dhtBit               = 7, 0x01 // BEP 5
	fastByte, fastBit             = 7, 0x04 // BEP 6
)

// Reserved is the eight bytes in which the two sides tell what they understand beyond BEP 3.
type Reserved [8]byte

// Fast tells whether the Fast extension is offered (BEP 6).
func (r Reserved) Fast() bool { return r[fastByte]&fastBit != 0 }

// Extensions tells whether the extension protocol is offered (BEP 10).
func (r Reserved) Extensions() bool { return r[extensionsByte]&extensionsBit != 0 }

// DHT tells whether a DHT node is offered (BEP 5).
func (r Reserved) DHT() bool { return r[dhtByte]&dhtBit != 0 }

// Handshake is the first thing each side sends (BEP 3).
type Handshake struct {
	Reserved
	InfoHash bt.InfoHash
	PeerID   bt.PeerID
}

// NewHandshake is our handshake: it offers BEP 6 and BEP 10, and nothing else. [HSK-1] [HSK-2]
func NewHandshake(torrent bt.InfoHash, id bt.PeerID) Handshake {
	return Handshake{
		Reserved: Reserved{extensionsByte: extensionsBit, fastByte: fastBit},
		InfoHash: torrent,
		PeerID:   id,
	}
}

// AppendHandshake appends h, HandshakeLen bytes.
func AppendHandshake(b []byte, h Handshake) []byte {
	b = append(b, protocol...)
	b = append(b, h.Reserved[:]...)
	b = append(b, h.InfoHash[:]...)
	return append(b, h.PeerID[:]...)
}

// DecodeHandshake reads a whole handshake at the start of b. It takes n bytes, all of it or
// none, in which case need bytes must stand ready; what follows it is left. The first wrong byte is a
// violation, however few came. [HSK-5] [HSK-8]
func DecodeHandshake(b []byte) (h Handshake, n, need int, v clause.Violation) {
	if h, n, _, v = DecodeHandshakeHead(b); v != 0 {
		return Handshake{}, 0, 0, v
	}
	if len(b) < HandshakeLen {
		return Handshake{}, 0, HandshakeLen, 0
	}
	h.PeerID, _, _ = DecodePeerID(b[n:])
	return h, HandshakeLen, 0, 0
}

// DecodeHandshakeHead reads a handshake up to and with the info-hash, as DecodeHandshake does.
func DecodeHandshakeHead(b []byte) (h Handshake, n, need int, v clause.Violation) {
	begun := b[:min(len(b), len(protocol))]
	switch {
	case string(begun) != protocol[:len(begun)]:
		return h, 0, 0, clause.NotBitTorrent
	case len(b) < len(protocol):
		return h, 0, len(protocol), 0 // enough to tell who is not meant [HSK-5]
	case len(b) < HandshakeHeadLen:
		return h, 0, HandshakeHeadLen, 0
	}
	n = len(protocol)
	n += copy(h.Reserved[:], b[n:])
	n += copy(h.InfoHash[:], b[n:])
	return h, n, 0, 0
}

// DecodePeerID reads the peer id that ends a handshake. Any 20 bytes are one.
func DecodePeerID(b []byte) (id bt.PeerID, n, need int) {
	if len(b) < PeerIDLen {
		return id, 0, PeerIDLen
	}
	return bt.PeerID(b), PeerIDLen, 0
}
