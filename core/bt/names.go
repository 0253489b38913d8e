package bt

import (
	"encoding/hex"
	"strconv"
)

// ConnID names a connection for the life of a Session and is never used twice.
// The core chooses the ids of the connections it dials; the shell chooses those it
// accepts, with Accepted set, so that neither has to ask the other.
type ConnID uint32

// Accepted is the bit that tells an id the shell chose from one the core chose.
const Accepted ConnID = 1 << 31

// String writes the id as "#7" when the core chose it and "#in7" when the shell did.
func (c ConnID) String() string {
	if c&Accepted != 0 {
		return "#in" + strconv.FormatUint(uint64(c&^Accepted), 10)
	}
	return "#" + strconv.FormatUint(uint64(c), 10)
}

// TorrentID names a torrent within a Session. The shell chooses it with AddTorrent;
// zero is no torrent.
type TorrentID uint32

// Token names work in flight between core and shell: a buffer that payload is read
// into, or a block that is fetched from disk. It is opaque to the shell, which hands it back
// untouched, and never used twice. Zero is no token.
type Token uint64

// InfoHash is the SHA-1 of a torrent's info dictionary (BEP 3).
type InfoHash [20]byte

// String writes the hash as 40 hexadecimal digits.
func (h InfoHash) String() string { return hex.EncodeToString(h[:]) }

// Digest is the SHA-1 of a block.
type Digest [20]byte

// PeerID is what a client calls itself in the handshake (BEP 3, BEP 20).
type PeerID [20]byte

// Origin tells who opened a connection.
type Origin uint8

// The two origins.
const (
	Outgoing Origin = iota // we dialled
	Incoming               // the peer dialled us
)

// String is "outgoing" or "incoming".
func (o Origin) String() string {
	if o == Outgoing {
		return "outgoing"
	}
	return "incoming"
}

// Transport is what carries a connection's bytes.
type Transport uint8

// The two transports.
const (
	TCP Transport = iota
	UTP           // BEP 29
)

// String is "tcp" or "utp".
func (t Transport) String() string {
	if t == TCP {
		return "tcp"
	}
	return "utp"
}

// Transports are the transports that may be dialled.
type Transports uint8

// What may be dialled.
const (
	OnlyTCP Transports = iota
	OnlyUTP
	TCPAndUTP
)

// Has tells whether a transport may be dialled.
func (t Transports) Has(one Transport) bool {
	return t == TCPAndUTP || (t == OnlyUTP) == (one == UTP)
}

// String is "tcp", "utp" or "both".
func (t Transports) String() string {
	switch t {
	case OnlyTCP:
		return "tcp"
	case OnlyUTP:
		return "utp"
	}
	return "both"
}

// Kinds counts connections by the four kinds that there are: by Transport and Origin.
type Kinds [UTP + 1][Incoming + 1]int

// Source tells where an address of a peer came from, best first.
type Source uint8

// The sources of a known peer.
const (
	Manual   Source = iota // given by the user
	Tracker                // answered by a tracker
	Arrived                // connected to us, and told its listen port
	Exchange               // told by another peer
)

// String names the source in one lower-case word.
func (s Source) String() string {
	switch s {
	case Manual:
		return "manual"
	case Tracker:
		return "tracker"
	case Arrived:
		return "incoming"
	case Exchange:
		return "exchange"
	}
	return "unknown"
}
