package sim

import (
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/sim/model"
)

// Judge follows what a node's core does, call by call, and says what of it should be otherwise. A model.Model is one.
type Judge interface {
	// Follow takes the next call, and says what in it is wrong; nil when nothing is.
	Follow(step *model.Step) error
}

// Judge is what follows the node's core; nil when nobody does.
func (n *Node) Judge() Judge { return n.judge }

// judged lets a step be judged, with all that is to be seen of the core after it.
func (n *Node) judged(step *model.Step) {
	n.session.Snapshot(step.Now, &n.world.snap)
	for i := range n.world.snap.Peers {
		step.Conns = append(step.Conns, n.seen(&n.world.snap.Peers[i]))
	}
	for _, t := range n.world.snap.Torrents {
		step.Torrents = append(step.Torrents, model.Torrent{
			ID: t.Torrent, Have: int(t.Have), Finished: t.Finished, Stalled: t.Stalled != bt.OK,
		})
	}
	step.Next, step.Timer = n.session.NextDeadline()
	if err := n.judge.Follow(step); err != nil {
		n.world.broke(&Trouble{At: n.world.now, Node: n.name, Says: " is not as it should be", Err: err})
	}
}

// seen is a connection as the core shows it.
func (n *Node) seen(p *core.PeerSnapshot) model.Conn {
	s := &p.State
	c := model.Conn{
		ID: p.Conn, Torrent: p.Torrent, Addr: p.Addr, Asked: p.Asked, Strikes: p.Strikes,
		Flags: model.Flags{
			Queued: s.Queued(), Connecting: s.Connecting(), Handshake: s.Handshake(), Torrent: s.Bound(), LocalConnection: s.LocalConnection(),
			SupportExtensions: s.SupportExtensions(), Choked: s.Choked(), OptimisticUnchoke: s.OptimisticUnchoke(),
			Interesting: s.Interesting(), RemoteChoked: s.RemoteChoked(), RemoteInterested: s.RemoteInterested(),
			Snubbed: s.Snubbed(), OnParole: s.OnParole(), Pieces: int(p.Pieces), Seed: s.Seed(), UploadOnly: s.UploadOnly(),
		},
	}
	n.session.Requests(p.Conn, func(b bt.Block, said bool) {
		if said {
			c.Live = append(c.Live, b)
		} else {
			c.Chosen = append(c.Chosen, b)
		}
	})
	return c
}
