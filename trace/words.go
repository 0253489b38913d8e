package trace

import (
	"encoding/hex"
	"strconv"
	"strings"

	"peerwire/core/wire"
)

// Words says a message in the specification's words: "request 3 @0 +16384", "bitfield 0,2,3".
func Words(m *wire.Message) string {
	switch {
	case m.ID == wire.Bitfield:
		return "bitfield " + pieceList(m.Body)
	case m.ID == wire.Extended && m.ExtID == 0:
		return "extension-handshake " + printed(m.Body)
	case m.ID == wire.Extended:
		return "extended " + strconv.Itoa(int(m.ExtID)) + " 0x" + hex.EncodeToString(m.Body)
	}
	return m.String()
}

// HandshakeWords says what is in a handshake: its reserved bytes, info-hash and peer id.
func HandshakeWords(h *wire.Handshake) string { return headWords(h) + " " + printed(h.PeerID[:]) }

func headWords(h *wire.Handshake) string {
	return "handshake " + hex.EncodeToString(h.Reserved[:]) + " " + h.InfoHash.String()
}

// pieceList lists the pieces of a bitfield: "0,2,3".
func pieceList(body []byte) string {
	const most = 40
	var list []string
	for i := range 8 * len(body) {
		if body[i/8]&(0x80>>(i%8)) != 0 {
			list = append(list, strconv.Itoa(i))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	if len(list) > most {
		return "of " + strconv.Itoa(len(list)) + " pieces"
	}
	return strings.Join(list, ",")
}

// printed is text with what is not printable escaped.
func printed(body []byte) string {
	q := strconv.QuoteToASCII(string(body))
	return q[1 : len(q)-1]
}

// part is one thing that a peer said, or that was said to it.
type part struct {
	message wire.Message // zero for a handshake, or a part of one
	text    string
	size    int // bytes, but for the payload of a piece
}

// parts takes apart what is said on a connection on which so many bytes of the handshake were said before. What is not whole, and what is no message,
// is left over.
func parts(data []byte, handshake int, f func(p *part)) (rest int) {
	var p part
	for len(data) > 0 {
		switch {
		case handshake == 0 && len(data) >= wire.HandshakeHeadLen:
			h, n, _, _ := wire.DecodeHandshakeHead(data)
			if n == 0 {
				return len(data)
			}
			p = part{text: headWords(&h), size: n}
			if len(data) >= wire.HandshakeLen {
				h.PeerID, _, _ = wire.DecodePeerID(data[n:])
				p = part{text: HandshakeWords(&h), size: wire.HandshakeLen}
			}
		case handshake == wire.HandshakeHeadLen && len(data) >= wire.PeerIDLen:
			p = part{text: "peer id " + printed(data[:wire.PeerIDLen]), size: wire.PeerIDLen}
		case handshake < wire.HandshakeLen:
			return len(data)
		default:
			p = part{}
			if p.size, _, _ = wire.Decode(data, &wire.Rules{Fast: true}, &p.message); p.size == 0 {
				return len(data)
			}
			p.text = Words(&p.message)
		}
		handshake = min(wire.HandshakeLen, handshake+p.size)
		f(&p)
		data = data[p.size:]
	}
	return 0
}
