package sim

import (
	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/sim/model"
)

// Watch follows a session with the reference model, call by call.
type Watch struct {
	session *core.Session
	model   *model.Model
	snap    core.Snapshot
}

// NewWatch watches a session that was made with cfg, before its first call.
func NewWatch(s *core.Session, cfg bt.Config) *Watch {
	return &Watch{session: s, model: model.New(cfg)}
}

// Model is what the session is compared with.
func (w *Watch) Model() *model.Model { return w.model }

// Follow compares one call with the model; what is to be seen of the session after it is filled in.
func (w *Watch) Follow(step *model.Step) error {
	w.session.Snapshot(step.Now, &w.snap)
	for i := range w.snap.Peers {
		c := seenConn(&w.snap.Peers[i])
		w.session.Requests(c.ID, func(b bt.Block, said bool) {
			if said {
				c.Live = append(c.Live, b)
			} else {
				c.Chosen = append(c.Chosen, b)
			}
		})
		step.Conns = append(step.Conns, c)
	}
	for _, t := range w.snap.Torrents {
		step.Torrents = append(step.Torrents, model.Torrent{
			ID: t.Torrent, Have: int(t.Have), Finished: t.Finished, Stalled: t.Stalled != bt.OK,
		})
	}
	step.Next, step.Timer = w.session.NextDeadline()
	return w.model.Follow(step)
}

// seenConn is a connection as its snapshot shows it.
func seenConn(p *core.PeerSnapshot) model.Conn {
	s := &p.State
	return model.Conn{
		ID: p.Conn, Torrent: p.Torrent, Addr: p.Addr, Asked: p.Asked, Strikes: p.Strikes,
		Flags: model.Flags{
			Queued: s.Queued(), Connecting: s.Connecting(), Handshake: s.Handshake(), Torrent: s.Bound(), LocalConnection: s.LocalConnection(),
			SupportExtensions: s.SupportExtensions(), Choked: s.Choked(), OptimisticUnchoke: s.OptimisticUnchoke(),
			Interesting: s.Interesting(), RemoteChoked: s.RemoteChoked(), RemoteInterested: s.RemoteInterested(),
			Snubbed: s.Snubbed(), OnParole: s.OnParole(), Pieces: int(p.Pieces), Seed: s.Seed(), UploadOnly: s.UploadOnly(),
		},
	}
}
