package choke

import (
	"time"

	"peerwire/core/bt"
)

// The times and sizes of choking.
const (
	RoundInterval      = 10 * time.Second // from one Round to the next [CHK-1]
	OptimisticInterval = 30 * time.Second // from one Rotate to the next [CHK-6]
	SeedingTurn        = 60 * time.Second // a slot is kept at least so long when we seed [CHK-5]
	SeedingQuota       = 20               // pieces sent, after which the turn may end [CHK-5]
	optimisticShare    = 5                // one slot in so many is optimistic
)

// Verdict is what a candidate is to have.
type Verdict uint8

// The verdicts.
const (
	Choke      Verdict = iota // no slot
	Unchoke                   // a slot by rank
	Optimistic                // an optimistic slot
)

var verdictNames = [...]string{"choke", "unchoke", "optimistic"}

// String is the verdict in one lower-case word.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return "unknown verdict"
}

// Candidate is an open connection as the choker sees it, and what the choker thinks of it. A caller fills
// it anew for every call.
type Candidate struct {
	Conn    bt.ConnID
	Torrent bt.TorrentID

	Interested bool // the peer wants something of ours; others never get a slot
	Choked     bool // it has no slot now
	Optimistic bool // the slot that it has is an optimistic one
	Snubbed    bool // it lets our requests wait
	Seeding    bool // we have the whole torrent

	Received         int64      // payload it gave us in the last round, bytes
	Sent             int64      // payload we gave it in the last round, bytes
	SentSinceUnchoke int64      // payload we gave it since UnchokedAt, bytes
	UnchokedAt       bt.Instant // when it last was unchoked; negative if it never was
	OptimisticAt     bt.Instant // when it last was given an optimistic slot; negative if it never was
	PieceLength      uint32     // of the torrent, bytes
	Lot              uint32     // drawn by the caller; settles who of equals gets an optimistic slot

	Verdict Verdict // what it is to have
	Rank    int     // its place in the last Round, from 1; 0 if it was not ranked
	Done    bool    // the last Round found that its turn is over [CHK-5]
}

// ranked tells whether the candidate can win a slot by rank. A peer that lets us wait cannot while we
// need it to give. [CHK-9]
func (c *Candidate) ranked() bool { return c.Interested && (c.Seeding || !c.Snubbed) }

// done tells whether a seed's slot has been used enough to go to another. [CHK-5]
func (c *Candidate) done(now bt.Instant) bool {
	return c.Seeding && !c.Choked && now >= c.UnchokedAt.Add(SeedingTurn) &&
		c.SentSinceUnchoke >= SeedingQuota*int64(c.PieceLength)
}

// held is the verdict that would change nothing.
func (c *Candidate) held() Verdict {
	switch {
	case c.Choked || !c.Interested:
		return Choke
	case c.Optimistic:
		return Optimistic
	}
	return Unchoke
}
