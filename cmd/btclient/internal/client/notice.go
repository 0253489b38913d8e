package client

import (
	"net/netip"
	"sync"

	"peerwire/core/bt"
)

// NoticeKind tells what a Notice says.
type NoticeKind uint8

// What a client tells of while it runs. Each line names the fields of Notice that it sets.
const (
	DiskFailed    NoticeKind = iota // Err: the disk takes or gives no data; a download waits until it does
	DiskRecovered                   // a download that waited for the disk goes on
	Violated                        // Peer, Reason: a peer broke a clause
	Banned                          // Peer, Reason: connections to and from its address are refused
)

// Notice is one thing that happened.
type Notice struct {
	Kind   NoticeKind
	Err    error
	Peer   netip.AddrPort
	Reason bt.Reason
}

func (c *Client) notify(n Notice) {
	if c.opt.Notify != nil {
		c.opt.Notify(n)
	}
}

// observe turns what the loop did into notices. It runs on the loop's goroutine.
func (c *Client) observe(e bt.Effect, err error) {
	switch e.Kind {
	case bt.Completed:
		c.complete()
		if c.announcer != nil {
			c.announcer.Completed()
		}
	case bt.MorePeers:
		if c.announcer != nil {
			c.announcer.WantPeers()
		}
	case bt.Stalled:
		switch {
		case err != nil:
			c.trouble(err)
		case e.Fault == bt.OK:
			c.troubles.clear()
			c.notify(Notice{Kind: DiskRecovered})
		}
	case bt.Noticed:
		c.opt.Log.Warn("peer violated the protocol", "peer", e.Addr.String(), "violation", e.Reason.String())
		c.notify(Notice{Kind: Violated, Peer: e.Addr, Reason: e.Reason})
	case bt.Banned:
		c.opt.Log.Warn("peer banned", "peer", e.Addr.Addr().String(), "violation", e.Reason.String())
		c.notify(Notice{Kind: Banned, Peer: e.Addr, Reason: e.Reason})
	}
}

// trouble tells of an error of the disk, once.
func (c *Client) trouble(err error) {
	if c.troubles.add(err) {
		c.notify(Notice{Kind: DiskFailed, Err: err})
	}
}

// Trouble is the last error of the disk, nil when it has recovered since.
func (c *Client) Trouble() error { return c.troubles.newest() }

// troubles are the errors of the disk since it last worked. Hundreds of blocks can fail for one reason; it is told once.
type troubles struct {
	mu   sync.Mutex
	told map[string]bool
	last error
}

// maxTroubles is how many different errors are told until the disk recovers.
const maxTroubles = 16

func (t *troubles) add(err error) (first bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last = err
	if t.told[err.Error()] || len(t.told) >= maxTroubles {
		return false
	}
	if t.told == nil {
		t.told = make(map[string]bool)
	}
	t.told[err.Error()] = true
	return true
}

func (t *troubles) clear() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.told, t.last = nil, nil
}

func (t *troubles) newest() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}
