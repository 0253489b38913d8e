package model

import (
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// conn is one connection: what was said on it in both directions, and what we have decided.
type conn struct {
	id       bt.ConnID
	tor      bt.TorrentID // 0 until it is bound
	addr     netip.AddrPort
	known    netip.AddrPort // as whom the peer is remembered
	local    netip.AddrPort // our end, when we dialled
	over     bt.Transport
	outgoing bool
	stage    stage

	// What the peer said.
	headed     bool // the first 48 bytes of its handshake
	fast, ext  bool // what its handshake offers; ours offers both
	peerID     bt.PeerID
	supply     []bool
	supplied   bool // its first message came, extended messages not counted
	unchokes   bool
	interested bool
	declared   bool // upload-only
	allowed    []uint32
	wants      int // its id for upload_only; 0 is none
	wantsDont  int // its id for lt_donthave
	takenBack  int // pieces
	suggests   bool
	reqq       int
	port       uint16
	keptAlive  []bt.Instant // when its last keep-alive came, if one did
	strikes    int
	noticed    []clause.Violation

	// What we have decided.
	slot    slot
	snubbed bool
	parole  bool
	restAt  bt.Instant // until when nothing is asked for; 0 when it is not so
	rejects int        // in a row

	// What we have announced.
	said    said
	armed   bool       // room to write was asked for
	takenAt bt.Instant // when that was, or the transport last took something

	// Our requests.
	asks           []ask
	memory         []bt.Block // withdrawn, and not in asks
	recv           reception
	cancels        []bt.Block // to be written
	cancelable     []bt.Block // that may be cancelled, though they have timed out
	chosen         []bt.Block // to be written
	clock          clock
	supplyBefore   []bool
	unchokedBefore bool
	allowedBefore  int
	released       bool       // what was chosen for it was taken back in this step
	liveBefore     []bt.Block // those of them that were written
	asksBefore     []bt.Block // all that it was asked for before the step
	owedBefore     []bt.Block // what had been cancelled before the step, and was not answered

	// The peer's requests.
	queue []serve
	fastd []fastPiece // what we gave it as allowed fast
	early bool        // some was accepted in view of an unchoke that was not announced

	down, up           int64 // payload, bytes
	roundDown, roundUp int64 // of it, before the last round of the choker
	upSlot             int64 // payload sent before it was given its slot, bytes

	dialledAt, openedAt, heardAt bt.Instant
	usedAt                       bt.Instant // the last sign that the slot is used
	slotAt, optimisticAt         bt.Instant // when it was last given a slot, an optimistic one; never is before all
	boring                       bool       // neither side is interested in the other
	boringAt                     bt.Instant // since when
	redundant                    bool       // the peer downloads nothing, and has nothing for us
	redundantAt                  bt.Instant // since when
	shakenAt                     bt.Instant // when its handshake was done
	doomed                       bt.Instant // when it ends, unless it is decided otherwise before; 0 when it does not
	mirror                       bool       // it is to ourselves, and what comes on it is passed over
	held                         bool       // we read nothing from the peer
	heldAt                       bt.Instant
}

// stage is where a connection stands, from its creation to its end.
type stage uint8

const (
	queued stage = iota
	connecting
	shaking
	open
)

// slot is what a peer holds.
type slot uint8

const (
	choked slot = iota
	ranked
	optimistic
)

// before is before all instants.
const before bt.Instant = -1

func (c conn) clone() conn {
	c.supply, c.allowed = slices.Clone(c.supply), slices.Clone(c.allowed)
	c.keptAlive, c.noticed = slices.Clone(c.keptAlive), slices.Clone(c.noticed)
	c.asks, c.memory, c.cancels = slices.Clone(c.asks), slices.Clone(c.memory), slices.Clone(c.cancels)
	c.cancelable = slices.Clone(c.cancelable)
	c.queue, c.fastd = slices.Clone(c.queue), slices.Clone(c.fastd)
	c.said = c.said.clone()
	return c
}

// seed tells whether the peer has every piece. [FLG-16]
func (c *conn) seed() bool { return len(c.supply) > 0 && !slices.Contains(c.supply, false) }

// pieces is how many pieces the peer has. [FLG-15]
func (c *conn) pieces() (n int) {
	for _, has := range c.supply {
		if has {
			n++
		}
	}
	return n
}

// uploadOnly tells whether the peer downloads nothing. [FLG-17]
func (w *world) uploadOnly(c *conn) bool { return c.stage == open && (c.declared || c.seed()) }

// interesting tells whether the peer has a piece that we lack. [MSG-9] [FLG-10]
func (w *world) interesting(c *conn) bool {
	t := w.torrent(c.tor)
	if c.stage != open || t == nil {
		return false
	}
	for i, has := range c.supply {
		if has && !t.have[i] {
			return true
		}
	}
	return false
}

// flags is what the sixteen status methods have to say of a connection. [ANN-1]
func (w *world) flags(c *conn) Flags {
	up := c.stage == open
	return Flags{
		Queued: c.stage == queued, Connecting: c.stage == connecting, Handshake: c.stage == shaking, // [FLG-1] [FLG-2] [FLG-3] [FLG-4]
		Torrent: c.tor != 0, LocalConnection: c.outgoing, // [FLG-5] [FLG-6]
		SupportExtensions: up && c.ext,                                               // [FLG-7]
		Choked:            c.slot == choked, OptimisticUnchoke: c.slot == optimistic, // [FLG-8] [FLG-9]
		Interesting:  w.interesting(c),
		RemoteChoked: !c.unchokes, RemoteInterested: c.interested, // [FLG-11] [FLG-12]
		Snubbed: c.snubbed, OnParole: c.parole, // [FLG-13] [FLG-14]
		Pieces: c.pieces(), Seed: c.seed(), UploadOnly: w.uploadOnly(c),
	}
}

// flagClause is the clause that says what a flag means.
func flagClause(name string) clause.ID {
	for _, f := range []struct {
		name string
		id   clause.ID
	}{
		{"Queued", clause.FLG1}, {"Connecting", clause.FLG2}, {"Handshake", clause.FLG3}, {"Torrent", clause.FLG5},
		{"LocalConnection", clause.FLG6}, {"SupportExtensions", clause.FLG7}, {"Choked", clause.FLG8},
		{"OptimisticUnchoke", clause.FLG9}, {"Interesting", clause.FLG10}, {"RemoteChoked", clause.FLG11},
		{"RemoteInterested", clause.FLG12}, {"Snubbed", clause.FLG13}, {"OnParole", clause.FLG14}, {"Pieces", clause.FLG15},
		{"Seed", clause.FLG16},
	} {
		if f.name == name {
			return f.id
		}
	}
	return clause.FLG17
}

// open follows a connection whose handshakes are done. [FLG-3]
func (w *world) opened(c *conn) {
	c.stage = open
	c.boring, c.boringAt = true, w.now
	c.said.at, c.shakenAt = w.now, w.now
}

// watch notes since when neither side of a connection is interested in the other, and since when it is redundant. [TMR-12] [TMR-16]
func (w *world) watch(c *conn) {
	boring := c.stage == open && !c.interested && !w.interesting(c)
	if boring && !c.boring {
		c.boringAt = w.now
	}
	c.boring = boring
	redundant := w.uploadOnly(c) && c.supplied && !w.interesting(c)
	if redundant && !c.redundant {
		c.redundantAt = w.now
	}
	c.redundant = redundant
}

// withhold stops the times that blame a peer, and lets them go on where they stood. [TMR-13]
func (w *world) withhold(c *conn, stop bool) {
	switch {
	case stop && !c.held:
		c.held, c.heldAt = true, w.now
		w.want("pause %v", c.id)
	case !stop && c.held:
		c.held = false
		c.postpone(w.now.Sub(c.heldAt))
		w.want("resume %v", c.id)
	}
}

// postpone moves the times that blame a peer on.
func (c *conn) postpone(d time.Duration) {
	for _, at := range []*bt.Instant{&c.dialledAt, &c.openedAt, &c.heardAt, &c.usedAt, &c.clock.start, &c.clock.flow, &c.redundantAt} {
		*at = at.Add(d)
	}
	for i := range c.asks {
		c.asks[i].at = c.asks[i].at.Add(d)
	}
}
