package trace

import (
	"peerwire/core/bt"
	"peerwire/core/peerfsm"
)

// event is an event, but for the bytes of Received, which the records before it tell a part of.
func (c *codec) event(ev *bt.Event) {
	name(c, events, &ev.Kind)
	switch ev.Kind {
	case bt.AddTorrent:
		c.torrent(&ev.Torrent)
		c.spec(&ev.Spec)
	case bt.RemoveTorrent, bt.DiskReady:
		c.torrent(&ev.Torrent)
	case bt.AddPeer:
		c.torrent(&ev.Torrent)
		c.addr(&ev.Addr)
		name(c, sources, &ev.Source)
	case bt.Dialled:
		c.conn(&ev.Conn)
		name(c, faults, &ev.Fault)
		c.addr(&ev.Addr)
	case bt.Accept:
		c.conn(&ev.Conn)
		c.addr(&ev.Addr)
		name(c, transports, &ev.Transport)
	case bt.Received:
		c.conn(&ev.Conn)
	case bt.PayloadRead:
		c.conn(&ev.Conn)
		c.count(&ev.N, MaxLeftOut, "an amount of payload")
	case bt.Closed:
		c.conn(&ev.Conn)
		name(c, faults, &ev.Fault)
	case bt.Stored, bt.Fetched:
		c.token(&ev.Token)
		name(c, faults, &ev.Fault)
	case bt.Verified:
		c.torrent(&ev.Torrent)
		c.uint32(&ev.Piece, "a piece")
		c.flag(&ev.Good, "a verdict")
		name(c, faults, &ev.Fault)
		c.sums(&ev.Sums)
	}
}

// sums is a list of digests. That there is none is one more thing than that there are so many: their number and one, and 0 for none.
func (c *codec) sums(p *[]bt.Digest) {
	n := 0
	if *p != nil {
		n = len(*p) + 1
	}
	if c.count(&n, maxSums+1, "a number of digests"); n == 0 || c.err != nil {
		*p = nil
		return
	}
	if c.read {
		if (n-1)*len(bt.Digest{}) > len(c.buf)-c.at {
			c.short(c.at)
			return
		}
		*p = make([]bt.Digest, n-1)
	}
	for i := range *p {
		c.array((*p)[i][:])
	}
}

// effect is an effect.
func (c *codec) effect(e *bt.Effect) {
	name(c, effects, &e.Kind)
	switch e.Kind {
	case bt.Dial:
		c.conn(&e.Conn)
		c.torrent(&e.Torrent)
		c.addr(&e.Addr)
		name(c, transports, &e.Transport)
	case bt.Need:
		c.conn(&e.Conn)
		c.count(&e.N, MaxLeftOut, "a number of bytes that were taken")
		name(c, wants, &e.Want)
		c.count(&e.Size, MaxLeftOut, "a number of bytes that are wanted")
		c.token(&e.Token)
	case bt.WantWrite, bt.PauseRead, bt.ResumeRead:
		c.conn(&e.Conn)
	case bt.Close:
		c.conn(&e.Conn)
		c.reason(&e.Reason)
	case bt.Store:
		c.token(&e.Token)
		c.torrent(&e.Torrent)
		c.block(&e.Block)
	case bt.Release:
		c.token(&e.Token)
	case bt.Fetch:
		c.conn(&e.Conn)
		c.token(&e.Token)
		c.torrent(&e.Torrent)
		c.block(&e.Block)
	case bt.Verify:
		c.torrent(&e.Torrent)
		c.uint32(&e.Piece, "a piece")
		c.flag(&e.Sums, "a wish for digests")
	case bt.Passed:
		c.torrent(&e.Torrent)
		c.uint32(&e.Piece, "a piece")
	case bt.Completed, bt.MorePeers:
		c.torrent(&e.Torrent)
	case bt.Stalled:
		c.torrent(&e.Torrent)
		name(c, faults, &e.Fault)
	case bt.Banned:
		c.torrent(&e.Torrent)
		c.addr(&e.Addr)
		c.instant(&e.Until)
		c.reason(&e.Reason)
	case bt.Noticed:
		c.conn(&e.Conn)
		c.torrent(&e.Torrent)
		c.addr(&e.Addr)
		c.reason(&e.Reason)
	}
}

func (c *codec) reason(r *bt.Reason) {
	name(c, causes, &r.Cause)
	name(c, violations, &r.Violation)
	name(c, faults, &r.Fault)
	c.uint32(&r.Rank, "a priority")
	c.uint32(&r.Above, "a priority")
}

// These bits stand beside the flags of a connection.
const (
	allFlags  = 1<<peerfsm.NumFlags - 1
	closedBit = 1 << peerfsm.NumFlags // it has ended
	bannedBit = 2 << peerfsm.NumFlags // its peer is banned
)

// move is a transition: the flags as they stand, those that changed, and of each of these the reason with its numbers.
func (c *codec) move(m *Move) {
	stands := uint64(m.Flags) | setIf(m.Closed, closedBit) | setIf(m.Banned, bannedBit)
	stands = c.number(stands, allFlags|closedBit|bannedBit, "the flags")
	changed := c.number(uint64(m.Changed), allFlags, "the flags that changed")
	m.Flags, m.Changed = peerfsm.Flags(stands&allFlags), peerfsm.Flags(changed)
	m.Closed, m.Banned = stands&closedBit != 0, stands&bannedBit != 0
	for f := range peerfsm.NumFlags {
		if m.explains(f) {
			c.why(&m.Whys[f])
		}
	}
}

func setIf(on bool, bit uint64) uint64 {
	if on {
		return bit
	}
	return 0
}

// why is a reason and the numbers that go with it.
func (c *codec) why(w *bt.Why) {
	because := w.Because
	name(c, reasons, &because)
	n := len(because.Numbers())
	at := c.at
	if c.count(&n, len(because.Numbers()), "a number of numbers"); n != len(because.Numbers()) {
		c.fail(at, "the reason "+because.String()+" goes with other numbers here")
	}
	var numbers [4]int64
	for i := 0; i < n && c.err == nil; i++ {
		v := uint32(0)
		if !c.read {
			v = uint32(w.Number(i))
		}
		c.uint32(&v, "a number of a reason")
		numbers[i] = int64(v)
	}
	if c.read {
		*w = bt.NewWhy(0, because, numbers[:n]...)
	}
}
