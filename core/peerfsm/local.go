package peerfsm

import (
	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/wire"
)

// Self is what every connection of a Session tells of us, and where it records what it obeyed.
type Self struct {
	Moods    uint64 // how often a connection has begun or ceased to be bored; the connections count
	Holding  int    // open connections whose peers hold an upload slot; likewise
	Waiting  int    // open connections whose peers are choked and interested; likewise
	Stock    *Stock // memory of the connections' queues
	Recorder *clause.Recorder

	// Moved is told at once of each connection that is new, or whose state has changed, and how its flags stood before: none of them, when it
	// is new. It is nil unless somebody keeps a record.
	Moved func(p *Peer, before Flags)

	PeerID     bt.PeerID
	Client     string // "v" of the extension handshake
	ListenPort uint16 // "p" of the extension handshake; 0 tells none

	told     *introduction           // the last that was told by a peer; many tell the same
	supply   *bitset.BitSet          // what a peer has just told that it has, for its torrent to take
	offences queue[clause.Violation] // breaches of the last message that do not close, for a log
}

// Local is our side of the torrent a connection is bound to: shared by its connections, changed by
// the torrent alone.
type Local struct {
	Geometry bt.Geometry
	rules    [2]wire.Rules  // of its connections, those with Fast second; since the first was bound
	Have     *bitset.BitSet // verified pieces
	Doubted  *bitset.BitSet // pieces that were verified, and proved unreadable since; nil while there never was one
	Count    uint32         // how many pieces are verified
	Torrent  bt.TorrentID
	Super    bool // it is to be super-seeded when complete [SUP-1]
	InfoHash bt.InfoHash
}

// Doubts tells whether piece i was ours, and is not any more. [MSG-27]
func (l *Local) Doubts(i uint32) bool { return l.Doubted != nil && l.Doubted.Test(uint(i)) }

// Finished tells whether we have every piece, which nobody does before it is known how many there are. It is asked for with every message, and
// takes no division.
func (l *Local) Finished() bool {
	return l.Geometry.Known() && int64(l.Count)*int64(l.Geometry.PieceLength) >= l.Geometry.Total
}
