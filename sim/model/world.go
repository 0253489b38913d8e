package model

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"peerwire/core/bt"
	"peerwire/core/clause"
)

// world is one way in which a session can have come to where it is. It is plain values in slices, so that a copy is a copy.
type world struct {
	cfg      bt.Config
	now      bt.Instant // of the last call
	promised bt.Instant // the deadline that was given after it

	torrents  []torrent // in the order in which they were added
	conns     []conn    // in the order in which they came to be
	bans      []ban
	rounds    rounds
	slots     int // that there are, since the last round
	buffers   []buffer
	crowdedAt bt.Instant // since when nearly all places are taken; before all when they are not
	order     uint64     // of the last known peer that arrived

	// Of the step that is being followed.
	guide   *guide
	seen    *Step
	err     error
	wanted  []string // effects that must have been seen
	dropped []serve  // requests of peers that were given up
	gone    []bt.ConnID
}

// buffer is a token in flight.
type buffer struct {
	token   bt.Token
	use     use
	conn    bt.ConnID
	torrent bt.TorrentID
	block   bt.Block
	from    netip.AddrPort // the known peer that sent it
}

// use is what a token stands for.
type use uint8

const (
	receiving use = iota // payload is read into it
	storing              // it is being written
	fetching             // it is read to be sent, or was
)

func newWorld(cfg bt.Config) *world {
	w := &world{cfg: cfg, promised: bt.Never, crowdedAt: before}
	w.slots = w.number(nil)
	return w
}

func (w *world) clone() *world {
	c := *w
	c.torrents = slices.Clone(w.torrents)
	for i := range c.torrents {
		c.torrents[i] = c.torrents[i].clone()
	}
	c.conns = slices.Clone(w.conns)
	for i := range c.conns {
		c.conns[i] = c.conns[i].clone()
	}
	c.bans, c.buffers = slices.Clone(w.bans), slices.Clone(w.buffers)
	c.wanted, c.dropped, c.gone = nil, nil, nil
	return &c
}

// fail notes the first thing that disagrees.
func (w *world) fail(id clause.ID, format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf("[%v] %s", id, fmt.Sprintf(format, args...))
	}
}

func (w *world) conn(id bt.ConnID) *conn {
	for i := range w.conns {
		if w.conns[i].id == id {
			return &w.conns[i]
		}
	}
	return nil
}

func (w *world) torrent(id bt.TorrentID) *torrent {
	for i := range w.torrents {
		if w.torrents[i].id == id {
			return &w.torrents[i]
		}
	}
	return nil
}

// saw is what the session shows of a connection after the step; nil when it shows none.
func (w *world) saw(id bt.ConnID) *Conn {
	for i := range w.seen.Conns {
		if w.seen.Conns[i].ID == id {
			return &w.seen.Conns[i]
		}
	}
	return nil
}

// step follows a step.
func (w *world) step(s *Step) {
	w.seen = s
	gap := max(s.Now, w.now).Sub(w.now)
	w.now = max(s.Now, w.now)
	if s.Event == nil {
		w.transmitted(s)
	} else {
		w.handle(s.Event, gap)
	}
	w.judgeEffects()
	w.compare()
	w.choices()
	w.promised = s.Next
	w.seen, w.wanted, w.dropped, w.gone = nil, nil, nil, nil
}

// handle is Handle: what is due comes first, then the event. [TMR-2]
func (w *world) handle(ev *bt.Event, gap time.Duration) {
	if w.promised <= w.now {
		w.forgive(w.now.Sub(w.promised), gap)
	}
	w.fire()
	switch ev.Kind {
	case bt.AddTorrent:
		w.addTorrent(ev)
	case bt.RemoveTorrent:
		w.removeTorrent(ev.Torrent)
	case bt.AddPeer:
		w.learn(ev.Torrent, ev.Addr, ev.Source)
	case bt.Dialled:
		w.dialled(ev)
	case bt.Accept:
		w.accept(ev)
	case bt.Received:
		w.received(ev.Conn, ev.Data)
	case bt.PayloadRead:
		w.payload(ev.Conn, ev.N)
	case bt.Closed:
		w.lost(ev)
	case bt.Stored:
		w.stored(ev.Token, ev.Fault)
	case bt.Fetched:
		w.fetched(ev.Token, ev.Fault)
	case bt.Verified:
		w.verified(ev)
	case bt.DiskReady:
		w.diskReady(ev.Torrent)
	}
	w.dials()
	w.makeRoom()
	w.crowd()
}

