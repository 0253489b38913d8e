package utp

import (
	"net"
	"net/netip"

	"peerwire/core/bt"
)

// flowKey names a connection: the peer's end, and the id of the packets that come from there.
type flowKey struct {
	peer netip.AddrPort
	id   uint16
}

// stage is how far a connection has come, as the guard sees it.
type stage uint8

const (
	asked   stage = iota // our SYN is out, and not answered
	opening              // the peer has proved its address; the library has its SYN, and has not answered
	open
	closing // nobody needs it any more; the library has its last packets acknowledged
)

// flow is a connection that the library knows of.
type flow struct {
	key    flowKey
	id     uint16 // of the packets that go there, but for a SYN
	stage  stage
	broken bool       // a RESET of the peer's has ended it
	first  uint16     // sequence number that our first packet is to have
	shift  uint16     // what the numbers on the wire are above the library's
	last   uint16     // the newest sequence number that we have used, on the wire
	addr   net.Addr   // of the peer, as the library wants it
	held   [][]byte   // what came while it was opening
	until  bt.Instant // when a closing one is forgotten
	room
}

// The acknowledgements that are believed: what was sent, and not long ago. A peer may take the answer to its SYN for
// one that has a number of its own.
const (
	ackAhead  = 1
	ackBehind = 4096
)

// believes tells whether an acknowledgement can be one of ours.
func (f *flow) believes(ack uint16) bool { return f.last+ackAhead-ack <= ackBehind }

// maxHeld is how many packets are kept for a connection until the library has answered its SYN.
const maxHeld = 16

// hold keeps a packet for later.
func (f *flow) hold(datagram []byte) bool {
	if len(f.held) == maxHeld {
		return false
	}
	f.held = append(f.held, append([]byte(nil), datagram...))
	return true
}

// used notes the sequence number of one of our packets.
func (f *flow) used(seq uint16) {
	if int16(seq-f.last) > 0 {
		f.last = seq
	}
}
