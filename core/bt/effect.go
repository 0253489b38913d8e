package bt

import (
	"fmt"
	"net/netip"

	"peerwire/core/clause"
)

// EffectKind tells what an Effect asks for.
type EffectKind uint8

// What a Session can ask of its shell. Each line names the fields of Effect that it sets.
const (
	None       EffectKind = iota // no effect
	Dial                         // Conn, Torrent, Addr, Transport: connect; answer Dialled
	Need                         // Conn, N, Want, Size, Token: see Want
	WantWrite                    // Conn: call Transmit as soon as the transport takes bytes
	PauseRead                    // Conn: read nothing more from the transport
	ResumeRead                   // Conn: read again
	Close                        // Conn, Reason: close the transport, if it is not gone already; no answer
	Store                        // Token, Torrent, Block: write what is in the buffer behind Token; answer Stored
	Release                      // Token: the buffer behind Token is not needed any more; no answer
	Fetch                        // Conn, Token, Torrent, Block: read a block to be sent; answer Fetched
	Verify                       // Torrent, Piece, Sums: hash what was stored of a piece; answer Verified
	Passed                       // Torrent, Piece: verified, and ours; sync it and keep a record
	Completed                    // Torrent: every piece is verified
	Stalled                      // Torrent, Fault: nothing is requested until DiskReady
	MorePeers                    // Torrent: known peers are few; announce if the tracker allows
	Banned                       // Torrent, Addr (port 0), Until, Reason: connections to and from its site are refused
	Noticed                      // Conn, Torrent, Addr, Reason: a violation worth a line in a log
)

// Want is what a connection needs next, in Need. Of the bytes given with Received, the core took
// the first N; the rest belongs to what Want says.
type Want uint8

// What a connection can need.
const (
	WantBytes   Want = iota // more bytes, Size of them before the next message can be whole; a hint: any that come are to be given
	WantPayload             // Size bytes of payload, into the buffer behind Token; report PayloadRead
	WantDiscard             // Size bytes to be dropped; report PayloadRead
)

// Effect is one thing the core asks of its shell. It is plain data; only the fields that its
// Kind names are set.
type Effect struct {
	Kind      EffectKind
	Want      Want
	Transport Transport
	Fault     Fault
	Sums      bool // digests are wanted of a piece that is right, too
	Reason    Reason
	Conn      ConnID
	Torrent   TorrentID
	Piece     uint32 // index
	N         int    // bytes taken
	Size      int    // bytes wanted
	Token     Token
	Block     Block
	Addr      netip.AddrPort
	Until     Instant
}

// Reason is why a connection ended, or what a peer did wrong.
type Reason struct {
	Cause     Cause
	Violation clause.Violation // set when Cause is Misbehaved
	Fault     Fault            // set when Cause is Transport or Disk

	// The canonical priorities by which the connection lost its place, or was given none: its own, and that of the one that was
	// preferred. Both are 0 when they had no part in it.
	Rank, Above uint32
}

// Cause is who or what ended a connection. It tells the peer's fault from ours and from nobody's.
type Cause uint8

// The causes.
const (
	NoCause          Cause = iota
	Misbehaved             // the peer broke a clause: see Violation
	Transported            // the transport ended: see Fault
	ConnectTimeout         // no connection in time
	HandshakeTimeout       // no whole handshake in time
	Inactive               // not one byte in time
	NoRequest              // unchoked and interested, and asked for nothing
	Uninteresting          // neither side can use the other
	BothSeeds              // neither side downloads any more
	SelfConnection         // the peer is us
	Duplicate              // another connection to the same peer survives
	UnknownTorrent         // its info-hash is none of ours
	TooMany                // the connection limit
	BannedPeer             // the address is banned
	Stopped                // the torrent or the session ends
	DiskFailed             // a block that was promised cannot be read
	TakesNothing           // the transport took nothing in time
	Evicted                // it made room for another
	Crowded                // too many incoming connections are in handshake
	AddressFull            // too many connections are with its address
	TurnedOver             // others may be more useful
)

var causeNames = [...]string{"", "violation", "transport", "connect timeout", "handshake timeout", "inactive",
	"no request", "uninteresting", "both seeds", "self connection", "duplicate connection", "unknown torrent",
	"too many connections", "banned", "stopped", "disk failed", "takes nothing", "made room for another",
	"too many in handshake", "too many from its address", "least useful"}

// String names the cause in a few lower-case words.
func (c Cause) String() string {
	if int(c) < len(causeNames) {
		return causeNames[c]
	}
	return "unknown cause"
}

// String says the reason in words, with the violation and its clause, or the fault.
func (r Reason) String() string {
	switch r.Cause {
	case Misbehaved:
		return r.Violation.String() + " [" + r.Violation.Clause().String() + "]"
	case Transported:
		return r.Fault.String()
	case DiskFailed:
		return r.Cause.String() + ": " + r.Fault.String()
	}
	if r.Rank != 0 || r.Above != 0 {
		return fmt.Sprintf("%v: priority %08x, the other's %08x", r.Cause, r.Rank, r.Above)
	}
	return r.Cause.String()
}

// Transmission is what Transmit gives: N control bytes in the caller's buffer, and after them
// the whole payload behind Token when that is not zero. The payload is the shell's from then on: it
// drops the buffer when it is written, or when the connection closes.
type Transmission struct {
	N     int
	Token Token
	Size  int  // bytes of payload behind Token
	Last  bool // there is nothing more to say for now: WantWrite comes when there is
}
