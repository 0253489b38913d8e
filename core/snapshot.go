package core

import (
	"cmp"
	"net/netip"
	"slices"

	"peerwire/core/bt"
	"peerwire/core/peerfsm"
	"peerwire/core/swarm"
)

// Snapshot is all that a display shows of a Session at one time. It shares nothing with the Session, and
// its memory is used again by the next call.
type Snapshot struct {
	Now      bt.Instant
	Torrents []TorrentSnapshot
	Peers    []PeerSnapshot // in the order of Torrents and within one the oldest first; at the end those without one
	Own      []netip.Addr   // our own addresses, as far as we know them
	Unstored int            // bytes of blocks that wait for the disk [LIM-9]
}

// TorrentSnapshot is one torrent.
type TorrentSnapshot struct {
	Torrent   bt.TorrentID
	Pieces    uint32 // of the torrent
	Have      uint32 // verified
	Left      int64  // bytes of pieces that are not verified
	Total     int64  // bytes
	Finished  bool
	Super     bool // it is super-seeded [SUP-1]
	Stalled   bt.Fault
	Totals    swarm.Totals
	Known     int   // known peers
	DownRate  int64 // bytes a second
	UpRate    int64 // bytes a second
	Connected int   // open connections
}

// PeerSnapshot is one connection: the sixteen flags, and what goes with them.
type PeerSnapshot struct {
	Conn      bt.ConnID
	Torrent   bt.TorrentID // zero before an incoming handshake
	Addr      netip.AddrPort
	Transport bt.Transport
	PeerID    bt.PeerID
	Client    string     // as the peer calls its program, printable; empty when it did not say
	YourIP    netip.Addr // our address, as the peer says that it sees it

	State peerfsm.State // the status methods
	Ahead int           // when queued: how many will be dialled before it

	Pieces      uint32 // that the peer has
	DownRate    int64  // payload, bytes a second
	UpRate      int64  // payload, bytes a second
	Downloaded  int64  // payload, bytes
	Uploaded    int64  // payload, bytes
	Outstanding int    // our requests
	Target      int    // requests that we aim at
	Asked       int    // its requests
	Strikes     int    // breaches that do not close by themselves
}

// Snapshot fills snap with what is now.
func (s *Session) Snapshot(now bt.Instant, snap *Snapshot) {
	snap.Now = max(now, s.out.Now)
	snap.Torrents, snap.Peers = snap.Torrents[:0], snap.Peers[:0]
	snap.Own, snap.Unstored = s.external.All(), s.disk.waiting
	for _, t := range s.torrents {
		ts := snapshotOf(t)
		t.Peers(func(p *peerfsm.Peer) {
			ps := s.snapshotPeer(snap.Now, p)
			ts.DownRate += ps.DownRate
			ts.UpRate += ps.UpRate
			if p.Open() {
				ts.Connected++
			}
			snap.Peers = append(snap.Peers, ps)
		})
		snap.Torrents = append(snap.Torrents, ts)
	}
	s.snapshotUnbound(snap)
}

// snapshotUnbound adds the incoming connections that have not named a torrent yet, the oldest first. [FLG-3]
func (s *Session) snapshotUnbound(snap *Snapshot) {
	bound := len(snap.Peers)
	for _, e := range s.schedule.heap {
		c := e.conn
		if c.torrent == nil {
			snap.Peers = append(snap.Peers, s.snapshotPeer(snap.Now, &c.peer))
		}
	}
	slices.SortFunc(snap.Peers[bound:], func(a, b PeerSnapshot) int { return cmp.Compare(a.Conn, b.Conn) })
}

func snapshotOf(t *swarm.Torrent) TorrentSnapshot {
	l := t.Local()
	return TorrentSnapshot{
		Torrent: l.Torrent, Pieces: l.Geometry.NumPieces(), Have: l.Count, Total: l.Geometry.Total, Left: t.Left(),
		Finished: t.Finished(), Super: l.Super && t.Finished(), Stalled: t.Stalled(), Totals: t.Totals(), Known: t.Known().Len(),
	}
}

func (s *Session) snapshotPeer(now bt.Instant, p *peerfsm.Peer) PeerSnapshot {
	id, _ := p.Torrent()
	ahead := 0
	if p.Queued() {
		ahead = s.dialling.queue.Ahead(s.conn(p.ID()).ticket)
	}
	return PeerSnapshot{
		Ahead: ahead,
		Conn:  p.ID(), Torrent: id, Addr: p.Addr(), Transport: p.Transport(), PeerID: p.PeerID(),
		Client: p.Client(), YourIP: p.YourIP(), State: p.State(), Pieces: p.Count(),
		DownRate: p.DownloadRate(now), UpRate: p.UploadRate(now), Downloaded: p.Downloaded(), Uploaded: p.Uploaded(),
		Outstanding: p.Outstanding(), Target: p.Target(), Asked: p.Asked(), Strikes: p.Strikes(),
	}
}

// State is the sixteen flags of one connection; false when there is none of that name.
func (s *Session) State(id bt.ConnID) (state peerfsm.State, ok bool) {
	if c := s.conn(id); c != nil {
		return c.peer.State(), true
	}
	return state, false
}

// Availability is how many of the peers of a torrent have a piece of it, as the choice of pieces counts them.
func (s *Session) Availability(id bt.TorrentID, piece uint32) uint32 {
	for _, t := range s.torrents {
		if t.Local().Torrent == id {
			return t.Availability(piece)
		}
	}
	return 0
}

// Requests calls f for each block that is asked of the peer of a connection and not given up: said, or chosen and not said yet.
func (s *Session) Requests(id bt.ConnID, f func(b bt.Block, said bool)) {
	if c := s.conn(id); c != nil && c.torrent != nil {
		c.peer.EachAsk(f)
	}
}
