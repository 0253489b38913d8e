package peerfsm

import (
	"peerwire/core/bt"
	"peerwire/core/clause"
)

// FactKind tells what a Fact says.
type FactKind uint8

// What one step can tell the torrent. Each line names the fields of Fact that it sets.
const (
	Quiet      FactKind = iota // nothing for the torrent to do
	More                       // Size: so many bytes must stand ready before the next Step
	Broke                      // Violation: the peer broke a clause
	Headed                     // InfoHash: an incoming handshake names its torrent; Bind or close
	Shaken                     // the handshake is whole; PeerID and the reserved bits are known
	Supplied                   // the peer told all its pieces anew: see TakeSupply
	Gained                     // Piece: the peer has one piece more
	Lost                       // Piece: the peer has one piece less
	Moved                      // choke, interest, requests or allowances changed: see what can be done
	PieceBegan                 // Block: its payload follows; answer with Expect or Discard
	Introduced                 // the extension handshake came: port, client, intent may be new
)

// Fact is what one message means to the torrent.
type Fact struct {
	Kind      FactKind
	Violation clause.Violation
	Size      int    // bytes
	Piece     uint32 // index
	Block     bt.Block
	InfoHash  bt.InfoHash
}

func broke(v clause.Violation) Fact { return Fact{Kind: Broke, Violation: v} }
