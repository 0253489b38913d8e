package peerfsm

import "time"

// The times of a connection. A limit of t acts at exactly t. [TMR-1]
const (
	ConnectTimeout    = 15 * time.Second  // dialled, not connected [TMR-3]
	UTPConnectTimeout = 3 * time.Second   // the same over uTP, when TCP is next [TMR-21]
	HandshakeTimeout  = 10 * time.Second  // connected, handshake not whole, whatever trickles in [TMR-4]
	KeepAliveInterval = 60 * time.Second  // nothing sent [TMR-5]
	KeepAliveSpacing  = 1 * time.Second   // between two keep-alives of the peer [FRM-7]
	InactivityTimeout = 120 * time.Second // nothing received [TMR-6]
	MaxRequestTimeout = 60 * time.Second  // a request's cap, and its limit before the first sample [TMR-7]
	MinRequestTimeout = 2 * time.Second   // its floor [TMR-7]
	PieceTimeout      = 20 * time.Second  // requests outstanding and not one byte of payload [TMR-8]
	NoRequestTimeout  = 60 * time.Second  // we seed; unchoked, interested, and asks for nothing [TMR-11]
	RedundantGrace    = 10 * time.Second  // it downloads nothing and has nothing for us [TMR-16]
	UntakenTimeout    = 120 * time.Second // there is something to write, and nothing was taken [TMR-15]
	ShowInterval      = 10 * time.Second  // a peer that wants nothing of what it was shown is shown more [SUP-6]
	ChokeGrace        = 2 * time.Second   // requests that crossed our choke are not held against the peer [MSG-15]
	RequestQueueTime  = 3 * time.Second   // so much download is kept asked for [LIM-4]
)

// The sizes of a connection's memory.
const (
	MaxIncomingRequests = 500     // requests of the peer that we keep; told as "reqq" [LIM-2]
	MaxOutgoingRequests = 500     // requests that we keep with the peer [LIM-3]
	MinRequestQueue     = 2       // requests kept with a peer that is not snubbed [LIM-4]
	FirstRequestQueue   = 4       // before anything is known of its speed [LIM-4]
	MaxStrikes          = 300     // breaches that do not close by themselves [LIM-5]
	MaxUnsaid           = 1000    // answers that wait for a peer that does not read [LIM-7]
	MaxUntold           = 64      // pieces that a peer is told of when something else is said [MSG-29]
	MaxWithdrawn        = 512     // requests we took back, remembered so that a late answer is no offence [MSG-19]
	MaxTakenBack        = 100     // pieces that the peer takes back, when the torrent has fewer [EXT-19]
	MaxSuggested        = 16      // pieces the peer suggests [FST-10]
	MaxAllowedFast      = 64      // pieces the peer allows while it chokes us [FST-12]
	AllowedFastSet      = 10      // pieces that we allow while choking [FST-15]
	AllowedFastCopies   = 3       // times each is served to one choked peer [FST-17]
	MaxAwaited          = 2       // pieces that were shown to a peer and have not spread; so many are shown at first [SUP-3] [SUP-5]
	MaxAhead            = 1 << 20 // bytes that wait for us besides the blocks that we asked for [LIM-16]
	FetchAhead          = 32      // blocks read from disk before the transport takes them
)
