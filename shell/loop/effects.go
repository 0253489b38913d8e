package loop

import (
	"time"

	"peerwire/core/bt"
	"peerwire/shell/disk"
)

// block is the memory behind a token.
type block struct {
	buf  *disk.Buffer
	busy bool // the disk uses it
	dead bool // released while the disk used it
}

// drain executes the effects of the last event, in their order.
func (l *Loop) drain() {
	var e bt.Effect
	for l.session.Poll(&e) {
		l.execute(&e)
	}
}

func (l *Loop) execute(e *bt.Effect) {
	switch e.Kind {
	case bt.Need:
		l.need(e)
	case bt.Store:
		l.store(e)
	case bt.WantWrite:
		if k := l.links[e.Conn]; k != nil {
			l.enqueueWrite(k)
		}
	case bt.Fetch:
		l.fetch(e)
	case bt.Release:
		l.release(e.Token)
	case bt.PauseRead, bt.ResumeRead:
		if k := l.links[e.Conn]; k != nil {
			k.paused = e.Kind == bt.PauseRead
			if k.hungry {
				l.inbox.put(func() { l.wakeHungry(k) })
			}
		}
	case bt.Dial:
		l.dial(e)
	case bt.Close:
		l.close(e)
		l.observe(e, nil)
	case bt.Verify:
		l.jobs = append(l.jobs, disk.Job{Op: disk.Verify, Torrent: e.Torrent, Block: bt.Block{Piece: e.Piece}})
	case bt.Passed:
		l.jobs = append(l.jobs, disk.Job{Op: disk.Passed, Torrent: e.Torrent, Block: bt.Block{Piece: e.Piece}})
		l.observe(e, nil)
	case bt.Stalled:
		l.probe(e.Torrent)
		l.observe(e, nil)
	default:
		l.observe(e, nil)
	}
}

func (l *Loop) observe(e *bt.Effect, err error) {
	if l.opt.Observe != nil {
		l.opt.Observe(*e, err)
	}
}

func (l *Loop) store(e *bt.Effect) {
	b := l.blocks[e.Token]
	b.busy = true
	l.blocks[e.Token] = b
	l.jobs = append(l.jobs, disk.Job{Op: disk.Store, Torrent: e.Torrent, Token: e.Token, Block: e.Block, Buf: b.buf})
}

// fetch has a block read, when there is a buffer for it.
func (l *Loop) fetch(e *bt.Effect) {
	buf := l.depart.Get()
	if buf == nil {
		l.blocks[e.Token] = block{}
		l.waiting = append(l.waiting, *e)
		return
	}
	l.blocks[e.Token] = block{buf: buf, busy: true}
	l.jobs = append(l.jobs, disk.Job{Op: disk.Fetch, Torrent: e.Torrent, Token: e.Token, Block: e.Block, Buf: buf})
}

// release frees the block behind a token, at once or when the disk is done with it.
func (l *Loop) release(t bt.Token) {
	b, ok := l.blocks[t]
	switch {
	case !ok:
	case b.busy:
		b.dead = true
		l.blocks[t] = b
	default:
		delete(l.blocks, t)
		if b.buf != nil {
			b.buf.Free()
		}
	}
}

// takeResults gives the session what the disk has done.
func (l *Loop) takeResults() {
	l.results = l.disk.Drain(l.results[:0])
	for i := range l.results {
		l.result(&l.results[i])
	}
	clear(l.results)
	l.retryFetches()
}

func (l *Loop) result(r *disk.Result) {
	switch r.Op {
	case disk.Store:
		delete(l.blocks, r.Token)
		r.Buf.Free()
		l.blame(r)
		l.handle(bt.Event{Kind: bt.Stored, Token: r.Token, Fault: r.Fault})
	case disk.Fetch:
		l.fetched(r)
	case disk.Verify:
		l.blame(r)
		l.handle(bt.Event{Kind: bt.Verified, Torrent: r.Torrent, Piece: r.Block.Piece, Good: r.Good, Fault: r.Fault})
	case disk.Probe:
		l.probed(r)
	case disk.Passed:
		l.blame(r)
	}
}

func (l *Loop) fetched(r *disk.Result) {
	b := l.blocks[r.Token]
	l.blame(r)
	if b.dead || r.Fault != bt.OK {
		delete(l.blocks, r.Token)
		r.Buf.Free()
	} else {
		b.busy = false
		l.blocks[r.Token] = b
	}
	if !b.dead {
		l.handle(bt.Event{Kind: bt.Fetched, Token: r.Token, Fault: r.Fault})
	}
}

// blame tells people what the disk could not do.
func (l *Loop) blame(r *disk.Result) {
	if r.Fault == bt.OK {
		return
	}
	l.log.Warn("disk", "fault", r.Fault.String(), "error", r.Err)
	l.observe(&bt.Effect{Kind: bt.Stalled, Torrent: r.Torrent, Piece: r.Block.Piece, Fault: r.Fault}, r.Err)
}

// retryFetches has the blocks read for which there was no buffer.
func (l *Loop) retryFetches() {
	waiting := l.waiting
	l.waiting = nil
	for i := range waiting {
		if _, ok := l.blocks[waiting[i].Token]; ok { // not released meanwhile
			l.fetch(&waiting[i])
		}
	}
}

// probe tries a disk that failed again after a while, until it takes data.
func (l *Loop) probe(id bt.TorrentID) {
	if l.probing[id] {
		return
	}
	l.probing[id] = true
	l.probeLater(id)
}

func (l *Loop) probeLater(id bt.TorrentID) {
	time.AfterFunc(probeEvery, func() {
		l.inbox.put(func() { l.jobs = append(l.jobs, disk.Job{Op: disk.Probe, Torrent: id}) })
	})
}

func (l *Loop) probed(r *disk.Result) {
	if r.Fault != bt.OK {
		l.probeLater(r.Torrent)
		return
	}
	delete(l.probing, r.Torrent)
	l.handle(bt.Event{Kind: bt.DiskReady, Torrent: r.Torrent})
	l.observe(&bt.Effect{Kind: bt.Stalled, Torrent: r.Torrent}, nil)
}
