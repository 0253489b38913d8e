package swarm

import (
	"math/rand/v2"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/clause"
	"peerwire/core/dial"
	"peerwire/core/peerfsm"
	"peerwire/core/pick"
	"peerwire/core/table"
	"peerwire/core/trust"
	"peerwire/internal/prefetch"
)

// Torrent is our side of one swarm. What every message looks at comes first.
type Torrent struct {
	local   peerfsm.Local
	freed   bool     // some block became free, and who is idle was not asked for it yet
	idle    bool     // some peer on parole can be asked for nothing, and was not given what others have left yet
	stalled bt.Fault // not OK: nothing is requested until the disk is ready
	out     *Outlet
	before  bt.Token // the last that was given before the torrent was added
	rec     *clause.Recorder
	picker  *pick.Picker
	super   *superSeed // nil unless it is to be super-seeded
	ledger  *trust.Ledger
	members []*peerfsm.Peer // its connections, in the order in which they joined
	blocks  []bt.Block
	rng     *rand.Rand
	known   *dial.Book
	doubts  map[uint32]doubt // pieces of local.Doubted that are to be hashed
	end     toll
	total   Totals
	private bool       // its peers are the tracker's to name
	limit   int        // of its connections; 0 when it has none of its own
	asked   bool       // for more peers
	askedAt bt.Instant // when that was last
}

// Totals is what has come and gone of a torrent since it was added: connections, and bytes of payload.
type Totals struct {
	Opened     bt.Kinds // connections whose handshakes were done, and that stayed
	Downloaded int64    // received, needed or not
	Uploaded   int64    // sent
	Wasted     int64    // received and not needed
	Corrupt    int64    // of pieces whose hash was wrong
}

// New is a torrent with no connection. rng feeds its choices of what to ask for, lots those of what a super-seed shows.
func New(id bt.TorrentID, spec *bt.TorrentSpec, out *Outlet, rec *clause.Recorder, rng, lots *rand.Rand) *Torrent {
	p := pick.New(spec.Geometry, rng)
	if spec.AnyPiece {
		p.ForgetRarity()
	}
	if spec.Have != nil {
		for i, ok := spec.Have.NextSet(0); ok && uint32(i) < spec.Geometry.NumPieces(); i, ok = spec.Have.NextSet(i + 1) {
			p.MarkHave(uint32(i))
		}
	}
	t := &Torrent{out: out, before: out.last, rec: rec, rng: rng, picker: p, ledger: trust.New(spec.Geometry), known: dial.NewBook(rec),
		private: spec.Private, limit: spec.MaxConns}
	t.local = peerfsm.Local{Torrent: id, InfoHash: spec.InfoHash, Geometry: spec.Geometry, Have: p.Have()}
	t.local.Count = spec.Geometry.NumPieces() - p.Missing()
	if spec.SuperSeed {
		t.local.Super, t.super = true, newSuperSeed(spec.Geometry.NumPieces(), lots)
	}
	return t
}

// Gave tells whether a token stands for work of the torrent's, and not of one that was removed and had the same name. [TOR-3]
func (t *Torrent) Gave(token bt.Token) bool { return token > t.before }

// Local is what the torrent's connections know of our side.
func (t *Torrent) Local() *peerfsm.Local { return &t.local }

// Known are the torrent's known peers.
func (t *Torrent) Known() *dial.Book { return t.known }

// Private tells whether only the tracker and the user may name its peers (BEP 27).
func (t *Torrent) Private() bool { return t.private }

// MaxConns is the torrent's own limit of connections; 0 when it has none.
func (t *Torrent) MaxConns() int { return t.limit }

// Finished tells whether we have every piece.
func (t *Torrent) Finished() bool { return t.local.Finished() }

// Availability is how many open connections have a piece.
func (t *Torrent) Availability(piece uint32) uint32 { return t.picker.Availability(piece) }

// Left is how many bytes belong to pieces that are not verified; 0 while their number is not known.
func (t *Torrent) Left() int64 {
	g, n := t.local.Geometry, t.local.Geometry.NumPieces()
	if n == 0 {
		return 0
	}
	left := int64(n-t.local.Count) * int64(g.PieceLength)
	if last := n - 1; !t.local.Have.Test(uint(last)) {
		left -= int64(g.PieceLength - g.PieceSize(last))
	}
	return left
}

// Stalled is the fault of the disk that keeps the torrent from requesting; OK when there is none.
func (t *Torrent) Stalled() bt.Fault { return t.stalled }

// Totals is what the torrent has moved, and with whom.
func (t *Torrent) Totals() Totals {
	total := t.total
	for _, m := range t.members {
		total.Downloaded += m.Downloaded()
		total.Uploaded += m.Uploaded()
		total.Wasted += m.Wasted()
	}
	return total
}

// Peers calls f for each of the torrent's connections, the oldest first, queued and half-open ones included. f
// must not join or leave any.
func (t *Torrent) Peers(f func(*peerfsm.Peer)) {
	for _, m := range t.members {
		f(m)
	}
}

// Len is the number of the torrent's connections.
func (t *Torrent) Len() int { return len(t.members) }

// Join counts a connection in.
func (t *Torrent) Join(p *peerfsm.Peer) { t.members = append(table.Spacious(t.members), p) }

// Leave counts a connection out, which the session closes: what it was asked for is free, what it has is not
// available any more, what was read for it is dropped. [PCK-7]
func (t *Torrent) Leave(p *peerfsm.Peer) {
	t.uncount(p)
	if b, ok := p.Receiving(); ok {
		t.picker.Abandon(b, p.ID())
	}
	t.total.Downloaded += p.Downloaded()
	t.total.Uploaded += p.Uploaded()
	t.total.Wasted += p.Wasted()
	p.Close(t.out.Now)
	t.Settle(p)
	p.Retire()
	i := t.find(p)
	t.members = slices.Delete(t.members, i, i+1)
	if t.super != nil {
		t.super.stale = true
		t.showMore()
	}
	t.pumpAll()
}

func (t *Torrent) find(p *peerfsm.Peer) int {
	if i := slices.Index(t.members, p); i >= 0 {
		return i
	}
	panic("BUG: the connection is not the torrent's")
}

// AskForPeers asks the shell for more peers.
func (t *Torrent) AskForPeers(now bt.Instant) {
	t.asked, t.askedAt = true, now
	t.out.Emit(bt.Effect{Kind: bt.MorePeers, Torrent: t.local.Torrent})
}

// AskedForPeers is when more peers were last asked for; false when they never were.
func (t *Torrent) AskedForPeers() (bt.Instant, bool) { return t.askedAt, t.asked }

// Resume lets the torrent go on after a fault of the disk.
func (t *Torrent) Resume() {
	t.stalled = bt.OK
	t.recheck()
	t.pumpAll()
}

// stall stops requesting: the disk cannot take data. What was asked of peers is taken back. [PCK-10]
func (t *Torrent) stall(f bt.Fault) {
	if t.stalled != bt.OK {
		return
	}
	t.rec.Hit(clause.PCK10)
	t.stalled = f
	for _, m := range t.members {
		m.CancelAll()
		t.Settle(m)
		t.Arm(m)
	}
	t.out.Emit(bt.Effect{Kind: bt.Stalled, Torrent: t.local.Torrent, Fault: f})
}

// Foresee has the processor fetch what a message of any connection makes the torrent look at.
func (t *Torrent) Foresee() {
	prefetch.Value(t.picker)
	prefetch.Value(t.ledger)
}
