package check

import (
	"fmt"

	"peerwire/core/bt"
)

// Checker is one rule that a swarm must keep, by its name.
type Checker string

// The checkers. Those that look at one connection or at one piece look after every event, the others when they are asked to.
const (
	Core         Checker = "core"
	Deadline     Checker = "deadline"
	Order        Checker = "order"
	Choke        Checker = "choke"
	Answers      Checker = "answers"
	Requests     Checker = "requests"
	Supply       Checker = "supply"
	Losses       Checker = "losses"
	Reads        Checker = "reads"
	Availability Checker = "availability"
	Closed       Checker = "closed"
	Banned       Checker = "banned"
	Innocents    Checker = "innocents"
	Parole       Checker = "parole"
	Blocks       Checker = "blocks"
	Pieces       Checker = "pieces"
	Connections  Checker = "connections"
	Dials        Checker = "dials"
	Slots        Checker = "slots"
	Turns        Checker = "turns"
	Queues       Checker = "queues"
	Pauses       Checker = "pauses"
	Memory       Checker = "memory"
	Totals       Checker = "totals"
	Uplink       Checker = "uplink"
	Conservation Checker = "conservation"
	Complete     Checker = "complete"
	Liveness     Checker = "liveness"
)

// Info is what a checker sees to, and when it looks.
type Info struct {
	Checker Checker
	Always  bool // after every event; else when it is asked to
	Means   string
}

// All lists the checkers.
func All() []Info {
	return []Info{
		{Core, false, "the core's own invariants hold"},
		{Deadline, true, "when a core was told that time has passed, nothing is left that was due; and no deadline of a core that is awake stays past"},
		{Order, true, "a handshake comes first and once, what a peer has to tell next, Fast and extended messages only when they are negotiated"},
		{Choke, true, "after a choke was written no block is, but of pieces allowed fast"},
		{Answers, true, "a block or a reject answers a request, each request at most once; with Fast all that a choke voids are rejected"},
		{Requests, true, "a block is requested of whom has it, X or allows it fast, after interest was written; it is one block of the torrent"},
		{Supply, true, "a piece is told of only when it was verified"},
		{Losses, false, "who was told of a piece that was lost since is told so, if it takes such news"},
		{Reads, true, "nothing is read to be sent but of verified pieces, and nothing is kept for who is to be choked, but of pieces allowed fast"},
		{Availability, false, "what the core counts of each piece is what its peers said, summed up"},
		{Closed, true, "a connection ends for a reason, and nothing is written or asked for after that"},
		{Banned, true, "nobody is dialled while he is banned"},
		{Innocents, true, "nobody is banned by an honest peer who does nothing to deserve it"},
		{Parole, true, "who has sent a whole piece that is right is on parole no more"},
		{Blocks, true, "a piece is hashed when each block of it was written, and none of them came from who is banned since"},
		{Pieces, true, "a piece passes only when every block of it on the disk is right, and no core has more pieces than its disk"},
		{Connections, false, "a peer keeps to its number of connections, and to that of those that it dials at a time"},
		{Dials, false, "who waits longest to be dialled is dialled first"},
		{Slots, false, "a peer uploads to no more others than it has slots"},
		{Turns, false, "who is interested is unchoked when all others have had their turn"},
		{Queues, false, "requests in both directions keep to their limits"},
		{Pauses, true, "reading stops only while blocks wait for the disk, or a thousand rejects for the peer; and none counts as waiting that is written"},
		{Memory, false, "handshakes, known peers, strikes and buffers keep to their limits"},
		{Totals, false, "no more was wasted than was downloaded, and no count is negative"},
		{Uplink, false, "no more goes through an uplink than can"},
		{Conservation, false, "no more payload is received than sent"},
		{Complete, false, "who said that it is complete has every piece on its disk"},
		{Liveness, false, "once all is healed, everybody who can become complete does, in time"},
	}
}

// Failure is a rule that was broken.
type Failure struct {
	Checker Checker
	Node    string // empty when it is nobody's in particular
	At      bt.Instant
	What    string
}

// Error says when, who, by which checker, and what.
func (f *Failure) Error() string {
	who := ""
	if f.Node != "" {
		who = f.Node + ": "
	}
	return fmt.Sprintf("t=%v %schecker %s: %s", f.At, who, f.Checker, f.What)
}
