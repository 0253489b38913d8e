package disk

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"github.com/bits-and-blooms/bitset"

	"peerwire/core/bt"
)

// Torrent is one torrent in one folder, open and locked. Its methods may be called from any goroutine.
type Torrent struct {
	disk   *Disk
	id     bt.TorrentID
	dir    string
	layout Layout
	folder Folder
	files  *files

	wake chan struct{} // holds one: something is to be synced before long
	full chan struct{} // holds one: it is so much that it is to be synced now
	quit chan struct{} // closed by Close
	done chan struct{} // closed when the syncer has ended

	saving sync.Mutex // held while files are synced and the record is saved; taken before mu
	ledger *ledger    // under saving; nil when the record could not be opened

	mu       sync.Mutex
	claims   *bitset.BitSet // verified and synced; what the next record says
	pending  *bitset.BitSet // passed, to be synced
	syncing  *bitset.BitSet // passed, being synced
	unsynced int64          // bytes of the pending pieces
	stamps   []stamp        // of each file, for the record
	written  bool           // something was written: the record on disk says so, or could not be saved
	shrunk   uint64         // counts the claims that were taken back
	admitted uint64         // shrunk as of the record on disk: when they differ, that record may lie
	unsaved  bool           // the record on disk says less than it could
	place    bt.Block       // where writing failed last
	broken   bool           // it did, and no Probe has succeeded since
	warned   string         // the last warning
}

// newTorrent is a torrent of which nothing is known.
func newTorrent(d *Disk, id bt.TorrentID, dir string, l Layout, folder Folder) *Torrent {
	n := uint(l.Geometry.NumPieces())
	t := &Torrent{disk: d, id: id, dir: dir, layout: l, folder: folder,
		wake: make(chan struct{}, 1), full: make(chan struct{}, 1),
		quit: make(chan struct{}), done: make(chan struct{}),
		claims: bitset.New(n), pending: bitset.New(n), syncing: bitset.New(n),
		stamps: make([]stamp, len(l.Files)),
		shrunk: 1} // until Resume or Check, a record on disk is not known to be true
	t.files = newFiles(&t.layout, folder, dir, d.cache)
	return t
}

// lock opens the record and takes its lock, if that was not done.
func (t *Torrent) lock() error {
	t.saving.Lock()
	defer t.saving.Unlock()
	return t.lockHeld()
}

// lockHeld is lock for those who hold saving.
func (t *Torrent) lockHeld() (err error) {
	if t.ledger == nil {
		t.ledger, err = openLedger(&t.layout, t.folder, t.dir)
	}
	return err
}

// abandon gives back what newTorrent and lock took.
func (t *Torrent) abandon() error {
	t.disk.cache.drop(t.files)
	var err error
	if t.ledger != nil {
		err = t.ledger.close()
	}
	return errors.Join(err, t.folder.Close())
}

// Prepare makes what a download must leave though no block of it says so: files without bytes, and the
// right length of files that are too long. Call it after Resume, and only to download.
func (t *Torrent) Prepare() error {
	for i := range t.layout.Files {
		f := &t.layout.Files[i]
		if f.Pad {
			continue
		}
		info, err := t.folder.Stat(t.files.names[i])
		switch {
		case err == nil && !info.Mode().IsRegular():
			return t.files.failed("open", i, errNotRegular)
		case err == nil && info.Size() <= f.Length, errors.Is(err, fs.ErrNotExist) && f.Length > 0:
			continue
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
		if err := t.beginWriting(); err != nil {
			return err
		}
		if err := t.files.trim(i); err != nil {
			return err
		}
	}
	return nil
}

// failedPlace is the block that could not be written last.
func (t *Torrent) failedPlace() bt.Block {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.place
}

// blockFailed notes that a block could not be written, or read.
func (t *Torrent) blockFailed(j *Job, err error) {
	if j.Op == Fetch {
		if !outOfDescriptors(err) {
			t.unclaim(j.Block.Piece)
		}
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.place, t.broken = j.Block, true
}

// probe answers whether the block that could not be written can be now. It writes what is there
// already, so it hurts nothing that was written since; being done by the piece's own writer, it runs beside no other write.
func (w *worker) probe(task *task) {
	t, place := task.t, task.Block
	t.mu.Lock()
	broken := t.broken
	t.mu.Unlock()
	if !broken {
		w.out = append(w.out, task.result(bt.OK, nil))
		return
	}
	err := t.beginWriting()
	if err == nil {
		err = t.files.rewrite(t.layout.Geometry.Offset(place), make([]byte, place.Length), &w.pad)
	}
	if err == nil {
		t.mu.Lock()
		t.broken = t.broken && t.place != place
		t.mu.Unlock()
	}
	w.out = append(w.out, task.result(writeFault(err), err))
}

// Close lets the workers finish what was submitted, syncs what passed, saves the record and gives the
// lock back. When ctx ends first it returns with ctx's error; the rest then goes on by itself as long as
// the process lives. Jobs submitted after Close are refused.
func (t *Torrent) Close(ctx context.Context) error {
	if !t.disk.unregister(t) {
		return fmt.Errorf("disk: torrent %d is closed already", t.id)
	}
	var result error
	if err := await(ctx, func() { result = t.finish() }); err != nil {
		return fmt.Errorf("%s: not all was saved: %w", t.dir, err)
	}
	return result
}

// finish is the work of Close.
func (t *Torrent) finish() error {
	t.disk.settle(t)
	close(t.quit)
	<-t.done
	err := t.sync(true)
	return errors.Join(err, t.abandon())
}

// unregister makes t unknown to Submit, and tells whether it was known.
func (d *Disk) unregister(t *Torrent) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.torrents[t.id] != t {
		return false
	}
	delete(d.torrents, t.id)
	return true
}

// settle waits until every worker has done what was submitted for t; the auditor last, as it has its work from the others.
func (d *Disk) settle(t *Torrent) {
	for _, ws := range [][]*worker{slices.Concat(d.writers, d.readers), {d.auditor}} {
		var wg sync.WaitGroup
		wg.Add(len(ws))
		d.mu.Lock()
		for _, w := range ws {
			w.staged = append(w.staged, task{t: t, done: wg.Done})
			w.push()
		}
		d.mu.Unlock()
		wg.Wait()
	}
}
