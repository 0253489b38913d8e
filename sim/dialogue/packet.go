package dialogue

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// names are the types of packets, by number.
var names = [...]string{"DATA", "FIN", "STATE", "RESET", "SYN"}

const (
	headerSize = 20
	typeData   = 0
	typeState  = 2
	typeReset  = 3
	typeSyn    = 4
)

// The extensions that are shown by name.
const (
	extSack    = 1
	extReason  = 3
	extLargest = 80
	extPad     = 81
)

// packet is one of ours, taken apart to be shown.
type packet struct {
	kind, size    int
	id, seq, ack  uint16
	window, stamp uint32
	difference    uint32
	extras        []string // what its extensions say
	padded        int      // bytes of padding
	payload       int
}

// apart takes one of our packets apart; it was written by us, so it is whole.
func apart(b []byte) packet {
	p := packet{
		kind: int(b[0] >> 4), size: len(b), id: binary.BigEndian.Uint16(b[2:]), stamp: binary.BigEndian.Uint32(b[4:]),
		difference: binary.BigEndian.Uint32(b[8:]), window: binary.BigEndian.Uint32(b[12:]),
		seq: binary.BigEndian.Uint16(b[16:]), ack: binary.BigEndian.Uint16(b[18:]),
	}
	next, rest := b[1], b[headerSize:]
	for next != 0 {
		body := rest[2 : 2+int(rest[1])]
		switch next {
		case extSack:
			p.extras = append(p.extras, sacked(p.ack, body))
		case extReason:
			p.extras = append(p.extras, fmt.Sprintf("reason %d", binary.BigEndian.Uint16(body[2:])))
		case extLargest:
			p.extras = append(p.extras, fmt.Sprintf("takes %d", binary.BigEndian.Uint16(body)))
		case extPad:
			p.padded += 2 + len(body)
		}
		next, rest = rest[0], rest[2+len(body):]
	}
	p.payload = len(rest)
	return p
}

// sacked lists the numbers that a selective acknowledgement names.
func sacked(ack uint16, body []byte) string {
	text := fmt.Sprintf("%d bytes of sack", len(body))
	for i := range 8 * len(body) {
		if body[i/8]>>(i%8)&1 != 0 {
			text += fmt.Sprintf(" %d", ack+2+uint16(i))
		}
	}
	return text
}

// show is the packet in words; first is our first number.
func (p packet) show(first uint16) string {
	words := []string{names[p.kind]}
	if p.kind != typeReset {
		words[0] += fmt.Sprintf(" +%d", p.seq-first)
	}
	if p.kind != typeSyn {
		words[0] += fmt.Sprintf(" ack %d", p.ack)
	}
	if p.payload > 0 {
		words = append(words, bytes(p.payload))
	}
	if p.padded > 0 {
		words = append(words, fmt.Sprintf("padded to %d", p.size))
	}
	return strings.Join(append(words, p.extras...), ", ")
}

// bytes is a number of them.
func bytes(n int) string {
	if n == 1 {
		return "1 byte"
	}
	return fmt.Sprintf("%d bytes", n)
}

// encode is a packet of a peer, with the extensions in their order.
func (p packet) encode(exts []extension, payload []byte) []byte {
	b := make([]byte, headerSize, headerSize+len(payload))
	b[0] = byte(p.kind<<4 | 1)
	binary.BigEndian.PutUint16(b[2:], p.id)
	binary.BigEndian.PutUint32(b[4:], p.stamp)
	binary.BigEndian.PutUint32(b[8:], p.difference)
	binary.BigEndian.PutUint32(b[12:], p.window)
	binary.BigEndian.PutUint16(b[16:], p.seq)
	binary.BigEndian.PutUint16(b[18:], p.ack)
	link := 1
	for _, e := range exts {
		b[link] = e.number
		link = len(b)
		b = append(append(b, 0, byte(len(e.body))), e.body...)
	}
	return append(b, payload...)
}

// extension is one that a peer sends.
type extension struct {
	number byte
	body   []byte
}
