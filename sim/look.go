package sim

import (
	"github.com/bits-and-blooms/bitset"

	"peerwire/core"
	"peerwire/core/bt"
)

// Peers gives a node's connections as its core sees them, each with the name the journal gives it.
func (n *Node) Peers() (labels []string, peers []core.PeerSnapshot) {
	var snap core.Snapshot
	n.session.Snapshot(n.Clock(), &snap)
	for i := range snap.Peers {
		p := &snap.Peers[i]
		label := n.world.nameOf(p.Addr)
		if s := n.socket(p.Conn); s != nil {
			label = s.label()
		}
		labels = append(labels, label)
	}
	return labels, snap.Peers
}

// Peer is the connection of a node that the journal calls label; false when there is none.
func (n *Node) Peer(label string) (core.PeerSnapshot, bool) {
	labels, peers := n.Peers()
	for i := range labels {
		if labels[i] == label {
			return peers[i], true
		}
	}
	return core.PeerSnapshot{}, false
}

// Torrent is what a node's core says of a torrent; false when the node does not take part in it.
func (n *Node) Torrent(id bt.TorrentID) (core.TorrentSnapshot, bool) {
	var snap core.Snapshot
	n.session.Snapshot(n.Clock(), &snap)
	for _, t := range snap.Torrents {
		if t.Torrent == id {
			return t, true
		}
	}
	return core.TorrentSnapshot{}, false
}

// Pieces are those of a torrent that are whole and synced on the node's disk; only to be read.
func (n *Node) Pieces(t *Torrent) *bitset.BitSet { return n.Disk.volume(t.ID).record }
