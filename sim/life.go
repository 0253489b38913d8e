package sim

import "peerwire/core/bt"

// Leave lets the node go as a user does who ends the program: it takes leave of its torrents, and is not there any more.
func (n *Node) Leave() {
	for _, v := range n.Disk.volumes {
		n.Quit(v.torrent)
	}
	n.vanish()
}

// Crash lets the node's machine lose power: nobody is told but that the connections are gone. What its disk held is not synced, and may be
// lost: see Disk.PowerLoss.
func (n *Node) Crash() {
	for _, s := range n.sockets {
		n.world.buffers.clear(&s.fetched)
	}
	n.world.buffers.clear(&n.buffers)
	n.vanish()
}

// reset breaks the connection, for both its ends.
func (e *End) reset() {
	for _, end := range []*End{e, e.far} {
		end.plan(e.world().now, breaking, bt.Reset)
	}
}

// Gone tells whether the node has left or crashed.
func (n *Node) Gone() bool { return n.gone }

// vanish takes the node out of the world. What it had not sent is never sent.
func (n *Node) vanish() {
	w := n.world
	n.gone = true
	n.session.End(w.now)
	for _, s := range n.sockets {
		s.gone = true
		s.part()
		w.hangar.clear(&s.in.lane)
		if s.end != nil {
			s.end.abort()
		}
	}
	for u := n.uplink; u != nil && u.first != nil; u.first = u.first.next {
		u.first.abort()
	}
	n.ids, n.sockets = nil, nil
	if w.names[n.name] == n {
		delete(w.names, n.name)
	}
	if w.places[n.addr] == n {
		delete(w.places, n.addr)
	}
	w.unroute(n)
	w.hosts[n.place] = nil
}

// abort ends the connection, with all that waited to be sent.
func (e *End) abort() {
	if e.closed && e.out.empty() {
		return
	}
	e.closed = true
	e.unsent = 0
	e.world().hangar.clear(&e.out)
	e.far.plan(e.world().now.Add(e.latency()), breaking, bt.Reset)
}

// Resume lets the node take part in a torrent of which a disk has something, as it was left. The resume record tells which pieces those
// are, or, where it was lost, a look at all of them.
func (n *Node) Resume(t *Torrent, d Disk, recheck bool) {
	n.Disk = d
	n.Disk.ills = n.ills
	n.Disk.held, n.Disk.Holding = nil, false // nobody remembers what was asked of it
	v := n.Disk.volume(t.ID)
	if recheck {
		v.record.ClearAll()
		for piece := range t.Geometry.NumPieces() {
			if v.whole(piece) {
				v.record.Set(uint(piece))
			}
		}
	}
	spec := bt.TorrentSpec{
		InfoHash: t.InfoHash, Geometry: t.Geometry, Private: t.Private, SuperSeed: n.super, AnyPiece: n.blind,
		Have: pieceSet(t.Geometry.NumPieces(), func(piece uint32) bool { return v.record.Test(uint(piece)) }),
	}
	n.handle(bt.Event{Kind: bt.AddTorrent, Torrent: t.ID, Spec: &spec})
}

// whole tells whether every block of a piece is there and right.
func (v *volume) whole(piece uint32) bool {
	from, to := v.span(piece)
	for i := from; i < to; i++ {
		if !v.right.Test(i) {
			return false
		}
	}
	return true
}

// EachSynced calls f for each piece of a torrent that the disk would keep if the power failed now.
func (d *Disk) EachSynced(id bt.TorrentID, f func(piece uint32)) {
	record := d.volume(id).record
	for i, ok := record.NextSet(0); ok; i, ok = record.NextSet(i + 1) {
		f(uint32(i))
	}
}

// Synced is how many pieces of a torrent the disk would keep if the power failed now.
func (d *Disk) Synced(id bt.TorrentID) uint32 { return uint32(d.volume(id).record.Count()) }

// PowerLoss is what a loss of power leaves of the disk: of each block that was written and not synced all, nothing, or something else.
func (d *Disk) PowerLoss(lots *Lots) {
	for _, v := range d.volumes {
		for _, i := range v.loose {
			switch lots.Below(3) {
			case 0:
				v.put(uint(i), kept{})
			case 1:
				v.put(uint(i), kept{spoilt, spoilt})
			}
		}
		v.loose = v.loose[:0]
	}
}

// Holds tells whether the disk has every block of a piece, and each of them right.
func (d *Disk) Holds(id bt.TorrentID, piece uint32) bool { return d.volume(id).whole(piece) }

// Whole is how many pieces of a torrent the disk has, every block of them right.
func (d *Disk) Whole(id bt.TorrentID) (n uint32) {
	v := d.volume(id)
	for piece := range v.torrent.Geometry.NumPieces() {
		if v.whole(piece) {
			n++
		}
	}
	return n
}
