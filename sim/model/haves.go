package model

import (
	"slices"
	"time"

	"peerwire/core/bt"
)

// The bounds of how haves wait. [MSG-29]
const (
	haveTime  = 5 * time.Second
	maxUntold = 64
)

// untoldHaves is the haves that may wait for something else to be said.
type untoldHaves struct {
	pieces []uint32
	since  bt.Instant // when the first of them began to wait
}

// begin lets the have of a piece wait.
func (u *untoldHaves) begin(now bt.Instant, piece uint32) {
	if len(u.pieces) == 0 {
		u.since = now
	}
	if u.pieces = append(u.pieces, piece); len(u.pieces) >= maxUntold {
		u.pieces = nil
	}
}

// end is told that the have of a piece waits no more.
func (u *untoldHaves) end(piece uint32) {
	u.pieces = slices.DeleteFunc(u.pieces, func(i uint32) bool { return i == piece })
}

// hasTime tells whether the have of a piece that is ours now may wait: the peer has it, or cannot ask for it and is interested anyway. [MSG-29]
func (c *conn) hasTime(piece uint32) bool {
	return c.supply[piece] || c.interested && c.slot == choked && !c.said.unchoke
}
