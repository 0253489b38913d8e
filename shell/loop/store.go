package loop

import (
	"peerwire/core/bt"
	"peerwire/shell/disk"
)

// store is the memory behind tokens, and who waits for some; and what passes between the loop and the disk.
type store struct {
	arriving  *disk.Pool // blocks from a peer, until they are stored
	departing *disk.Pool // blocks from disk, until they are sent
	blocks    map[bt.Token]block
	starved   queue[*link]     // who waits for a buffer for the block that arrives
	waiting   queue[bt.Effect] // Fetch effects that wait for a buffer
	jobs      []disk.Job
	results   []disk.Result
}

// block is the memory behind a token.
type block struct {
	buf  *disk.Buffer // nil while there is none
	busy bool         // the disk uses it
	dead bool         // released while the disk used it
}

// newStore makes empty pools, which call wake when there are buffers again after there were none.
func newStore(opt *Options, wake func()) store {
	return store{
		arriving: disk.NewPool(opt.Arriving, wake), departing: disk.NewPool(opt.Departing, wake),
		blocks: make(map[bt.Token]block),
	}
}

// release frees the block behind a token, at once or when the disk is done with it.
func (s *store) release(t bt.Token) {
	b, ok := s.blocks[t]
	switch {
	case !ok:
	case b.busy:
		b.dead = true
		s.blocks[t] = b
	default:
		delete(s.blocks, t)
		if b.buf != nil {
			b.buf.Free()
		}
	}
}

// claim takes over the block behind a token: it is the caller's alone from now on.
func (s *store) claim(t bt.Token) *disk.Buffer {
	b := s.blocks[t]
	delete(s.blocks, t)
	return b.buf
}

// job has something done by the disk at the end of the turn.
func (l *Loop) job(j disk.Job) { l.store.jobs = append(l.store.jobs, j) }

// submit gives the disk the jobs of the turn.
func (l *Loop) submit() {
	s := &l.store
	if len(s.jobs) > 0 {
		l.disk.Submit(s.jobs)
		clear(s.jobs)
		s.jobs = s.jobs[:0]
	}
}

// supply gives a link a buffer for the block that arrives, or puts it in line for one.
func (l *Loop) supply(k *link) {
	switch s := &l.store; {
	case l.spread.offer != nil && k.size == bt.BlockSize:
		k.buf, l.spread.offer = l.spread.offer, nil
		s.blocks[k.token] = block{buf: k.buf}
	case !s.starved.empty() || !l.take(k):
		s.starved.push(k)
	}
}

// take gets a link a buffer, and tells whether there was one.
func (l *Loop) take(k *link) bool {
	if k.buf = l.store.arriving.Get(); k.buf == nil {
		return false
	}
	l.store.blocks[k.token] = block{buf: k.buf}
	return true
}

// retryStarved gives buffers that are free again to those who waited longest.
func (l *Loop) retryStarved() {
	s := &l.store
	for !s.starved.empty() {
		if k := *s.starved.first(); !k.gone {
			if !l.take(k) {
				return
			}
			l.readers.add(k)
		}
		s.starved.pop()
	}
}

// storeBlock has the disk write a block that has arrived.
func (l *Loop) storeBlock(e *bt.Effect) {
	b := l.store.blocks[e.Token]
	b.busy = true
	l.store.blocks[e.Token] = b
	l.job(disk.Job{Op: disk.Store, Torrent: e.Torrent, Token: e.Token, Block: e.Block, Buf: b.buf})
}

// fetch has a block read, as soon as there is a buffer for it.
func (l *Loop) fetch(e *bt.Effect) {
	s := &l.store
	if s.waiting.empty() && l.startFetch(e) {
		return
	}
	s.blocks[e.Token] = block{}
	s.waiting.push(*e)
}

// startFetch tells whether there was a buffer.
func (l *Loop) startFetch(e *bt.Effect) bool {
	buf := l.store.departing.Get()
	if buf == nil {
		return false
	}
	l.store.blocks[e.Token] = block{buf: buf, busy: true}
	l.job(disk.Job{Op: disk.Fetch, Torrent: e.Torrent, Token: e.Token, Block: e.Block, Buf: buf})
	return true
}

// retryFetches has the blocks read for which there was no buffer.
func (l *Loop) retryFetches() {
	s := &l.store
	for !s.waiting.empty() {
		e := s.waiting.first()
		if _, wanted := s.blocks[e.Token]; wanted && !l.startFetch(e) {
			return
		}
		s.waiting.pop()
	}
}

// takeResults gives the session what the disk has done.
func (l *Loop) takeResults() {
	s := &l.store
	s.results = l.disk.Drain(s.results[:0])
	for i := range s.results {
		l.result(&s.results[i])
	}
	clear(s.results)
}

func (l *Loop) result(r *disk.Result) {
	l.trouble = r.Err
	switch r.Op {
	case disk.Store:
		l.store.claim(r.Token).Free()
		l.handle(bt.Event{Kind: bt.Stored, Token: r.Token, Fault: r.Fault})
	case disk.Fetch:
		l.warn(r)
		l.fetched(r)
	case disk.Verify:
		l.handle(bt.Event{Kind: bt.Verified, Torrent: r.Torrent, Piece: r.Block.Piece, Good: r.Good, Sums: r.Sums, Fault: r.Fault})
	case disk.Passed:
		l.warn(r)
	case disk.Probe:
		l.probed(r)
	}
	l.trouble = nil
}

// warn tells people of a fault that the session does not stall for.
func (l *Loop) warn(r *disk.Result) {
	if r.Fault != bt.OK {
		l.stalled(&bt.Effect{Kind: bt.Stalled, Torrent: r.Torrent, Piece: r.Block.Piece, Fault: r.Fault})
	}
}

// stalled tells people what the disk could not do.
func (l *Loop) stalled(e *bt.Effect) {
	l.log.Warn("disk", "fault", e.Fault.String(), "error", l.trouble)
	l.observe(e, l.trouble)
}

func (l *Loop) fetched(r *disk.Result) {
	s := &l.store
	b := s.blocks[r.Token]
	if b.dead || r.Fault != bt.OK {
		s.claim(r.Token).Free()
	} else {
		b.busy = false
		s.blocks[r.Token] = b
	}
	if !b.dead {
		l.handle(bt.Event{Kind: bt.Fetched, Token: r.Token, Fault: r.Fault})
	}
}
