package disk

import (
	"time"

	"peerwire/core/bt"
)

// run is the syncer: some time after the first piece passed, or when many have, it makes them durable
// and says so in the record.
func (t *Torrent) run() {
	defer close(t.done)
	for {
		select {
		case <-t.quit:
			return
		case <-t.wake:
		}
		timer := time.NewTimer(t.disk.opt.SyncEvery)
		select {
		case <-t.quit:
			timer.Stop()
			return
		case <-t.full:
		case <-timer.C:
		}
		timer.Stop()
		t.warn(t.Sync())
	}
}

// signal puts one into a channel that holds one.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// warn tells of what keeps pieces from being durable, once.
func (t *Torrent) warn(err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	t.mu.Lock()
	news := text != t.warned
	t.warned = text
	t.mu.Unlock()
	if news && err != nil {
		t.disk.publish([]Result{{Op: Passed, Torrent: t.id, Fault: writeFault(err), Err: err}})
	}
}

// passed takes a piece that is verified.
func (t *Torrent) passed(piece uint32) {
	t.mu.Lock()
	if !t.claims.Test(uint(piece)) && !t.pending.Test(uint(piece)) {
		t.pending.Set(uint(piece))
		t.unsynced += int64(t.layout.Geometry.PieceSize(piece))
	}
	full := t.unsynced >= t.disk.opt.SyncBytes
	t.mu.Unlock()
	signal(t.wake)
	if full {
		signal(t.full)
	}
}

// Sync makes durable now what passed, and saves the record. The error is the first of what kept
// it from that; it is tried again in time.
func (t *Torrent) Sync() error { return t.sync(false) }

// sync is Sync; last says that nothing is written any more.
func (t *Torrent) sync(last bool) error {
	t.saving.Lock()
	defer t.saving.Unlock()
	list, due := t.takePending(last)
	if !due {
		return nil
	}
	synced, err := t.files.sync(list)
	if last {
		t.restamp()
	}
	again := t.settleClaims(synced)
	if saveErr := t.save(last || !t.isWritten()); err == nil {
		err = saveErr
	}
	if again || err != nil {
		t.mu.Lock()
		t.unsaved = true
		t.mu.Unlock()
		if writeFault(err) != bt.ReadOnly { // that does not pass
			signal(t.wake)
		}
	}
	return err
}

// isWritten tells whether there may have been writes.
func (t *Torrent) isWritten() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written
}

// takePending begins the sync of what is pending. It gives the files that must be synced for it, and tells
// whether there is anything to do at all.
func (t *Torrent) takePending(last bool) (list []int, due bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending, t.syncing = t.syncing, t.pending // syncing is empty between two syncs
	t.unsynced = 0
	touched := make([]bool, len(t.layout.Files))
	for i, ok := t.syncing.NextSet(0); ok; i, ok = t.syncing.NextSet(i + 1) {
		for k, end := t.layout.filesOf(uint32(i)); k <= end; k++ {
			if t.layout.Files[k].onDisk() && !touched[k] {
				touched[k] = true
				list = append(list, k)
			}
		}
	}
	return list, t.syncing.Any() || t.unsaved || t.shrunk != t.admitted || last && t.written
}

// settleClaims claims the pieces whose files are synced, and tells whether some are to be tried again.
func (t *Torrent) settleClaims(synced []outcome) (again bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range synced {
		if o.err == nil {
			t.stamps[o.file] = o.stamp
			continue
		}
		t.stamps[o.file] = stamp{} // the next run is to hash it
		for i, end := t.layout.piecesOf(o.file); i <= end; i++ {
			if o.later && t.syncing.Test(uint(i)) {
				t.pending.Set(uint(i))
				again = true
			}
			t.syncing.Clear(uint(i))
			if o.lost {
				t.unclaimHeld(i)
			}
		}
	}
	t.claims.InPlaceUnion(t.syncing)
	t.syncing.ClearAll()
	return again
}

// restamp looks once more at the files that were written to, after the last write. A file that is not to be
// relied on gets no stamp, so that the next run hashes it.
func (t *Torrent) restamp() {
	for i := range t.layout.Files {
		touched, broken := t.files.wasTouched(i)
		if !touched {
			continue
		}
		s := stamp{}
		if !broken {
			s = stampOf(t.folder.Stat(t.files.names[i]))
		}
		t.mu.Lock()
		t.stamps[i] = s
		t.mu.Unlock()
	}
}
