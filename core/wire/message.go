package wire

import (
	"strconv"

	"peerwire/core/bt"
)

// ID is the byte that tells what a message is. Every value may come from a peer; those
// without a name here are unknown.
type ID uint8

// The messages of BEP 3 (0 to 8), BEP 5 (Port), BEP 6 (13 to 17) and BEP 10 (Extended).
const (
	Choke         ID = 0
	Unchoke       ID = 1
	Interested    ID = 2
	NotInterested ID = 3
	Have          ID = 4
	Bitfield      ID = 5
	Request       ID = 6
	Piece         ID = 7
	Cancel        ID = 8
	Port          ID = 9
	Suggest       ID = 13
	HaveAll       ID = 14
	HaveNone      ID = 15
	Reject        ID = 16
	AllowedFast   ID = 17
	Extended      ID = 20
	KeepAlive     ID = 255 // the frame of length 0, which has no id on the wire
)

var idNames = [...]string{
	Choke: "choke", Unchoke: "unchoke", Interested: "interested", NotInterested: "not-interested",
	Have: "have", Bitfield: "bitfield", Request: "request", Piece: "piece", Cancel: "cancel", Port: "port",
	Suggest: "suggest", HaveAll: "have-all", HaveNone: "have-none", Reject: "reject", AllowedFast: "allowed-fast",
	Extended: "extended",
}

// String is the message's name in lower case, or "message 99" for one without.
func (id ID) String() string {
	if id == KeepAlive {
		return "keep-alive"
	}
	if int(id) < len(idNames) && idNames[id] != "" {
		return idNames[id]
	}
	return "message " + strconv.Itoa(int(id))
}

// Message is one control message, or the header of a piece message. Which fields hold
// something depends on ID; the others are zero.
type Message struct {
	ID    ID
	ExtID uint8  // extended: the extension's id, as its receiver numbered it; 0 is the handshake
	Port  uint16 // port: where the peer's DHT node listens; 0 is possible

	// Have, suggest, allowed fast: Piece alone. Request, cancel, reject: all of it. Piece: all of
	// it, where Length is the number of payload bytes that follow the header.
	Block bt.Block

	Body []byte // bitfield, extended: the payload, lent from the input
}

// String writes the message as a transcript does: "have 3", "request 3 @16384 +16384",
// "extended 1, 20 bytes".
func (m Message) String() string {
	switch m.ID {
	case Have, Suggest, AllowedFast:
		return m.ID.String() + " " + strconv.FormatUint(uint64(m.Block.Piece), 10)
	case Request, Piece, Cancel, Reject:
		return m.ID.String() + " " + m.Block.String()
	case Port:
		return m.ID.String() + " " + strconv.Itoa(int(m.Port))
	case Bitfield:
		return m.ID.String() + ", " + strconv.Itoa(len(m.Body)) + " bytes"
	case Extended:
		return m.ID.String() + " " + strconv.Itoa(int(m.ExtID)) + ", " + strconv.Itoa(len(m.Body)) + " bytes"
	}
	return m.ID.String()
}
