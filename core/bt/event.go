package bt

import (
	"net/netip"

	"github.com/bits-and-blooms/bitset"
)

// EventKind tells what an Event says.
type EventKind uint8

// What can happen to a Session. Each line names the fields of Event that it sets.
const (
	Tick          EventKind = iota // nothing but the passing of time
	AddTorrent                     // Torrent, Spec
	RemoveTorrent                  // Torrent
	AddPeer                        // Torrent, Addr, Source
	Dialled                        // Conn, Fault, Addr: the answer to Dial; Addr is our own end
	Accept                         // Conn, Addr, Transport: a peer connected to us
	Received                       // Conn, Data: bytes that arrived, borrowed for the call
	PayloadRead                    // Conn, N: so many bytes more went where Need said
	Closed                         // Conn, Fault: the transport is gone
	Stored                         // Token, Fault: the answer to Store
	Fetched                        // Token, Fault: the answer to Fetch
	Verified                       // Torrent, Piece, Good, Sums, Fault: the answer to Verify
	DiskReady                      // Torrent: a fault of the disk has passed, go on
)

// Event is one thing that happened outside the core. It is plain data; only the fields
// that its Kind names are looked at.
//
// Verified blames peers when it is not Good, so a shell says so only of what arrived. It gives a Fault instead when its disk may
// have changed the bytes; and Sums only when the piece, read back as a whole, has the hash of what arrived. [TRU-10]
type Event struct {
	Kind      EventKind
	Transport Transport
	Source    Source
	Fault     Fault
	Good      bool // the piece's hash is right
	Conn      ConnID
	Torrent   TorrentID
	Piece     uint32 // index
	N         int    // bytes
	Token     Token
	Addr      netip.AddrPort
	Data      []byte
	Sums      []Digest // SHA-1 of each block of a piece; borrowed for the call
	Spec      *TorrentSpec
}

// TorrentSpec is what a Session must know of a torrent to take part in it.
type TorrentSpec struct {
	InfoHash InfoHash
	Geometry Geometry       // not known: what peers have is noted, and nothing is requested
	Private  bool           // BEP 27
	MaxConns int            // of its connections; 0 leaves it to the session's limit
	Have     *bitset.BitSet // pieces that are verified on disk already; nil is none

	SuperSeed bool // when it is complete, hide what we have and show it piece by piece [SUP-1]
	AnyPiece  bool // a new piece is chosen at random, however rare: to learn what the choice by rarity is worth [PCK-19]

	// ReservedSlots is how many upload slots are the torrent's before those of others, while it has use for them; at least 0. [CHK-15]
	ReservedSlots int
}
