package trace

import (
	"net/netip"
	"strconv"
	"strings"

	"peerwire/core/bt"
	"peerwire/core/wire"
)

// Line is a record in words, or a part of one, with what it is about.
type Line struct {
	Call  uint64 // the number of the call, from 0
	Now   bt.Instant
	Node  string
	Conn  bt.ConnID      // 0 when it is about no connection
	Addr  netip.AddrPort // of the connection's other end; not valid when it is not known
	Peer  string         // the name of who is there, when it is a session of the same trace; empty else
	What  string         // what happened, in one word: docs/trace.md lists them
	Text  string
	Piece uint32      // that it is about, when it is about one; NoPiece else
	Flag  *FlagChange // that has changed; nil else
	Inner bool        // it passes between the core and its shell, and means nothing to a peer

	parts []part // of what is heard or said
}

// NoPiece stands for no piece.
const NoPiece = bt.MaxPieces

// FlagChange is how a flag stands now, and why.
type FlagChange struct {
	Name string
	Is   bool
	Why  bt.Why
}

// String is the line as it is printed: the number of the call, its time, the node, the connection, and what happened.
func (l *Line) String() string {
	var b strings.Builder
	b.WriteString(strconv.FormatUint(l.Call, 10) + " t=" + l.Now.String() + " " + l.Node)
	if l.Conn != 0 {
		b.WriteString(" " + l.Conn.String())
	}
	b.WriteString(" " + l.What)
	if l.Text != "" {
		b.WriteString(" " + l.Text)
	}
	return b.String()
}

// Messages are the messages of what is heard or said.
func (l *Line) Messages() (list []string) {
	for i := range l.parts {
		list = append(list, l.parts[i].text)
	}
	return list
}

// About tells whether the line is about a piece, and what it says of it: of messages those that are.
func (l *Line) About(piece uint32) (text string, ok bool) {
	if len(l.parts) == 0 {
		return l.Text, l.Piece == piece
	}
	var list []string
	for i := range l.parts {
		if p := &l.parts[i]; concerns(&p.message, piece) {
			list = append(list, p.text)
		}
	}
	return strings.Join(list, ", "), len(list) > 0
}

// concerns tells whether a message is about a piece.
func concerns(m *wire.Message, piece uint32) bool {
	switch m.ID {
	case wire.Have, wire.Request, wire.Piece, wire.Cancel, wire.Suggest, wire.Reject, wire.AllowedFast:
		return m.Block.Piece == piece
	case wire.Bitfield:
		return int(piece/8) < len(m.Body) && m.Body[piece/8]&(0x80>>(piece%8)) != 0
	case wire.HaveAll:
		return true
	}
	return false
}
