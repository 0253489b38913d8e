package choke

import (
	"time"

	"peerwire/core/bt"
)

// The times and sizes of choking.
const (
	RoundInterval      = 10 * time.Second // from one Round to the next [CHK-1]
	OptimisticInterval = 30 * time.Second // from one Rotate to the next [CHK-6]
	SeedingTurn        = 60 * time.Second // a seed's slot is kept at least so long [CHK-5]
	SeedingQuota       = 20               // pieces sent, after which the turn may end [CHK-5]
	scoreScale         = 2000             // what a whole torrent counts for the anti-leech score [CHK-12]
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

	Received     int64      // payload it gave us since the last round, bytes
	Sent         int64      // payload we gave it since the last round, bytes
	SentThisTurn int64      // payload we gave it since UnchokedAt, bytes
	SentEver     int64      // payload we ever gave it, bytes
	Has          int64      // its pieces times their length, bytes
	Total        int64      // of the torrent, bytes
	PieceLength  uint32     // of the torrent, bytes
	UnchokedAt   bt.Instant // when it was last given a slot that is not the promotion of another; negative if it never was
	OptimisticAt bt.Instant // when it last was given an optimistic slot, or kept it by Rotate; negative if it never was
	Lot          uint32     // drawn by the caller; settles who of equals gets an optimistic slot

	Verdict Verdict // what it is to have
	Because Because // why, and by what numbers

	claims bool // its torrent has a slot reserved that it is to have
	keys   keys // by which it is being sorted
}

// ranked tells whether the candidate can win a slot by rank. A peer that lets us wait cannot while we
// need it to give. [CHK-9]
func (c *Candidate) ranked() bool { return c.Interested && (c.Seeding || !c.Snubbed) }

// may tells whether the candidate, which has been given nothing yet, can be given a slot of the kind of v. [CHK-3]
func (c *Candidate) may(v Verdict) bool {
	return c.Verdict == Choke && c.Interested && (v == Optimistic || c.ranked())
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

// over tells whether a seed's slot has been used enough to go to another. [CHK-5]
func (c *Candidate) over(now bt.Instant) bool {
	return !c.Choked && now >= c.UnchokedAt.Add(SeedingTurn) && c.SentThisTurn >= SeedingQuota*int64(c.PieceLength)
}

// score is how far the candidate is from having half of the torrent, in thousandths of the half: those who begin need something to give, and
// those who end stay as seeds. What we sent counts as had, up to the half, as a leech may hide what it has. [CHK-12]
func (c *Candidate) score() int64 {
	half := c.Total / 2
	off := min(max(c.Has, min(c.SentEver, half)), c.Total) - half
	return max(off, -off) * scoreScale / max(1, c.Total)
}
