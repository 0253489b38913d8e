package sim

import (
	"encoding/hex"
	"strconv"
	"strings"

	"peerwire/core/wire"
)

// tap reads along what one end of a connection writes, and puts it in the specification's words.
type tap struct {
	pieces  uint32 // of the largest torrent there is; 0 takes every index
	shaken  bool
	pending []byte // of a message that is not whole
	skip    int    // bytes of payload to come
}

// read takes bytes and calls f for each message that is whole.
func (t *tap) read(data []byte, f func(m wire.Message, text string)) {
	t.pending = append(t.pending, data...)
	for {
		if n := min(t.skip, len(t.pending)); n > 0 {
			t.skip -= n
			t.pending = t.pending[n:]
		}
		if t.skip > 0 {
			return
		}
		if !t.shaken {
			h, n, _, _ := wire.DecodeHandshake(t.pending)
			if n == 0 {
				return
			}
			t.shaken = true
			t.pending = t.pending[n:]
			f(wire.Message{}, "handshake "+handshakeWords(&h))
			continue
		}
		var m wire.Message
		n, _, _ := wire.Decode(t.pending, &wire.Rules{Fast: true}, &m)
		if n == 0 {
			return
		}
		text := t.words(&m)
		t.pending = t.pending[n:]
		if m.ID == wire.Piece {
			t.skip = int(m.Block.Length)
		}
		f(m, text)
	}
}

// pass takes a run.
func (t *tap) pass(n int) { t.skip = max(0, t.skip-n) }

// words says a message.
func (t *tap) words(m *wire.Message) string {
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

// handshakeWords says what is in a handshake: its reserved bytes, info-hash and peer id.
func handshakeWords(h *wire.Handshake) string {
	return hex.EncodeToString(h.Reserved[:]) + " " + h.InfoHash.String() + " " + printed(h.PeerID[:])
}

// pieceList lists the pieces of a bitfield: "0,2,3".
func pieceList(body []byte) string {
	var list []string
	for i := range 8 * len(body) {
		if body[i/8]&(0x80>>(i%8)) != 0 {
			list = append(list, strconv.Itoa(i))
		}
	}
	if len(list) == 0 {
		return "none"
	}
	if len(list) > 40 {
		return "of " + strconv.Itoa(len(list)) + " pieces"
	}
	return strings.Join(list, ",")
}

// printed is bencoded text, with what is not printable escaped.
func printed(body []byte) string {
	q := strconv.QuoteToASCII(string(body))
	return q[1 : len(q)-1]
}
