package script

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
	"peerwire/sim"
)

// says lets a scripted peer say messages, parted by " / " or by the ends of lines: each by itself, or all together with "at-once".
func (s *Script) says(r *sim.Raw, c *command, input string) (string, error) {
	times := c.number("times", 1)
	if c.flag("at-once") {
		r.Gather(true)
		defer r.Gather(false)
	}
	text := c.text()
	if input != "" {
		text += " / " + strings.ReplaceAll(input, "\n", " / ")
	}
	for range times {
		for part := range strings.SplitSeq(text, " / ") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			if err := s.say(r, part); err != nil {
				return "", fmt.Errorf("%s: %w", part, err)
			}
		}
	}
	return "", nil
}

// allSay lets several scripted peers say the same.
func (s *Script) allSay(c *command, _ string) (string, error) {
	raws, err := s.raws(c.next())
	if err != nil {
		return "", err
	}
	text := c.text()
	for _, r := range raws {
		if _, err := s.says(r, parse("says "+text), ""); err != nil {
			return "", err
		}
	}
	return "", nil
}

// say is one message, or "bytes" and hexadecimal digits.
func (s *Script) say(r *sim.Raw, text string) error {
	c := parse(text)
	name, _ := c.value("torrent")
	t, err := s.torrent(name)
	if err != nil {
		return err
	}
	var b []byte
	switch c.verb {
	case "handshake":
		id := r.ID
		if other, ok := c.value("id"); ok {
			id = sim.PeerIDOf(other)
		}
		b = wire.AppendHandshake(nil, wire.Handshake{Reserved: r.Reserved, InfoHash: t.InfoHash, PeerID: id})
		b = b[c.number("from", 0):c.number("to", len(b))]
	case "bytes":
		b, err = hex.DecodeString(strings.ReplaceAll(c.text(), " ", ""))
	case "text":
		b = []byte(c.text())
	case "piece", "payload":
		return s.sayPiece(r, t, c)
	default:
		var m wire.Message
		if m, err = message(t, c); err == nil {
			b = wire.Append(nil, &m)
		}
		if m.ID == wire.Reject {
			r.Answered(m.Block)
		}
	}
	if err == nil {
		err = c.rest()
	}
	if err == nil {
		r.Write(b)
	}
	return err
}

// sayPiece is "piece 0 @16384": header and payload. "bad" are wrong bytes, "bad lie=1" other wrong ones, "part=100" only the first
// hundred. With "payload" there is no header.
func (s *Script) sayPiece(r *sim.Raw, t *sim.Torrent, c *command) error {
	run := sim.Run{Torrent: t.ID, Lie: c.lie()}
	part := c.number("part", -1)
	var err error
	if run.Range, err = c.block(t); err != nil {
		return err
	}
	if err := c.rest(); err != nil {
		return err
	}
	if c.verb == "piece" {
		r.Write(wire.AppendPieceHeader(nil, run.Range))
		r.Answered(run.Range)
	}
	if part >= 0 {
		run.Range.Length = uint32(part)
	}
	if run.Range.Length > 0 {
		r.WritePayload(run)
	}
	return nil
}

// block is "3 @16384 +16384"; without a length it is the block that begins there.
func (c *command) block(t *sim.Torrent) (b bt.Block, err error) {
	number := func(prefix string) (uint32, error) {
		w, ok := strings.CutPrefix(c.next(), prefix)
		if !ok {
			return 0, fmt.Errorf("a block is \"3 @16384 +16384\"")
		}
		n, err := strconv.ParseUint(w, 10, 32)
		return uint32(n), err
	}
	if b.Piece, err = number(""); err != nil {
		return b, err
	}
	if b.Begin, err = number("@"); err != nil {
		return b, err
	}
	if len(c.words) > 0 {
		b.Length, err = number("+")
		return b, err
	}
	b.Length = bt.BlockSize
	if b.Piece < t.Geometry.NumPieces() && b.Begin < t.Geometry.PieceSize(b.Piece) {
		b.Length = min(b.Length, t.Geometry.PieceSize(b.Piece)-b.Begin)
	}
	return b, nil
}

// message is any other message, in the words of the journal.
func message(t *sim.Torrent, c *command) (m wire.Message, err error) {
	if m.ID, err = messageID(c.verb); err != nil {
		return m, err
	}
	switch m.ID {
	case wire.Have, wire.Suggest, wire.AllowedFast:
		var n uint64
		n, err = strconv.ParseUint(c.next(), 10, 32)
		m.Block.Piece = uint32(n)
	case wire.Request, wire.Cancel, wire.Reject:
		m.Block, err = c.block(t)
	case wire.Port:
		var n uint64
		n, err = strconv.ParseUint(c.next(), 10, 16)
		m.Port = uint16(n)
	case wire.Bitfield:
		m.Body, err = bitfield(c.next(), t.Geometry.NumPieces())
	case wire.Extended:
		var n uint64
		n, err = strconv.ParseUint(c.next(), 10, 8)
		m.ExtID = uint8(n)
		if err == nil {
			m.Body, err = body(c.text())
		}
	}
	return m, err
}

// messageID finds a message by its name.
func messageID(name string) (wire.ID, error) {
	for id := range 256 {
		if wire.ID(id).String() == name {
			return wire.ID(id), nil
		}
	}
	return 0, fmt.Errorf("no message is called %q", name)
}

// bitfield is "0,2", "all", "none", or "0x" and the bytes.
func bitfield(list string, n uint32) ([]byte, error) {
	if digits, ok := strings.CutPrefix(list, "0x"); ok {
		return hex.DecodeString(digits)
	}
	has, err := pieceSet(list)
	if err != nil {
		return nil, err
	}
	b := make([]byte, wire.BitfieldLen(n))
	for i := range n {
		if has(i) {
			b[i/8] |= 0x80 >> (i % 8)
		}
	}
	return b, nil
}

// body is the payload of an extension: text with Go's escapes, or "0x" and the bytes.
func body(text string) ([]byte, error) {
	if digits, ok := strings.CutPrefix(text, "0x"); ok {
		return hex.DecodeString(digits)
	}
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(text, `"`, `\"`) + `"`)
	return []byte(plain), err
}
