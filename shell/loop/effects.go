package loop

import (
	"peerwire/core/bt"
	"peerwire/shell/disk"
)

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
		l.storeBlock(e)
	case bt.Fetch:
		l.fetch(e)
	case bt.Release:
		l.store.release(e.Token)
	case bt.WantWrite:
		l.wantWrite(e)
	case bt.PauseRead, bt.ResumeRead:
		l.pause(e)
	case bt.Dial:
		l.dial(e)
	case bt.Close:
		l.close(e)
		l.observe(e, nil)
	case bt.Verify:
		l.job(disk.Job{Op: disk.Verify, Torrent: e.Torrent, Block: bt.Block{Piece: e.Piece}, Sums: e.Sums})
	case bt.Passed:
		l.job(disk.Job{Op: disk.Passed, Torrent: e.Torrent, Block: bt.Block{Piece: e.Piece}})
		l.observe(e, nil)
	case bt.Stalled:
		l.failed(e.Torrent)
		l.stalled(e)
	default:
		l.observe(e, nil)
	}
}

func (l *Loop) observe(e *bt.Effect, err error) {
	if l.opt.Observe != nil {
		l.opt.Observe(*e, err)
	}
}
