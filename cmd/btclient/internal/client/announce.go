package client

import (
	"net"
	"net/netip"

	"peerwire/core"
	"peerwire/core/bt"
	"peerwire/shell/tracker"
)

func (c *Client) newAnnouncer() *tracker.Announcer {
	return tracker.NewAnnouncer(tracker.Config{
		Tiers: c.opt.Torrent.Announce, InfoHash: c.opt.Torrent.InfoHash, PeerID: c.id,
		Port: c.listener.Addr().Port(), Seed: chance(), Totals: c.currentTotals,
		Answered: func(r tracker.Response) { c.AddPeers(bt.Tracker, r.Peers...) },
		Announce: c.trackerClient().Announce,
	})
}

// trackerClient announces over UDP from the port that peers are told of, where uTP has it open.
func (c *Client) trackerClient() *tracker.Client {
	if c.socket == nil {
		return new(tracker.Client)
	}
	return &tracker.Client{Shared: func(to netip.AddrPort) (net.Conn, error) { return c.socket.Guest(to) }}
}

// currentTotals are the figures of an announce. When the loop has ended they are the last ones known.
func (c *Client) currentTotals() tracker.Totals {
	var snap core.Snapshot
	alive := c.Snapshot(&snap) && len(snap.Torrents) > 0
	c.mu.Lock()
	defer c.mu.Unlock()
	if alive {
		t := &snap.Torrents[0]
		c.totals = tracker.Totals{
			Uploaded: uint64(t.Totals.Uploaded), Downloaded: uint64(t.Totals.Downloaded), Left: uint64(t.Left),
		}
	}
	return c.totals
}

// Trackers tells how the trackers are, in the order in which they are tried.
func (c *Client) Trackers() []tracker.Status {
	if c.announcer == nil {
		return nil
	}
	return c.announcer.Status()
}