// close ends a connection, and gives back all that it held.
func (w *world) close(c *conn, why bt.Reason) {
	id := c.id
	w.wanted = without(w.wanted, []string{fmt.Sprintf("pause %v", id)}) // who ends needs not to be paused any more
	if why.Cause != bt.Transported && c.stage != queued {
		w.want("close %v: %v", id, why)
	}
	if c.recv.on && c.recv.token != 0 {
		w.releases(c.recv.token)
	}
	w.dropped = append(w.dropped, c.queue...)
	w.forgetDial(c, why)
	w.gone = append(w.gone, id)
	held := c.slot != choked
	w.conns = slices.DeleteFunc(w.conns, func(c conn) bool { return c.id == id })
	if held {
		w.fill()
	}
}

// lost takes the end of a transport. If it is that more came than may wait for us, the peer has broken a clause. [LIM-16]
func (w *world) lost(ev *bt.Event) {
	switch c := w.conn(ev.Conn); {
	case c == nil:
	case ev.Fault == bt.Overrun:
		w.breach(c, clause.Overrun)
	default:
		w.close(c, bt.Reason{Cause: bt.Transported, Fault: ev.Fault})
	}
}

// inOrder is a list of connections that are to be closed, in the order in which they were seen to be: no clause says which first.
func (w *world) inOrder(ids []bt.ConnID) []bt.ConnID {
	place := func(id bt.ConnID) int {
		return slices.IndexFunc(w.seen.Effects, func(e bt.Effect) bool { return e.Kind == bt.Close && e.Conn == id })
	}
	slices.SortStableFunc(ids, func(a, b bt.ConnID) int { return place(a) - place(b) })
	return ids
}

// compare looks whether everything is as the session shows it.
func (w *world) compare() {
	w.takenOver()
	w.reopened()
	for i := range w.seen.Conns {
		if s := &w.seen.Conns[i]; w.conn(s.ID) == nil {
			w.fail(clause.FLG4, "%v should not be there", s.ID)
		}
	}
	for i := range w.conns {
		c := &w.conns[i]
		s := w.saw(c.id)
		if s == nil {
			w.fail(clause.FLG4, "%v should be there, in stage %v", c.id, c.stage)
			return
		}
		w.compareConn(c, s)
	}
	w.compareTorrents()
	for _, d := range w.deadlines() {
		if d.at < w.seen.Next {
			w.fail(clause.TMR1, "%v is due for %s at %v, and the session sleeps until %v", d.conn, d.name, d.at, w.seen.Next)
		}
	}
}

func (w *world) compareConn(c *conn, s *Conn) {
	if want, got := w.flags(c).differ(s.Flags); len(want) > 0 {
		w.fail(flagClause(want[0].name), "%v: it should be %v, and is %v", c.id, want, got)
	}
	switch {
	case s.Torrent != c.tor:
		w.fail(clause.FLG5, "%v is of torrent %d, should be of %d", c.id, s.Torrent, c.tor)
	case s.Strikes != c.strikes:
		w.fail(clause.LIM5, "%v has %d strikes, should have %d", c.id, s.Strikes, c.strikes)
	case s.Asked != len(c.queue):
		w.fail(clause.FST5, "%v: %d requests of the peer wait, should be %d: %v", c.id, s.Asked, len(c.queue), c.queue)
	case len(without(s.Live, c.liveBlocks())) > 0 || len(without(c.liveBlocks(), s.Live)) > 0:
		w.fail(clause.FST7, "%v: outstanding are %v, should be %v", c.id, s.Live, c.liveBlocks())
	case !c.armed && len(s.Chosen) > 0:
		w.fail(clause.ANN5, "%v: %v is to be requested, and no room is asked for", c.id, s.Chosen)
	}
	for _, b := range s.Chosen {
		if why := w.mayAsk(c, b); why != "" {
			w.fail(clause.MSG10, "%v is to be requested of %v, and %s", b, c.id, why)
		}
	}
	if !c.armed {
		w.owesNothing(c)
	}
	if by := w.seen; by.Event == nil && by.Conn == c.id && len(by.Said) > 0 && !by.Last {
		w.owesMore(c, s)
	}
	begun := func(s serve) bool { return s.state != accepted }
	if len(c.queue) > 0 && !slices.ContainsFunc(c.queue, begun) && (c.slot != choked || !c.said.unchoke) {
		w.fail(clause.MSG16, "%v: nothing is read of %v", c.id, c.queue)
	}
}

func (w *world) compareTorrents() {
	if len(w.torrents) != len(w.seen.Torrents) {
		w.fail(clause.TOR3, "%d torrents, should be %d", len(w.seen.Torrents), len(w.torrents))
		return
	}
	for i := range w.torrents {
		t, s := &w.torrents[i], &w.seen.Torrents[i]
		if s.ID != t.id || s.Have != t.count() || s.Finished != t.complete() || s.Stalled != t.stalled {
			w.fail(clause.PCK11, "torrent %+v, should be %d with %d pieces, complete %t, stalled %t", *s, t.id, t.count(), t.complete(), t.stalled)
		}
	}
}
