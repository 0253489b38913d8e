package trace

import (
	"net/netip"

	"peerwire/core/bt"
	"peerwire/core/peerfsm"
)

// Record is one record of a trace. Which fields are set, its Kind tells. What it points to is borrowed until the next one is read.
type Record struct {
	Kind    Kind
	Offset  int64  // where it begins in the trace
	Call    uint64 // of all calls, the first being 0; what is answered has that of the call it answers
	Session int    // in the order in which they were made
	Now     bt.Instant
	Begin   *Begin
	Event   bt.Event
	LeftOut int // bytes of payload that Event.Data had at its end
	Conn    bt.ConnID
	Room    int // bytes that Transmit was given
	Bytes   []byte
	Token   bt.Token
	Size    int  // bytes of the block behind Token
	Last    bool // there was nothing more to say
	Effect  bt.Effect
	Move    Move
	At      bt.Instant
	Timer   bt.Timer
}

// Begin is how a session was made.
type Begin struct {
	Name   string         // of the node, or the program
	Addr   netip.AddrPort // where it listens, as far as that is known
	Config bt.Config
}

// Move is what a step changed of a connection's flags.
type Move struct {
	Flags   peerfsm.Flags            // as they stand now
	Changed peerfsm.Flags            // those that stood otherwise; of a new connection those that are set
	Closed  bool                     // the connection has ended
	Banned  bool                     // the peer is banned, for which there is no flag
	Whys    [peerfsm.NumFlags]bt.Why // of those that changed, and of OnParole for a ban
}

// explains tells whether a flag's reason is told.
func (m *Move) explains(f peerfsm.Flag) bool {
	return m.Changed&(1<<f) != 0 || m.Banned && f == peerfsm.OnParole
}
